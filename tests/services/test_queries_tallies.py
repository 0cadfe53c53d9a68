"""Counting in SQL says what the engine says, and what is kept between two looks is what a fresh count gives."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy import delete, insert, select

from engine.rollup import Tally, total
from engine.statuses import PASSED, VOID, Timeliness, WorkStatus
from engine.timeliness import clocks, timeliness
from models.database import Database
from models.reading import tallies as sql
from models.reading.marks import COUNTS, tally_columns
from models.reading.tallies import Period
from models.tables import deadline, participation, step
from services.open_cycles import open_cycles
from services.queries import tallies
from tests.factories import CALENDAR, OFFICER, at, district, festival
from tests.services.foreign import SUPERVISOR
from tests.services.played import Played

TODAY = date(2024, 7, 25)
NOW = at(TODAY)
YEAR = Period(date(2023, 12, 15), date(2024, 12, 14))
DUE = (None, *(TODAY + timedelta(days=n) for n in (-400, -30, -1, 0, 1, 2, 3, 4, 20, 21)))  # 20: the last day of a month
CAME = (None, TODAY - timedelta(days=31), TODAY - timedelta(days=1), TODAY)
S, T = WorkStatus, Timeliness


def situations() -> list[dict[str, object]]:
    """Steps in every status with dates before, on and after everything that matters."""
    rows: list[dict[str, object]] = []
    for number, (status, due_on, came_on) in enumerate(product(S, DUE, CAME), 1000):
        submitted = came_on if status in (S.SUBMITTED, S.DONE) else None
        suspended = came_on if status is S.SUSPENDED else None
        if status in (S.SUBMITTED, S.DONE, S.SUSPENDED) and came_on is None:
            continue
        derived = clocks(status, due_on, submitted_on=submitted, suspended_on=suspended)
        original = due_on - timedelta(days=10) if due_on and number % 3 == 0 else due_on
        always = {"slot": "", "lead": "mttq", "link_approved": [], "draft": {}, "version": 1, "due_version": 1, "flagged": False}
        numbers = {"id": number, "code": f"s{number}", "position": number, "extensions": 0, "round": 0, "link": 0}
        dates = {"due_on": due_on, "planned_on": due_on, "original_due_on": original, "submitted_on": submitted, "suspended_on": suspended}
        rows.append({**always, **numbers, **dates, "status": status.value, "due_at": derived.due_at, "soon_at": derived.soon_at})
    return rows


def expected(row: dict[str, object]) -> Tally:
    """The tally of one step, from the engine's own labels."""
    status, due_on, original = S(str(row["status"])), row["due_on"], row["original_due_on"]
    submitted, suspended = row["submitted_on"], row["suspended_on"]
    label = timeliness(status, due_on, NOW.business, due_at=row["due_at"], soon_at=row["soon_at"], submitted_on=submitted)  # type: ignore[arg-type]
    done = status is S.DONE
    stopped = {S.SUBMITTED: submitted, S.SUSPENDED: suspended}.get(status, TODAY)
    return Tally(
        on_time=label is T.DONE_ON_TIME,
        late=label is T.DONE_LATE,
        within=not done and label is not T.OVERDUE,
        overdue=label is T.OVERDUE,
        soon=label is T.DUE_SOON,
        submitted=status is S.SUBMITTED,
        returned=status is S.RETURNED,
        on_time_original=done and not (original is not None and submitted > original),  # type: ignore[operator]
        overdue_original=not done and original is not None and stopped > original,  # type: ignore[operator]
    )


def stored(db: Database) -> Played:
    """A plan that holds the situations and nothing else."""
    played, rows = Played(db), situations()
    with db.write() as connection:
        for table in (deadline, participation):
            connection.execute(delete(table))
        connection.execute(delete(step))
        connection.execute(insert(step), [{**row, "workflow_id": played.workflow_id, "plan_id": played.plan_id} for row in rows])
    return played


def test_the_columns_of_a_tally_stand_in_its_own_order():
    assert [column.name for column in tally_columns(NOW)] + ["carried"] == [field.name for field in fields(Tally)]


def test_counting_in_sql_says_what_the_engine_says(db: Database):
    stored(db)
    rows = situations()
    query = select(step.c.id, *tally_columns(NOW)).where(COUNTS).group_by(step.c.id)
    with db.read() as connection:
        counted = {id_: Tally(*counts) for id_, *counts in connection.execute(query)}
    wanted = {row["id"]: expected(row) for row in rows if S(str(row["status"])) not in VOID}
    assert counted == wanted
    assert len(counted) > 200


def test_the_months_hold_each_step_where_it_is_due_and_add_up_to_the_year(db: Database):
    played = stored(db)
    with db.read() as connection:
        found = tallies.counted(connection, SUPERVISOR, played.plan_id, YEAR, NOW)
    first_on = played.workflow()["first_on"]  # the day of what has no date
    wanted: dict[int, Tally] = {}
    for row in situations():
        status, day = S(str(row["status"])), row["due_on"] or first_on
        month = YEAR.month(day)  # type: ignore[arg-type]
        if status in VOID or (month == sql.BEFORE and status in PASSED):
            continue
        wanted[month] = wanted.get(month, Tally()) + expected(row) + Tally(carried=int(month == sql.BEFORE))
    assert found.months == wanted
    assert total(found.months.values()) == total(found.cells.values())
    assert {8, 9, sql.BEFORE} < set(found.months)  # 15/07 to 14/08, the next one, and what an earlier year left


def fresh(played: Played, now=NOW) -> dict[tallies.Cell, Tally]:
    """Counted anew, nothing kept."""
    with played.db.read() as connection:
        counted = sql.by_workflow_and_lead(connection, SUPERVISOR, played.plan_id, YEAR, now)
    return {(key_task, lead): Tally(*counts) for _, key_task, lead, counts in counted}


def kept(played: Played, now=NOW) -> dict[tallies.Cell, Tally]:
    """As the overview gets it, without what has become empty."""
    with played.db.read() as connection:
        found = tallies.counted(connection, SUPERVISOR, played.plan_id, YEAR, now)
    assert total(found.months.values()) == total(found.cells.values())
    return {cell: tally for cell, tally in found.cells.items() if tally != Tally()}


def test_what_is_kept_follows_every_action(db: Database):
    played = Played(db)
    now = at(played.day)
    assert kept(played, now) == fresh(played, now)
    for action, slot in (("accept", "huyen-01"), ("submit", "huyen-01"), ("submit", "huyen-02")):
        played.act(district(int(slot[-1])), action, "gop-y", slot)
        assert kept(played, now) == fresh(played, now)
    played.act(OFFICER, "reassign", "gop-y", "huyen-03", payload={"lead": "huyen-01", "reason": "chuyển"})
    played.act(OFFICER, "cancel", "bao-cao", "huyen-02", payload={"reason": "không tổ chức"})
    assert kept(played, now) == fresh(played, now)
    assert total(kept(played, now).values()).on_time == 2


def test_a_day_later_is_counted_anew(sqlite: Database):
    played = Played(sqlite)
    assert total(kept(played, at(date(2024, 7, 31))).values()).overdue < total(kept(played, at(date(2024, 8, 1))).values()).overdue


def test_an_unchanged_workflow_is_not_counted_twice(sqlite: Database, monkeypatch: pytest.MonkeyPatch):
    played = Played(sqlite)
    before = kept(played)
    for name in ("by_workflow_and_lead", "by_workflow_and_month"):
        monkeypatch.setattr(sql, name, lambda *_: pytest.fail("counted again"))
    assert kept(played) == before


def test_counted_all_at_once_or_one_after_the_other_workflows_add_up_to_the_same(sqlite: Database, monkeypatch: pytest.MonkeyPatch):
    played = Played(sqlite, definition=replace(festival(), to=date(2025, 12, 31)))
    now, both = at(date(2025, 8, 1)), Period(YEAR.first, date(2025, 12, 14))
    assert open_cycles(sqlite, now=now, calendar=CALENDAR)
    found = []
    for few in (0, 500):
        monkeypatch.setattr(tallies, "FEW", few)
        again = Database(sqlite.url.render_as_string())  # another process, which has kept nothing
        with again.read() as connection:
            found.append(tallies.counted(connection, SUPERVISOR, played.plan_id, both, now))
        again.close()
    assert found[0] == found[1]
    assert total(found[0].cells.values()).total == 2 * total(kept(played).values()).total


def test_what_an_earlier_year_left_undone_is_carried_over(sqlite: Database):
    played = Played(sqlite)
    now = at(date(2025, 2, 1))
    with sqlite.read() as connection:
        found = tallies.cells(connection, SUPERVISOR, played.plan_id, Period(date(2024, 12, 15), date(2025, 12, 14)), now)
    carried = total(found.values())
    assert carried.overdue == 11
    assert carried.carried == carried.total == 17
