"""What a round says once its corrections are counted in: the round itself stays as it was frozen, a correction stands beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

AREAS = ("evidence", "figures")


def corrected(body: Mapping[str, Any], corrections: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """``body`` of a round with the values of ``corrections`` (``field``, ``new``; oldest first); the given one is left alone."""
    found = {**body, **{area: {code: _copied(value) for code, value in body.get(area, {}).items()} for area in AREAS}}
    for correction in corrections:
        area, _, rest = correction["field"].partition(".")
        if area == "figures":
            found["figures"][rest] = correction["new"]
        elif area == "evidence":
            code, _, part = rest.rpartition(".")
            found["evidence"].setdefault(code, {})[part] = correction["new"]
    return found


def value_of(body: Mapping[str, Any], name: str) -> Any:
    """What ``body`` says under the name of a correction, such as ``evidence.bao-cao.number``, as it is stored; "" if nothing."""
    area, _, rest = name.partition(".")
    if area not in AREAS:
        return ""
    if area == "figures":
        return body.get("figures", {}).get(rest, "")
    code, _, part = rest.rpartition(".")
    return body.get("evidence", {}).get(code, {}).get(part, "")


def of_round(facts: Iterable[Mapping[str, Any]], number: int) -> tuple[Mapping[str, Any], ...]:
    """The ``facts`` that correct the round ``number``, in their order."""
    return tuple(f for f in facts if f["kind"] == "step.corrected" and f.get("round", number) == number)


def _copied(value: Any) -> Any:
    return dict(value) if isinstance(value, dict) else value
