"""The actions that are measured: every unit of a workflow submits with a figure, the standing agency approves each."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.plans import DAY, StepAt, reports_of
from engine.access import Actor
from models.database import Database
from services.act import act
from tests.factories import CALENDAR, OFFICER, at, person

Call = Callable[[], object]


def calls_of(db: Database, workflow_id: int) -> list[Call]:
    """Every action of one workflow as a call without arguments, in order, with version and idempotency key as a page sends them.

    The last approval completes the join, so the summary opens in it.
    """
    calls: list[Call] = []
    for number, step in enumerate(reports_of(db, workflow_id)):
        calls += [_submit(db, person(1000 + number, step.slot), step), _approve(db, step.id)]
    return calls


def _submit(db: Database, actor: Actor, step: StepAt) -> Call:
    def call() -> object:
        payload = {"figures": {"so": 4}, "note": "Đã tổ chức đủ số cuộc"}
        return act(
            db, actor=actor, step_id=step.id, action="submit", payload=payload, expected_version=step.version, key=f"submit-{step.id}",
            now=at(DAY), calendar=CALENDAR,
        )  # fmt: skip

    return call


def _approve(db: Database, step_id: int) -> Call:
    def call() -> object:
        return act(
            db, actor=OFFICER, step_id=step_id, action="approve", payload={"round": 1, "link": 0}, key=f"approve-{step_id}", now=at(DAY),
            calendar=CALENDAR,
        )  # fmt: skip

    return call


def run(calls: list[Call]) -> None:
    """Make the calls."""
    for call in calls:
        call()
