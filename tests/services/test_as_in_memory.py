"""The services do exactly what the engine's rules do in memory: what properties show there is true here."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from engine.decide import HANDLERS, relations_to
from engine.errors import DondocError
from engine.step_state import StepState, from_row
from engine.transitions import Action, rows_from
from models.database import Database
from models.tables import step
from services.open_due import open_due
from tests.databases import sqlite_database
from tests.engine.office import Office
from tests.engine.people import EVERYBODY, PLAN, START, complete, payloads
from tests.engine.test_payloads import NASTY
from tests.factories import CALENDAR, OFFICER, at
from tests.services.played import Played

SAME = (
    "lead", "status", "version", "opened_on", "original_due_on", "due_on", "extensions", "extension", "chosen_on", "round", "link",
    "link_approved", "accepted_by", "submitted_by", "submitted_for", "submitted_on", "approval_due_on", "done_on", "suspended_on",
    "resume_to", "draft",
)  # fmt: skip


def seen(steps: dict[tuple[str, str], StepState]) -> dict[tuple[str, str], dict[str, Any]]:
    """What must be the same of every step."""
    return {place: {name: getattr(s, name) for name in SAME} for place, s in sorted(steps.items())}


def stored(played: Played) -> dict[tuple[str, str], StepState]:
    """The steps as the database holds them."""
    with played.db.read() as connection:
        rows = connection.execute(select(step).where(step.c.workflow_id == played.workflow_id)).mappings()
        return {(row["code"], row["slot"]): from_row(row) for row in rows}


def both(data: st.DataObject, office: Office, played: Played) -> None:
    """One action, or some days, in memory and in the database."""
    if data.draw(st.integers(0, 6)) == 0:
        office.wait(data.draw(st.integers(1, 20)))
        played.day = office.today
        open_due(played.db, played.workflow_id, now=at(played.day), calendar=CALENDAR)
        return
    chosen = data.draw(st.sampled_from(list(office.steps.values())))
    row = data.draw(st.sampled_from([r for r in rows_from(chosen.status) if r.action in HANDLERS]))
    actor = data.draw(st.sampled_from([a for a in EVERYBODY if relations_to(chosen, office.workflow, a) & row.who] or [OFFICER]))
    payload = data.draw(payloads(office, chosen))
    if row.action is Action.CHASE:
        payload = {**payload, "urgent": True}  # the day between two chases is read from the journal, which memory has none of
    outcomes = []
    for attempt in (
        lambda: office.try_(actor, row.action, (chosen.code, chosen.slot), payload),
        lambda: played.act(actor, row.action, chosen.code, chosen.slot, payload=payload),
    ):
        try:
            attempt()
            outcomes.append("done")
        except DondocError as wrong:
            outcomes.append(wrong.code)
    assert outcomes[0] == outcomes[1], (row.action, outcomes)


@settings(max_examples=12, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_same_actions_lead_to_the_same_state(data: st.DataObject) -> None:
    office = Office(PLAN, START)
    with tempfile.TemporaryDirectory() as folder, sqlite_database(Path(folder)) as db:
        played = Played(db, START)
        for _ in range(25):
            both(data, office, played)
        assert seen(stored(played)) == seen(office.steps)
        assert played.workflow()["counts"] == office.counts


def test_a_workflow_finished_in_memory_is_one_that_could_be(sqlite: Database) -> None:
    """The completer that the properties use is no trick of the in-memory office: it starts where the services start."""
    office = Office(PLAN, START)
    assert seen(stored(Played(sqlite, START))) == seen(office.steps)
    complete(office)
    assert not office.unfinished


@pytest.mark.parametrize("key", [None, "k"])
@pytest.mark.parametrize("name", ["text", "round", "link", "note", "urgent"])
def test_nasty_values_are_refused_or_kept_and_never_break_the_service(sqlite: Database, name: str, key: str | None) -> None:
    played = Played(sqlite)
    played.act(OFFICER, "submit", "ke-hoach", payload={"evidence": {"kh": {"number": "1/KH", "date": "2024-05-01"}}})
    for number, value in enumerate(NASTY):
        for actor in (OFFICER, EVERYBODY[2]):
            for action in ("comment", "chase", "approve"):
                payload = {"text": "ý kiến", "round": 7, name: value}
                try:
                    played.act(actor, action, "ke-hoach", payload=payload, key=key and f"{key}{number}{action}{actor.account_id}")
                except DondocError:
                    continue
    assert played.status("ke-hoach") in ("submitted", "done")
