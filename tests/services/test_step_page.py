"""The page of one step, beyond what its parts say for themselves."""

from __future__ import annotations

from datetime import date

from engine.turns import Clock
from models.database import Database
from services.queries.step_page import step_page
from services.queries.units import unit_names
from tests.factories import OFFICER, at, district
from tests.services.played import Played
from tests.services.test_act import through_plan


def test_a_late_step_says_whose_days_they_are(db: Database) -> None:
    played = Played(db)
    through_plan(played)
    slot = "huyen-01"  # due on 16/05
    played.day = date(2024, 5, 16)
    played.act(district(1), "submit", "ke-hoach-huyen", slot)
    played.day = date(2024, 5, 20)
    played.act(OFFICER, "return", "ke-hoach-huyen", slot, payload={"reason": "thiếu", "redo_on": "2024-05-21"})
    now = at(date(2024, 5, 24))
    page = step_page(db, OFFICER, played.step("ke-hoach-huyen", slot)["id"], now, unit_names(db, now.today))
    assert page.detail is not None and page.detail.late == 3
    assert [(s.clock, s.holder, s.days) for s in page.detail.shares] == [(Clock.LEAD, slot, 3)]


def test_a_step_in_time_asks_for_nobodys_days(sqlite: Database) -> None:
    played = Played(sqlite)
    through_plan(played)
    now = at(date(2024, 5, 3))
    page = step_page(sqlite, OFFICER, played.step("ke-hoach-huyen", "huyen-01")["id"], now, unit_names(sqlite, now.today))
    assert page.detail is not None and page.detail.shares == ()
