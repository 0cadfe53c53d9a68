"""The overview: one set of numbers everywhere, who must move next, what falls due."""

from datetime import date
from decimal import Decimal

import pytest

from engine.errors import NotFound
from engine.rollup import total
from models.database import Database
from services.queries.movers import movers
from services.queries.overview import overview
from tests.factories import CALENDAR, MEMBER, OFFICER, at, district
from tests.services.foreign import STRANGER, SUPERVISOR
from tests.services.played import Played

HANDED_IN = {"evidence": {"kh": {"number": "12/KH", "date": "2024-05-02"}}}


@pytest.fixture
def played(db: Database) -> Played:
    found = Played(db)
    found.people(OFFICER, MEMBER, *(district(n) for n in (1, 2, 3)))
    return found


def test_every_total_is_the_sum_of_what_it_stands_for(played: Played):
    played.act(district(1), "submit", "gop-y", "huyen-01")
    found = overview(played.db, SUPERVISOR, at(date(2024, 8, 20)))
    assert found
    cells = [cell for row in found.rows for cell in row.cells if cell]
    assert sum(c.total for c in cells) == found.tally.total
    assert sum(c.overdue for c in cells) == sum(row.late for row in found.rows) == sum(c.late for c in found.columns) == found.tally.overdue
    assert found.tally.on_time == 1
    assert [month.number for month in found.months] == list(range(1, 13))
    assert total(month.tally for month in found.months) == found.tally
    assert found.tally.on_time_rate == Decimal(100) / (1 + found.tally.overdue) // Decimal("0.01") * Decimal("0.01")


def test_the_unit_with_most_overdue_steps_stands_on_top(played: Played):
    played.act(district(1), "submit", "gop-y", "huyen-01")
    found = overview(played.db, SUPERVISOR, at(date(2024, 8, 2)))
    assert found
    assert [(row.unit, row.late) for row in found.rows][:4] == [("cong-an-tinh", 1), ("huyen-02", 1), ("huyen-03", 1), ("ban-chi-dao", 0)]


def test_units_beyond_the_last_row_are_summed(played: Played, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("services.queries.overview.MOST_UNITS", 2)
    found = overview(played.db, SUPERVISOR, at(date(2024, 8, 20)))
    assert found
    assert (len(found.rows), found.rows[-1].unit, found.hidden) == (3, "", 5)
    assert sum(row.late for row in found.rows) == found.tally.overdue


def test_who_holds_up_others_moves_first(played: Played):
    with played.db.read() as connection:
        found, more = movers(connection, SUPERVISOR, played.plan_id, at(date(2024, 8, 19)))
    assert (len(found), more) == (4, False)
    assert (found[0].unit, found[0].step.code) == ("cong-an-tinh", "ke-hoach")  # every unit's own plan waits for it
    assert found[0].blocks > 0
    assert (found[0].since, found[0].days) == (date(2024, 6, 20), 60)
    assert {m.step.code for m in found[1:]} == {"gop-y"}


def test_a_late_approver_must_move_not_the_unit(played: Played):
    played.act(OFFICER, "submit", "ke-hoach", payload=HANDED_IN)
    due = CALENDAR.add(played.day, 3)
    with played.db.read() as connection:
        found, _ = movers(connection, SUPERVISOR, played.plan_id, at(date(2024, 5, 20)))
    assert len(found) == 1
    assert (found[0].unit, found[0].approves, found[0].since) == ("ban-chi-dao", True, due)


def test_a_chase_of_today_shows_beside_the_name(played: Played):
    now = at(date(2024, 8, 5))
    played.day = now.today
    played.act(OFFICER, "chase", "gop-y", "huyen-02")
    with played.db.read() as connection:
        chased = {m.unit: m.chased_at for m in movers(connection, SUPERVISOR, played.plan_id, now)[0]}
        tomorrow = {m.unit: m.chased_at for m in movers(connection, SUPERVISOR, played.plan_id, at(date(2024, 8, 6)))[0]}
    assert chased["huyen-02"] == now.business
    assert chased["huyen-03"] is None
    assert tomorrow["huyen-02"] is None


def test_the_next_fortnight_by_day(played: Played):
    found = overview(played.db, SUPERVISOR, at(date(2024, 7, 25)))
    assert found
    assert [(d.day, d.steps) for d in found.days] == [(date(2024, 7, 31), 3)]
    thing = found.days[0].things[0]
    assert (thing.steps, thing.leads, thing.units) == (3, 3, ())


def test_one_or_two_units_of_a_day_are_named(played: Played):
    played.act(district(1), "submit", "gop-y", "huyen-01")
    found = overview(played.db, SUPERVISOR, at(date(2024, 7, 25)))
    assert found
    assert found.days[0].things[0].units == ("huyen-02", "huyen-03")


def test_the_year_is_administrative_and_stays_within_the_plan(played: Played):
    found = overview(played.db, SUPERVISOR, at(date(2024, 7, 25)))
    assert found
    assert (found.year, found.first, found.last) == (2024, date(2023, 12, 15), date(2024, 12, 14))
    beyond = overview(played.db, SUPERVISOR, at(date(2024, 7, 25)), year=1999)
    assert beyond
    assert beyond.year == found.years[0]


def test_without_a_plan_there_is_nothing_to_show(sqlite: Database, played: Played):
    assert overview(played.db, STRANGER, at(played.day)) is None
    with pytest.raises(NotFound):
        overview(played.db, SUPERVISOR, at(played.day), plan_id=99)
