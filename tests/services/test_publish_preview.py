"""What the preview of publishing says is what publishing does; and nothing is written or sent before it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.access import SYSTEM
from models.database import Database
from models.tables import metadata, notice, step, workflow
from services.open_cycles import open_cycles
from services.publish import publish
from services.publish_preview import NOW, Publishing, publishing_preview
from tests.factories import CALENDAR, ISSUED, at, festival
from tests.services.mailing import EVERYONE, HOURS, Mailing

MID_YEAR = date(2024, 7, 10)


class Later(Mailing):
    """An office with people in which the festival of another number is about to be published in mid-plan."""

    def __init__(self, db: Database) -> None:
        super().__init__(db)
        self.day = MID_YEAR
        tracked = replace(festival(), number="2/KH-TEST", tracked_from=date(2024, 6, 25))
        task = replace(tracked.key_tasks[0], code="NV9")
        self.coming = replace(tracked, key_tasks=(task,))

    def preview(self) -> Publishing:
        """What publishing it now would bring about."""
        return publishing_preview(self.db, self.coming, now=at(MID_YEAR), calendar=CALENDAR, hours=HOURS)

    def counts(self) -> dict[str, Any]:
        """How many rows each table has."""
        with self.db.read() as connection:
            return {t.name: connection.execute(select(func.count()).select_from(t)).scalar_one() for t in metadata.sorted_tables}


@pytest.fixture
def office(db: Database) -> Later:
    return Later(db)


def test_nothing_is_written_and_nothing_leaves(office: Later) -> None:
    before = office.counts()
    assert office.preview().lines
    assert office.counts() == before
    assert office.way.mails == []


def test_what_was_shown_is_what_happens(office: Later) -> None:
    shown = office.preview()
    plan_id = publish(office.db, office.coming, now=at(MID_YEAR), actor=SYSTEM)
    made = open_cycles(office.db, now=at(MID_YEAR), calendar=CALENDAR)
    assert len(made) == shown.running == shown.workflows == 1
    with office.db.read() as connection:
        rows = list(connection.execute(select(step).where(step.c.plan_id == plan_id)).mappings())
        assert connection.execute(select(workflow.c.id).where(workflow.c.plan_id == plan_id)).scalars().all() == made
    assert Counter((line.unit, line.on) for line in shown.lines) == Counter((r["lead"], r["due_on"] or r["planned_on"]) for r in rows)
    assert shown.states["prior"] == sum(r["status"] == "prior" for r in rows) > 0
    assert shown.states["not-applicable"] == sum(r["status"] == "not-applicable" for r in rows)
    today = [r for r in rows if r["status"] == "open" and not (r["due_on"] and r["due_on"] < MID_YEAR)]
    assert shown.states[NOW] == len(today) > 0
    assert shown.states["late"] == sum(bool(r["due_on"]) and r["due_on"] < MID_YEAR for r in rows if r["status"] in ("open", "waiting"))

    new = [n for n in office.notices() if n["plan_id"] == plan_id]
    assert new
    office.morning(MID_YEAR)
    with office.db.read() as connection:
        about = set(connection.execute(select(notice.c.id).where(notice.c.plan_id == plan_id)).scalars())
    told = {(t["notice_id"], t["account_id"]) for t in office.told() if t["notice_id"] in about and t["state"] in ("carried", "deferred")}
    assert len([m for m in shown.mails if m.on == MID_YEAR]) == len(told)
    assert {m.account_id for m in shown.mails} <= {person.account_id for person in EVERYONE}


def test_prior_steps_are_never_born_overdue_and_make_no_mail(office: Later) -> None:
    prior = {(line.number, line.unit) for line in office.preview().lines if line.state == "prior"}
    assert (1, "cong-an-tinh") in prior  # the festival plan, T-60
    assert not any("bước 1" in mail.place for mail in office.preview().mails)


def test_in_an_empty_installation_nobody_hears(db: Database) -> None:
    found = publishing_preview(db, festival(), now=at(ISSUED), calendar=CALENDAR, hours=HOURS)
    assert found.lines and not found.mails


def test_units_of_one_step_are_gathered_and_none_is_left_out(office: Later) -> None:
    found = office.preview()
    assert tuple(replace(line, unit=unit) for line, units in found.gathered for unit in units) == found.lines
    assert all(line.unit == units[0] for line, units in found.gathered)
    assert len(found.gathered) < len(found.lines)
