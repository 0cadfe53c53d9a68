"""Past days told again from journal and ledger (`engine.as_of` holds the rules): the stories of every step of some workflows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping

from engine.as_of import Line, Said, Story, View
from engine.definition import Text
from engine.errors import Invalid
from engine.instants import Now, end_of_day
from engine.statuses import VOID, WorkStatus
from models.reading import as_of as sql
from services.attribution import about, last_taken_back
from services.journaling import stream_of

WORK = frozenset({"submitted_on", "done_on", "suspended_on"})  # what is left of it in a void step means nothing
COLUMNS = ("status", "lead", "due_on", "original_due_on", "extensions", "submitted_on", "done_on", "suspended_on", "round")


@dataclass(frozen=True, slots=True)
class Past:
    """A past day and how it is told; ``until``: the instant at which it is looked at."""

    day: date
    view: View
    until: datetime


def stories(connection: Connection, workflow_ids: Collection[int]) -> dict[int, tuple[RowMapping, Story]]:
    """The step as stored and its story, by step id."""
    by_workflow: dict[int, dict[int, RowMapping]] = defaultdict(dict)
    for row in sql.steps(connection, workflow_ids):
        by_workflow[row["workflow_id"]][row["id"]] = row
    journals: dict[str, list[Any]] = defaultdict(list)
    for entry in sql.entries(connection, [stream_of(id_) for id_ in workflow_ids]):
        journals[entry.stream].append(entry)
    ledgers: dict[int, list[Line]] = defaultdict(list)
    for line in sql.ledgers(connection, workflow_ids):
        ledgers[line.step_id].append(Line(line.kind, line.due_on, line.at))
    found = {}
    for workflow_id, steps in by_workflow.items():
        said = _said(journals[stream_of(workflow_id)], steps)
        for id_, row in steps.items():
            found[id_] = (row, Story(said[id_], ledgers[id_], row["lead"], WorkStatus(row["status"])))
    return found


def differences(connection: Connection, workflow_id: int, now: datetime) -> list[tuple[RowMapping, str]]:
    """(step, what) where telling the journal up to ``now`` leads elsewhere than the stored columns."""
    found = []
    for row, story in stories(connection, [workflow_id]).values():
        told = story.standing(now, View.KNOWN)
        for name in COLUMNS:
            means_something = name not in WORK or told.status not in VOID
            if means_something and row[name] != getattr(told, name):
                found.append((row, f"{name} is {row[name]}, told again it is {getattr(told, name)}"))
    return found


def instant_of(day: date, now: Now) -> datetime:
    """The instant at which ``day`` is looked at: its last one, or the present. Raises Invalid for a day to come."""
    if day > now.today:
        raise Invalid(Text("Ngày chưa đến.", "That day has not come yet."), code="future", field="as_of")
    return min(now.business, end_of_day(day) - timedelta(microseconds=1))


def _said(entries: list[Any], steps: Mapping[int, RowMapping]) -> dict[int, list[Said]]:
    """What each entry says of each step that it is about."""
    taken_back = last_taken_back(entries)
    found: dict[int, list[Said]] = defaultdict(list)
    for entry in entries:
        facts: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
        for fact in entry.body["facts"]:
            for id_ in about(fact, entry, steps, taken_back):
                facts[id_].append(fact)
        after = entry.body.get("after")
        if after and entry.step_id is not None:
            facts.setdefault(entry.step_id, [])
        for id_, told in facts.items():
            own = after and id_ == entry.step_id
            found[id_].append(Said(entry.at, tuple(told), WorkStatus(after["status"]) if own else None))
    return found
