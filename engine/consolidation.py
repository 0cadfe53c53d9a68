"""The figures of a fan-out added up: a missing value is never a zero, and each unit counts once.

What a consolidating step takes over is frozen with what it was made of (its *basis*), so that a later correction shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.definition import Figure
from engine.figures import NUMERIC, number_of
from engine.numbers import stored, total
from engine.reporting import Sum
from engine.standings import Reported, Standing


@dataclass(frozen=True, slots=True)
class Total:
    """One figure over all units. ``sum`` and ``approved`` (the part that is approved) are None where nothing adds up, or nothing is there.

    ``reported`` of ``expected`` units gave a value; ``missing``: slots of the others.
    """

    figure: Figure
    sum: Decimal | None
    approved: Decimal | None
    reported: int
    expected: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A value that is not what a consolidation used. ``old`` or ``new`` None: it was, or is now, missing."""

    source: str
    slot: str
    figure: str
    old: Any
    new: Any


def totals(figures: Iterable[Figure], reports: Mapping[str, Reported]) -> tuple[Total, ...]:
    """Each of ``figures`` over ``reports`` (by slot); what is not applicable or cancelled is not expected."""
    live = {slot: r for slot, r in reports.items() if r.standing is not Standing.VOID}
    return tuple(_total(figure, live) for figure in figures)


def missing(reports: Mapping[str, Reported]) -> tuple[str, ...]:
    """The slots from which a report is expected and none stands."""
    return tuple(slot for slot, r in reports.items() if r.standing is not Standing.VOID and not r.counts)


def consolidated(sums: Sequence[Sum], reports: Mapping[str, Mapping[str, Reported]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(figures, basis) of a step that consolidates ``reports`` (source step → slot → report).

    A figure that no unit gave is left out. The basis holds, for each source, every unit's round with the values used, who is missing,
    and the sums.
    """
    sources = dict.fromkeys(s.source for s in sums)
    basis = {source: _basis(reports[source], [s.figure for s in sums if s.source == source]) for source in sources}
    figures = {s.code: sum_of(basis, s) for s in sums}
    return {code: value for code, value in figures.items() if value is not None}, basis


def sum_of(basis: Mapping[str, Any], consolidated_as: Sum) -> int | str | None:
    """What one sum was when the ``basis`` was made; None where no unit gave a value."""
    found: int | str | None = basis.get(consolidated_as.source, {}).get("sums", {}).get(consolidated_as.figure)
    return found


def changes(basis: Mapping[str, Any], reports: Mapping[str, Mapping[str, Reported]]) -> tuple[Change, ...]:
    """Where ``reports`` (source step → slot → report) are no longer what ``basis`` used: corrected, handed in again, late, withdrawn."""
    found = []
    for source, frozen in basis.items():
        for slot, report in reports.get(source, {}).items():
            used = frozen["units"].get(slot, {}).get("figures", {})
            now = {code: report.figures.get(code) for code in frozen["figures"]} if report.counts else {}
            found += [
                Change(source, slot, code, used.get(code), now.get(code))
                for code in frozen["figures"]
                if used.get(code) != now.get(code)
            ]  # fmt: skip
    return tuple(found)


def _total(figure: Figure, reports: Mapping[str, Reported]) -> Total:
    given = {slot: r for slot, r in reports.items() if r.counts and r.figures.get(figure.code) is not None}
    adds = figure.sum and figure.type in NUMERIC and bool(given)
    values = {slot: number_of(r.figures[figure.code]) for slot, r in given.items()} if adds else {}
    approved = [value for slot, value in values.items() if given[slot].standing is Standing.APPROVED]
    return Total(
        figure,
        total(values.values()) if adds else None,
        total(approved) if adds else None,
        len(given),
        len(reports),
        tuple(slot for slot in reports if slot not in given),
    )


def _basis(reports: Mapping[str, Reported], figures: list[str]) -> dict[str, Any]:
    units: dict[str, dict[str, Any]] = {
        slot: {"round": r.round, "figures": {code: r.figures[code] for code in figures if r.figures.get(code) is not None}}
        for slot, r in reports.items()
        if r.counts
    }
    values = {code: [number_of(u["figures"][code]) for u in units.values() if code in u["figures"]] for code in figures}
    sums = {code: stored(total(found)) for code, found in values.items() if found}
    return {"figures": figures, "units": units, "missing": list(missing(reports)), "sums": sums}
