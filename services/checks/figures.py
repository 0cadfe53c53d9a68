"""Checks of what was consolidated: each unit once, what its rounds said, and sums that add up."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row

from engine.errors import DondocError
from engine.figures import number_of
from engine.numbers import stored, total
from engine.standings import Told, tell
from models import figures as sql
from services.checks.findings import Broken
from services.checks.workflows import Whole

Said = Mapping[tuple[str, int], list[Mapping[str, Any]]]
"""(slot, round) → every version of the round's figures: as handed in, then after each correction."""


def consolidated_once(connection: Connection, whole: Whole, about: Collection[int]) -> Iterator[Broken]:
    """What the workflow's consolidating steps among ``about`` took over, in their drafts and in their rounds."""
    codes = [code for code, sums in whole.workflow.sums.items() if sums]
    ids = {s["id"] for s in whole.steps if s["code"] in codes} & set(about)
    steps = [s for s in sql.consolidating(connection, whole.id, codes) if s.id in ids] if ids else []
    sources = {source for s in steps for basis in _bases(s) for source in basis}
    said: Mapping[str, Said] = _said(connection, whole, sources) if sources else {}
    for step in steps:
        for basis in _bases(step):
            for source, used in basis.items():
                for what in _faults(used, said.get(source, {})):
                    yield Broken("figures", f"{step.code} {step.slot} used {source}: {what}", whole.id, step.id)


def _bases(step: Row[Any]) -> list[dict[str, Any]]:
    found = ((body or {}).get("consolidated") for body in (step.draft, step.body))
    return [basis for basis in found if basis]


def _said(connection: Connection, whole: Whole, codes: Collection[str]) -> Mapping[str, Said]:
    rows = sql.sources(connection, whole.id, codes)
    ids = [r.id for r in rows]
    places = {r.id: (r.code, r.slot) for r in rows}
    found: dict[str, dict[tuple[str, int], list[Mapping[str, Any]]]] = {code: {} for code in codes}
    for r in rows:
        found[r.code][r.slot, 0] = []
    for round_ in sql.rounds(connection, ids):
        code, slot = places[round_.step_id]
        found[code][slot, round_.number] = [round_.body.get("figures", {})]
    for id_, told in _told(sql.entries(connection, ids)).items():
        code, slot = places[id_]
        for t in told:
            versions = found[code].get((slot, t.round), [])
            if t.kind == "step.corrected" and versions:
                versions.append({**versions[-1], t.field: t.new})
    return found


def _told(entries: Sequence[Row[Any]]) -> dict[int, tuple[Told, ...]]:
    by_step: dict[int, list[Any]] = {}
    for entry in entries:
        by_step.setdefault(entry.step_id, []).append((entry.at, entry.body))
    return {id_: tell(bodies) for id_, bodies in by_step.items()}


def _faults(used: Mapping[str, Any], said: Said) -> Iterator[str]:
    units, slots = used["units"], {slot for slot, _ in said}
    for slot in sorted(set(units) & set(used["missing"])):
        yield f"{slot} counts and is missing"
    for slot in sorted((set(units) | set(used["missing"])) - slots):
        yield f"{slot} has no such step"
    for slot, unit in units.items():
        versions = [{c: v.get(c) for c in used["figures"] if v.get(c) is not None} for v in said.get((slot, unit["round"]), [])]
        if unit["figures"] not in versions:
            yield f"{slot} never said {unit['figures']} in round {unit['round']}"
    for code in used["figures"]:
        try:
            values = [number_of(u["figures"][code]) for u in units.values() if code in u["figures"]]
        except DondocError as wrong:
            yield f"{code}: {wrong.text.en}"
            continue
        if used["sums"].get(code) != (stored(total(values)) if values else None):
            yield f"{code} is {used['sums'].get(code)}, its units say {values}"
