"""Checks of the outbox: every fact has told whom the policy names, once, and nobody was told without a fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import RowMapping

from notifications.keys import fact_key, rung_key
from notifications.policy import rules_for
from services.checks.findings import Broken

NEWER = "passed-over"  # of several rungs due together only the latest has a fact


def expected_keys(bodies: Iterable[dict[str, Any]]) -> dict[str, tuple[int | None, str]]:
    """The keys of the notices that journal entries make, each with its step (None for a whole fan-out) and stream."""
    keys: dict[str, tuple[int | None, str]] = {}
    for body in bodies:
        for number, fact in enumerate(body["facts"]):
            about = fact.get("step", None if "code" in fact else body.get("step"))
            if fact["kind"] == "step.rung":
                keys[rung_key(fact["step"], fact["rung"], fact["due_version"])] = (about, body["stream"])
            for rule in rules_for(fact["kind"]):
                keys[fact_key(body["stream"], body["seq"], number, rule.kind)] = (about, body["stream"])
    return keys


def as_policy(expected: dict[str, tuple[int | None, str]], stored: Sequence[RowMapping]) -> Iterator[Broken]:
    """The notices are those that the facts make: none is missing, none came from nowhere."""
    found = {n["key"]: n for n in stored}
    for key in sorted(expected.keys() - found.keys()):
        step, stream = expected[key]
        yield Broken("notices", f"the notice {key} is missing", _workflow_of(stream), step)
    for key in sorted(found.keys() - expected.keys()):
        notice = found[key]
        if notice["rung"] is None or notice["state"] != NEWER:
            yield Broken("notices", f"the notice {key} comes from no fact", _workflow_of(notice["stream"]), notice["step_id"])


def once(stored: Sequence[RowMapping]) -> Iterator[Broken]:
    """Nobody is told the same thing twice under two keys."""
    about = [_about(n) for n in stored]
    times = Counter(about)
    for notice, what_about in zip(stored, about, strict=True):
        if times[what_about] > 1:
            what = f"the notice {notice['key']} is not the only one of its kind"
            yield Broken("once", what, _workflow_of(notice["stream"]), notice["step_id"])


def _about(notice: RowMapping) -> tuple[Any, ...]:
    """What makes two notices the same to whoever reads them."""
    if notice["rung"] is not None:
        return notice["step_id"], notice["rung"], notice["due_version"]
    return tuple(map(notice.__getitem__, ("stream", "seq", "kind", "audience", "unit", "step_id", "step_code")))


def _workflow_of(stream: str) -> int | None:
    kind, _, number = stream.partition(":")
    return int(number) if kind == "workflow" else None
