"""Past days told again: as known then they are what was stored then; as corrected they know better."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from engine.as_of import Standing, View
from engine.decide import HANDLERS, relations_to
from engine.errors import DondocError
from engine.instants import end_of_day
from engine.transitions import Action, rows_from
from models.database import Database
from models.tables import step
from services.as_of import COLUMNS, differences, stories
from services.open_due import open_due
from tests.databases import sqlite_database
from tests.engine.office import Office
from tests.engine.people import EVERYBODY, PLAN, START, payloads
from tests.factories import CALENDAR, MEMBER, OFFICER, OTHER_OFFICER, at, district
from tests.services.played import Played
from tests.services.test_act import NUMBERED, through_plan

OWN, SLOT = "ke-hoach-huyen", "huyen-01"
Stored = dict[int, dict[str, Any]]


def stored(played: Played) -> Stored:
    """The columns that a past day is told in, as they are stored now."""
    with played.db.read() as connection:
        rows = connection.execute(select(step).where(step.c.workflow_id == played.workflow_id)).mappings()
        return {row["id"]: {name: row[name] for name in COLUMNS} for row in rows}


def told(played: Played, day: date, view: View = View.KNOWN) -> Stored:
    """The same told again for the end of ``day``."""
    until = end_of_day(day) - timedelta(microseconds=1)
    with played.db.read() as connection:
        found = stories(connection, [played.workflow_id])
    return {id_: {name: getattr(story.standing(until, view), name) for name in COLUMNS} for id_, (_, story) in found.items()}


def on(played: Played, day: date, view: View, code: str = OWN, slot: str = SLOT) -> Standing:
    with played.db.read() as connection:
        _, story = stories(connection, [played.workflow_id])[played.step(code, slot)["id"]]
    return story.standing(end_of_day(day) - timedelta(microseconds=1), view)


def something(data: st.DataObject, office: Office, played: Played) -> None:
    """One action that somebody may take on the step as it is stored; refusals change nothing."""
    place = data.draw(st.sampled_from(list(office.steps)))
    now = office.steps[place]
    row = data.draw(st.sampled_from([r for r in rows_from(now.status) if r.action in HANDLERS]))
    actor = data.draw(st.sampled_from([a for a in EVERYBODY if relations_to(now, office.workflow, a) & row.who] or [OFFICER]))
    payload = data.draw(payloads(office, now)) | ({"urgent": True} if row.action is Action.CHASE else {})
    if row.action is Action.CORRECT:
        payload["field"] = data.draw(st.sampled_from(["submitted_on", "done_on", "extension"]))
    try:
        played.act(actor, row.action, *place, payload=payload)
        office.try_(actor, row.action, place, payload)
    except DondocError:
        return


@settings(max_examples=15, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_day_as_known_then_is_what_was_stored_then(data: st.DataObject) -> None:
    office, days = Office(PLAN, START), {}
    with tempfile.TemporaryDirectory() as folder, sqlite_database(Path(folder)) as db:
        played = Played(db, START)
        for _ in range(12):
            for _ in range(data.draw(st.integers(1, 4))):
                something(data, office, played)
            days[played.day] = stored(played)
            office.wait(data.draw(st.integers(1, 12)))
            played.day = office.today
            open_due(played.db, played.workflow_id, now=at(played.day), calendar=CALENDAR)
        for day, then in days.items():
            assert told(played, day) == then, day
        with db.read() as connection:
            assert differences(connection, played.workflow_id, at(played.day).business) == []


@pytest.fixture
def late(db: Database) -> Played:
    """The first district's plan was due on 16/05 and came on 20/05."""
    played = Played(db)
    through_plan(played)
    played.day = date(2024, 5, 20)
    played.act(district(1), "submit", OWN, SLOT)
    return played


def test_a_corrected_day_of_submission_is_known_only_as_corrected(late: Played) -> None:
    late.day = date(2024, 5, 27)
    late.act(OFFICER, "correct", OWN, SLOT, payload={"field": "submitted_on", "value": "2024-05-15", "reason": "gõ nhầm"})
    between = date(2024, 5, 17)
    assert (on(late, between, View.KNOWN).status, on(late, between, View.CORRECTED).status) == ("open", "submitted")
    at_ = end_of_day(between)
    assert (on(late, between, View.KNOWN).tally(at_).overdue, on(late, between, View.CORRECTED).tally(at_).overdue) == (1, 0)
    assert on(late, date(2024, 5, 21), View.KNOWN).submitted_on == date(2024, 5, 20)
    assert on(late, date(2024, 5, 21), View.CORRECTED).submitted_on == date(2024, 5, 15)
    assert on(late, date(2024, 5, 14), View.CORRECTED).status == "open"


def test_paper_counts_from_its_date_as_corrected_and_from_its_entry_as_known(db: Database) -> None:
    played = Played(db)
    through_plan(played)
    played.day = date(2024, 5, 20)
    paper = {"number": "4/BC", "date": "2024-05-15", "signer": "Chủ tịch"}
    played.act(OFFICER, "record", OWN, SLOT, payload=paper)
    played.day = date(2024, 5, 24)
    played.act(OTHER_OFFICER, "record", OWN, SLOT, payload={**paper, "date": "2024-05-21"})
    days = [date(2024, 5, d) for d in (14, 16, 22, 24)]
    seen = [(on(played, day, View.KNOWN).status, on(played, day, View.CORRECTED).status) for day in days]
    assert seen == [("open", "open"), ("open", "submitted"), ("submitted", "done"), ("done", "done")]


def test_an_extension_by_mistake_never_was_as_corrected(db: Database) -> None:
    played = Played(db)
    through_plan(played)
    played.act(OFFICER, "grant-extension", OWN, SLOT, payload={"until": "2024-08-28"})
    played.day = date(2024, 5, 20)
    played.act(OFFICER, "correct", OWN, SLOT, payload={"field": "extension", "value": "2024-05-16", "reason": "nhầm bước"})
    then = date(2024, 5, 18)
    known, better = on(played, then, View.KNOWN), on(played, then, View.CORRECTED)
    assert (known.due_on, known.extensions, known.tally(end_of_day(then)).overdue) == (date(2024, 8, 28), 1, 0)
    assert (better.due_on, better.extensions, better.tally(end_of_day(then)).overdue) == (date(2024, 5, 16), 0, 1)


def test_who_led_then(db: Database) -> None:
    played = Played(db)
    through_plan(played)
    played.day = date(2024, 5, 6)
    played.act(OFFICER, "reassign", OWN, SLOT, payload={"lead": "mttq", "reason": "chuyển"})
    assert [on(played, date(2024, 5, d), View.KNOWN).lead for d in (5, 6)] == [SLOT, "mttq"]


def test_a_step_taken_back_and_opened_again_is_told_as_it_went(db: Database) -> None:
    played = Played(db)
    through_plan(played)
    played.day = date(2024, 5, 6)
    played.act(OFFICER, "reopen", "ke-hoach", payload={"reason": "sai số"})
    played.day = date(2024, 5, 8)
    played.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    played.act(MEMBER, "approve", "ke-hoach")
    assert [on(played, date(2024, 5, d), View.KNOWN).status for d in (5, 7, 8)] == ["open", "waiting", "open"]
    assert [on(played, date(2024, 5, d), View.KNOWN, "ke-hoach", "").status for d in (5, 7, 8)] == ["done", "in-progress", "done"]
