"""The counts behind the overview, kept between two looks: only workflows whose journal has moved are counted again.

A count changes in two ways: by an action, which adds to the workflow's journal, and by midnight. So the counts of a workflow hold as
long as its last journal number and the day do. That keeps the page's cost to what changed, however large the plan has grown.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from operator import add, sub
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from engine.access import Actor
from engine.instants import Now
from engine.rollup import Tally
from models.reading import tallies as sql
from models.reading.tallies import Counts, Period

Cell = tuple[str, str]  # part (a key task, "" for plan-level, AD_HOC), lead unit
Part = dict[Cell | int, Counts]  # by cell, and by month
KEPT = 8  # plans, periods and days remembered per database
NONE: Counts = (0,) * len(fields(Tally))
FEW = 500  # more changed workflows than this are cheaper counted all at once


@dataclass
class _Kept:
    """``parts``: what each workflow contributes, so that it can be taken out again. ``moved``: where all journals together stood."""

    moved: tuple[int, int] | None = None
    seqs: dict[int, int] = field(default_factory=dict)
    parts: dict[int, Part] = field(default_factory=dict)
    sums: Part = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counted:
    """The same steps twice: by key task and lead unit, and by the administrative month in which they are due."""

    cells: dict[Cell, Tally]
    months: dict[int, Tally]


_KEPT: WeakKeyDictionary[Engine, OrderedDict[tuple[int, Period, date], _Kept]] = WeakKeyDictionary()
_LOCK = Lock()


def cells(connection: Connection, viewer: Actor, plan_id: int, period: Period, now: Now) -> dict[Cell, Tally]:
    """Tallies by key task and lead unit of the period's steps, and of what earlier ones left undone."""
    return counted(connection, viewer, plan_id, period, now).cells


def counted(connection: Connection, viewer: Actor, plan_id: int, period: Period, now: Now) -> Counted:
    """Tallies of the period's steps, and of what earlier ones left undone.

    Who does not read everything gets a count of their own, which is not kept.
    """
    if not viewer.reads_everything:
        return _apart(_summed(_counted(connection, viewer, plan_id, period, now, None)))
    with _LOCK:
        kept = _kept(connection.engine, (plan_id, period, now.today))
        _refresh(kept, connection, viewer, plan_id, period, now)
        return _apart(kept.sums)


def _apart(sums: Part) -> Counted:
    cells_ = {key: Tally(*counts) for key, counts in sums.items() if isinstance(key, tuple)}
    return Counted(cells_, {key: Tally(*counts) for key, counts in sums.items() if isinstance(key, int)})


def _kept(engine: Engine, key: tuple[int, Period, date]) -> _Kept:
    memory = _KEPT.setdefault(engine, OrderedDict())
    found = memory.setdefault(key, _Kept())
    memory.move_to_end(key)
    while len(memory) > KEPT:
        memory.popitem(last=False)
    return found


def _refresh(kept: _Kept, connection: Connection, viewer: Actor, plan_id: int, period: Period, now: Now) -> None:
    moved = sql.moved(connection, viewer, plan_id)  # read first: what changes after it is counted now and once more next time
    if moved == kept.moved:
        return
    seqs = sql.seqs(connection, viewer, plan_id)
    changed = {workflow for workflow, seq in seqs.items() if kept.seqs.get(workflow) != seq}
    parts = _counted(connection, viewer, plan_id, period, now, changed if len(changed) <= FEW else None) if changed else {}
    if len(changed) > FEW:
        kept.parts, kept.sums = parts, _summed(parts)
    else:
        for workflow in changed:
            _replace(kept, workflow, parts.get(workflow, {}))
    kept.seqs, kept.moved = seqs, moved


def _replace(kept: _Kept, workflow: int, part: Part) -> None:
    for key, counts in kept.parts.get(workflow, {}).items():
        kept.sums[key] = tuple(map(sub, kept.sums[key], counts))
    for key, counts in part.items():
        kept.sums[key] = tuple(map(add, kept.sums.get(key, NONE), counts))
    kept.parts[workflow] = part


def _counted(
    connection: Connection, viewer: Actor, plan_id: int, period: Period, now: Now, workflows: Iterable[int] | None
) -> dict[int, Part]:
    parts: dict[int, Part] = defaultdict(dict)
    ids = None if workflows is None else sorted(workflows)
    for workflow, key_task, lead, counts in sql.by_workflow_and_lead(connection, viewer, plan_id, period, now, ids):
        parts[workflow][key_task, lead] = counts
    for workflow, month, counts in sql.by_workflow_and_month(connection, viewer, plan_id, period, now, ids):
        parts[workflow][month] = counts
    return parts


def _summed(parts: dict[int, Part]) -> Part:
    found: dict[Cell | int, list[Counts]] = defaultdict(list)
    for part in parts.values():
        for key, counts in part.items():
            found[key].append(counts)
    return {key: tuple(map(sum, zip(*rows, strict=True))) for key, rows in found.items()}
