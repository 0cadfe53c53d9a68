"""Whose late days they are, worked out from a workflow's journal and ledgers (`engine.attribution` holds the rules)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping

from engine.approval import chain
from engine.attribution import History, LateDay, Place, late_days
from engine.compiled import CompiledWorkflow
from engine.definition import ApprovalLink
from engine.instants import Now, local_day
from engine.statuses import PASSED, VOID, WorkStatus
from engine.timeliness import days_late
from engine.turns import UNITS_CHANGED, Clock, Event, Turn, turns
from models.reading import turns as sql
from services.definitions import workflow_of
from services.journaling import stream_of

S = WorkStatus
ALWAYS = (Turn(date.min, Clock.ENDED),)  # steps that were void when the workflow opened


@dataclass(frozen=True, slots=True)
class Attributed:
    """The late days of a step against the date that holds and against its first one."""

    current: tuple[LateDay, ...]
    original: tuple[LateDay, ...]


class Attribution:
    """A workflow's late days; its journal is read once. ``workflow``: its compiled definition."""

    def __init__(self, connection: Connection, workflow_id: int, workflow: CompiledWorkflow, now: Now) -> None:
        self.workflow, self.now, self._connection = workflow, now, connection
        self.steps: dict[int, RowMapping] = {row["id"]: row for row in sql.steps(connection, workflow_id)}
        events = _events(sql.entries(connection, stream_of(workflow_id)), self.steps)
        dates: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
        for line in sql.ledgers(connection, list(self.steps)):
            dates[line.step_id].append((local_day(line.at), line.due_on))
        self.histories: dict[Place, History] = {
            (row["code"], row["slot"]): History(self._turns(row, events[id_]), tuple(dates[id_]), row["position"])
            for id_, row in self.steps.items()
        }

    def of(self, step_id: int) -> Attributed:
        """The late days of one step; none for a void one."""
        row = self.steps[step_id]
        return Attributed(self._days(row, row["due_on"]), self._days(row, row["original_due_on"]))

    def _days(self, row: RowMapping, due_on: date | None) -> tuple[LateDay, ...]:
        if S(row["status"]) in VOID:
            return ()
        late = days_late(due_on, stopped_on(row), self.now.today)
        until = due_on.fromordinal(due_on.toordinal() + late) if due_on else self.now.today
        return late_days((row["code"], row["slot"]), self.histories, self.workflow, due_on=due_on, until=until)

    def _turns(self, row: RowMapping, events: Sequence[Event]) -> tuple[Turn, ...]:
        if all(event.kind == UNITS_CHANGED for event in events) and S(row["status"]) in PASSED:
            return ALWAYS

        def chain_of(lead: str, version: int | None) -> tuple[ApprovalLink, ...]:
            workflow = self._by(version)
            return chain(workflow.steps[row["code"]], lead, workflow.plan)

        return turns(events, lead=row["lead"], agency_of=lambda version: self._by(version).plan.standing_agency, chain_of=chain_of)

    def _by(self, version: int | None) -> CompiledWorkflow:
        """The workflow as a version of the plan had it; None for the present one."""
        if version is None:
            return self.workflow
        named = {"version_id": version, "key_task": self.workflow.key_task or "", "code": self.workflow.definition.code}
        return workflow_of(self._connection, named)


def stopped_on(row: RowMapping) -> date | None:
    """The day on which the unit's clock stopped; None while it runs."""
    found: date | None = row["suspended_on"] if row["status"] == S.SUSPENDED else row["submitted_on"]
    return found


def _events(entries: Sequence[Any], steps: Mapping[int, RowMapping]) -> dict[int, list[Event]]:
    """The facts about each step, in the journal's order."""
    taken_back = last_taken_back(entries)
    found: dict[int, list[Event]] = defaultdict(list)
    for entry in entries:
        day = local_day(entry.at)
        for fact in entry.body["facts"]:
            for id_ in about(fact, entry, steps, taken_back):
                found[id_].append(Event(day, fact["kind"], fact))
    return found


def about(fact: Mapping[str, Any], entry: Any, steps: Mapping[int, RowMapping], taken_back: Mapping[int, int]) -> Iterator[int]:
    """The steps that a fact is about: one, or those of a fan-out that it opened."""
    if "step" in fact:
        yield fact["step"]
    elif fact["kind"] == UNITS_CHANGED:
        yield from steps
    elif "code" in fact:
        for id_, row in steps.items():
            opened_then = row["opened_seq"] == entry.seq or entry.seq < taken_back.get(id_, 0)
            if row["code"] == fact["code"] and opened_then:
                yield id_
    elif entry.step_id is not None:
        yield entry.step_id


def last_taken_back(entries: Sequence[Any]) -> dict[int, int]:
    """The entry that last made a step wait again: what opened its fan-out before then opened it too."""
    return {fact["step"]: entry.seq for entry in entries for fact in entry.body["facts"] if fact["kind"] == "step.waiting-again"}
