"""Closing a cycle: what is open is carried over, cancelled or left; ladders stop, figures freeze; and the way back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.cycle_close import Decision, Disposition
from engine.errors import DondocError, Invalid, InvalidFields, KeyReused, NotFound, Refused
from engine.rollup import total
from models.database import Database
from models.reading.overdue import Wanted
from models.reading.tallies import Period
from models.tables import deadline, journal_entry, notice, step
from services.act import act
from services.close_cycle import Closed, close_cycle, seen_of
from services.flow_view import flow_view
from services.invariants import violations
from services.open_due import open_all_due
from services.queries import tallies
from services.queries.overdue import overdue_page
from services.queries.step_page import step_page
from services.queries.units import unit_names
from services.reopen_cycle import reopen_cycle
from services.sweep import sweep
from services.verify_journal import verify
from tests.factories import CALENDAR, COMMITTEE, FRONT, OFFICER, at, district, person
from tests.services.played import Played
from tests.services.test_act import through_plan

D = Disposition
END = date(2024, 12, 20)
YEAR, NEXT = Period(date(2024, 1, 1), date(2024, 12, 31)), Period(date(2025, 1, 1), date(2025, 12, 31))


@pytest.fixture
def played(db: Database) -> Played:
    """The province's plan is approved; one district's plan is done, one submitted, one late; a year has passed."""
    played = Played(db)
    played.people(OFFICER, FRONT, district(1), district(2), district(3))
    through_plan(played)
    played.day = date(2024, 5, 14)
    played.act(district(1), "submit", "ke-hoach-huyen", "huyen-01")
    played.act(OFFICER, "approve", "ke-hoach-huyen", "huyen-01")
    played.act(district(2), "submit", "ke-hoach-huyen", "huyen-02")
    played.day = END
    open_all_due(db, now=at(END), calendar=CALENDAR)
    sweep(db, now=at(END), calendar=CALENDAR)
    return played


def close(played: Played, decisions: dict[int, Decision] | None = None, **more: Any) -> Closed:
    more = {"reason": "Kết thúc năm", "actor": OFFICER, "key": "close-1", "now": at(END), "calendar": CALENDAR, **more}
    return close_cycle(played.db, played.workflow_id, decisions or {}, **more)


def counted(db: Database, period: Period, day: date = END) -> Any:
    with db.read() as connection:
        return total(tallies.cells(connection, OFFICER, 1, period, at(day)).values())


def whole(db: Database, day: date = END) -> None:
    assert violations(db, now=at(day), calendar=CALENDAR) == []
    assert verify(db).faults == ()


def test_what_is_open_gets_its_default_and_everything_else_stands_still(played: Played) -> None:
    done = close(played)
    assert done.decided == {"carry": 1, "next": 0, "cancel": 0, "leave": 14}
    assert played.step("ke-hoach-huyen", "huyen-02")["closed_on"] is None  # with its approver
    late = played.step("ke-hoach-huyen", "huyen-03")
    assert (late["closed_on"], late["status"], late["next_rung_at"], late["clock_holder"]) == (END, "open", None, None)
    assert played.workflow()["closed_at"] is not None and played.workflow()["finished_at"] is None
    whole(played.db)


def test_counts_agree_right_before_and_after_and_nothing_is_carried_into_the_next_year(played: Played) -> None:
    before, later = counted(played.db, YEAR), counted(played.db, NEXT)
    close(played, {played.step("ke-hoach-huyen", "huyen-02")["id"]: Decision(D.LEAVE, "thôi")})
    after = counted(played.db, YEAR)
    names = ("total", "completed", "on_time", "late", "within", "overdue", "overdue_original", "submitted")
    assert [getattr(after, n) for n in names] == [getattr(before, n) for n in names]
    assert later.carried > 0 and counted(played.db, NEXT).carried == 0
    assert counted(played.db, YEAR, END + timedelta(days=400)) == counted(played.db, YEAR)  # frozen


def test_no_ladder_runs_and_what_waited_to_leave_is_not_said(played: Played) -> None:
    close(played)
    with played.db.read() as connection:
        told = set(connection.execute(select(notice.c.id)).scalars())
    much_later = at(END + timedelta(days=60))
    sweep(played.db, now=much_later, calendar=CALENDAR)
    with played.db.read() as connection:
        new = connection.execute(select(notice.c.step_id).where(notice.c.id.not_in(told))).scalars().all()
    assert set(new) <= {played.step("ke-hoach-huyen", "huyen-02")["id"]}
    assert overdue_page(played.db, OFFICER, much_later, Wanted()).total == 0


def test_a_closed_step_refuses_every_action_and_says_why(played: Played) -> None:
    close(played)
    for action, code, slot, payload in (
        ("correct", "ke-hoach", "", {"field": "submitted_on", "value": "2024-05-01", "reason": "x"}),
        ("submit", "ke-hoach-huyen", "huyen-03", {}),
        ("reopen", "ke-hoach-huyen", "huyen-01", {"reason": "x"}),
        ("cancel", "bao-cao", "huyen-01", {"reason": "x"}),
    ):
        with pytest.raises(Refused) as why:
            played.act(OFFICER, action, code, slot, payload=payload)
        assert why.value.code == "closed" and "20/12/2024" in why.value.text.vi
    page = step_page(played.db, OFFICER, played.step("ke-hoach")["id"], at(END), unit_names(played.db, END))
    assert page.offers is not None and page.offers.can == () and not page.offers.elsewhere


def test_what_is_carried_over_runs_on_by_its_new_date_and_ends_the_flow_run(played: Played) -> None:
    late, until = played.step("ke-hoach-huyen", "huyen-03"), date(2025, 1, 31)
    submitted = played.step("ke-hoach-huyen", "huyen-02")
    close(played, {late["id"]: Decision(D.CARRY, "Làm tiếp", until), submitted["id"]: Decision(D.CANCEL, "Bỏ")})
    now = played.step("ke-hoach-huyen", "huyen-03")
    assert (now["due_on"], now["previous_due_on"], now["original_due_on"]) == (until, late["due_on"], late["original_due_on"])
    with played.db.read() as connection:
        kinds = connection.execute(select(deadline.c.kind).where(deadline.c.step_id == late["id"]).order_by(deadline.c.due_version))
        assert kinds.scalars().all()[-1] == "carried"
    assert counted(played.db, NEXT).within == 1
    whole(played.db)
    view = flow_view(played.db, played.workflow_id, now=at(END))
    assert view is not None and not view.finished and view.state_name == "Chờ huyen-03" and view.overdue == 0
    played.day = date(2025, 1, 20)
    played.act(district(3), "submit", "ke-hoach-huyen", "huyen-03")
    played.act(OFFICER, "approve", "ke-hoach-huyen", "huyen-03")
    done = flow_view(played.db, played.workflow_id, now=at(played.day))
    assert done is not None and done.finished
    assert played.status("to-chuc", "huyen-03") == "waiting"  # it was left: nothing opens it any more
    whole(played.db, played.day)


def test_a_join_waits_no_more_for_what_was_left_and_opens_when_it_is_carried(played: Played) -> None:
    joined = played.step("so-bo")
    assert joined["status"] == "waiting"
    close(played, {joined["id"]: Decision(D.CARRY, "Tổng hợp phần đã có", date(2025, 1, 31))})
    assert played.status("so-bo") == "open"
    whole(played.db)
    reopen_cycle(played.db, played.workflow_id, reason="nhầm", actor=OFFICER, key="r", now=at(END), calendar=CALENDAR)
    assert played.status("so-bo") == "waiting"
    whole(played.db)


def test_what_is_carried_may_not_wait_for_what_its_unit_leaves(played: Played) -> None:
    waiting = played.step("to-chuc", "huyen-03")
    with pytest.raises(InvalidFields) as wrong:
        close(played, {waiting["id"]: Decision(D.CARRY, "x", date(2025, 1, 31))})
    assert set(wrong.value.problems) == {f"decision.{waiting['id']}"}
    assert played.workflow()["closed_at"] is None


def test_everything_wrong_is_said_at_once_and_nothing_is_written(played: Played) -> None:
    late, other = played.step("ke-hoach-huyen", "huyen-03"), played.step("gop-y", "huyen-01")
    decisions = {late["id"]: Decision(D.CARRY, "x", date(2024, 1, 1)), other["id"]: Decision(D.NEXT, "x")}
    before = played.workflow()["seq"]
    with pytest.raises(InvalidFields) as wrong:
        close(played, decisions)
    assert set(wrong.value.problems) == {f"until.{late['id']}", f"decision.{other['id']}"}
    with pytest.raises(InvalidFields) as reasons:
        close(played, reason="  ")
    assert all(name.startswith("reason.") for name in reasons.value.problems)
    assert played.workflow()["seq"] == before


def test_twice_under_one_key_is_once_and_what_was_not_seen_is_refused(played: Played) -> None:
    first = close(played)
    assert close(played) == Closed(played.workflow_id, first.decided, replayed=True)
    with pytest.raises(KeyReused):
        close(played, reason="khác")
    with pytest.raises(Refused):
        close(played, key="close-2")
    with pytest.raises(NotFound):
        close_cycle(played.db, 999, {}, reason="x", actor=OFFICER, key="n", now=at(END), calendar=CALENDAR)


def test_a_step_that_moved_since_the_preview_stops_the_closing(played: Played) -> None:
    with played.db.read() as connection:
        from models.closing import open_steps

        seen = seen_of(open_steps(connection, [played.workflow_id]))
    played.act(OFFICER, "approve", "ke-hoach-huyen", "huyen-02")
    with pytest.raises(Invalid) as changed:
        close(played, seen=seen)
    assert changed.value.code == "preview-changed" and played.workflow()["closed_at"] is None


def test_only_the_standing_agency_closes(played: Played) -> None:
    for somebody in (district(1), person(9, COMMITTEE), person(10, roles=("supervisor",))):
        with pytest.raises(DondocError) as refused:
            close(played, actor=somebody)
        assert refused.value.code == "relation"


def test_reopening_gives_every_clock_back(played: Played) -> None:
    rows = {s["id"]: s for s in steps_of(played)}
    close(played, {played.step("ke-hoach-huyen", "huyen-02")["id"]: Decision(D.LEAVE, "x")})
    again = reopen_cycle(played.db, played.workflow_id, reason="Kết sổ nhầm", actor=OFFICER, key="r1", now=at(END), calendar=CALENDAR)
    assert reopen_cycle(
        played.db, played.workflow_id, reason="Kết sổ nhầm", actor=OFFICER, key="r1", now=at(END), calendar=CALENDAR
    ).replayed
    assert again.decided["leave"] == 15
    columns = ("status", "due_on", "due_at", "soon_at", "clock_holder", "closed_on", "approval_due_at")
    for found in steps_of(played):
        assert [found[c] for c in columns] == [rows[found["id"]][c] for c in columns], found["code"]
    whole(played.db)
    played.act(district(3), "submit", "ke-hoach-huyen", "huyen-03")
    with pytest.raises(Refused):
        reopen_cycle(played.db, played.workflow_id, reason="x", actor=OFFICER, key="r2", now=at(END), calendar=CALENDAR)


def test_each_step_tells_its_reason_in_the_journal(played: Played) -> None:
    late = played.step("ke-hoach-huyen", "huyen-03")
    close(played, {late["id"]: Decision(D.CANCEL, "Huyện đã sáp nhập kế hoạch")})
    with played.db.read() as connection:
        said = connection.execute(select(journal_entry.c.action, journal_entry.c.text).where(journal_entry.c.step_id == late["id"])).all()
    assert ("cancel", "Huyện đã sáp nhập kế hoạch") in [tuple(row) for row in said]
    act_on = played.step("ke-hoach-huyen", "huyen-03")
    assert act_on["status"] == "cancelled"


def steps_of(played: Played) -> list[Any]:
    with played.db.read() as connection:
        return list(connection.execute(select(step).where(step.c.workflow_id == played.workflow_id).order_by(step.c.id)).mappings())


def test_a_late_approval_of_something_carried_still_counts_by_its_day(played: Played) -> None:
    close(played)
    submitted = played.step("ke-hoach-huyen", "huyen-02")
    done = act(played.db, actor=OFFICER, step_id=submitted["id"], action="approve", now=at(END + timedelta(days=9)), calendar=CALENDAR)
    assert done.status == "done" and counted(played.db, YEAR, END + timedelta(days=9)).on_time == counted(played.db, YEAR).on_time
    whole(played.db, END + timedelta(days=9))
