"""A change of the calendar: shown first, applied exactly so, one gathered mail to each who is concerned, whole after a kill."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import RowMapping, select

from engine.access import SYSTEM, Actor
from engine.calendar import WorkCalendar
from engine.calendar_proposal import Proposal
from engine.definition import CalendarOverride
from engine.errors import Invalid, InvalidFields, KeyReused
from models.calendar import count_moved
from models.database import Database
from models.tables import calendar_change, calendar_day, deadline, journal_entry, notice, step
from services.calendar_change import Applied, Preview, apply, propose, read_additions, read_removal
from services.calendar_settle import settle
from services.open_cycles import open_cycles
from services.publish import publish
from services.sweep import sweep
from services.verify_journal import verify
from services.working_days import keep_calendar, office_calendar
from tests.factories import MEMBER, OFFICER, at, district, person
from tests.services.mailing import Mailing
from tests.services.test_act import NUMBERED

KEEPER = person(301, roles=("administrator",))
DOCUMENT = "Thông báo 6150/TB-BLĐTBXH"
DUE = date(2024, 7, 31)  # of gop-y, one for each district; a Wednesday


class Office(Mailing):
    """The festival, and the calendar of its office; ``proposed`` is what the library proposes."""

    proposed: tuple[CalendarOverride, ...] = ()

    def __init__(self, db: Database) -> None:
        super().__init__(db)
        self.people(KEEPER)

    def proposing(self) -> tuple[CalendarOverride, ...]:
        """What the library proposes when it is asked."""
        return self.proposed

    def form(self, **fields: str) -> Proposal:
        """What somebody typed, read."""
        return read_additions(self.db, {"document": DOCUMENT, **fields}, now=self.now(), proposed=self.proposing)

    def propose(self, **fields: str) -> Preview:
        """The preview of what somebody typed."""
        return propose(self.db, self.form(**fields), now=self.now(), proposed=self.proposing)

    def apply(
        self, proposal: Proposal | None = None, *, key: str = "k", seen: str | None = None, actor: Actor = KEEPER, **fields: str
    ) -> Applied:
        """Agree to it."""
        given = proposal or self.form(**fields)
        return apply(self.db, given, actor=actor, key=key, now=self.now(), proposed=self.proposing, seen=seen)

    def remove(self, day: date, key: str = "r") -> Applied:
        """Take a recorded day back."""
        return self.apply(read_removal(self.db, {"day": day.isoformat(), "document": DOCUMENT}), key=key)

    @property
    def calendar(self) -> WorkCalendar:
        """The calendar in force."""
        return office_calendar(self.db, self.proposing)

    def due(self) -> dict[tuple[str, str], date | None]:
        """The date of every step."""
        with self.db.read() as connection:
            return {(row.code, row.slot): row.due_on for row in connection.execute(select(step.c.code, step.c.slot, step.c.due_on))}

    def ledger(self, code: str, slot: str = "") -> list[RowMapping]:
        """The deadline ledger of a step."""
        own = self.step(code, slot)["id"]
        query = select(deadline).where(deadline.c.step_id == own).order_by(deadline.c.due_version)
        with self.db.read() as connection:
            return list(connection.execute(query).mappings())

    def change(self) -> RowMapping:
        """The last change of the calendar."""
        with self.db.read() as connection:
            return connection.execute(select(calendar_change).order_by(calendar_change.c.id.desc()).limit(1)).mappings().one()

    def days_of(self, code: str) -> list[date]:
        """The dates of every step with this code, in all workflows."""
        with self.db.read() as connection:
            return list(connection.execute(select(step.c.due_on).where(step.c.code == code).order_by(step.c.id)).scalars())

    def shifted(self) -> int:
        """Notices about shifted dates."""
        return len(self.notices(kind="due-shifted"))


@pytest.fixture
def office(db: Database) -> Office:
    return Office(db)


def test_the_preview_lists_every_date_that_moves_and_applying_moves_exactly_those(office: Office) -> None:
    before = office.due()
    preview = office.propose(off_from="2024-07-31")
    listed = {(line.lead, line.kind, line.old, line.new) for line in preview.lines}
    assert listed == {(f"huyen-{n:02}", "due", DUE, date(2024, 8, 1)) for n in (1, 2, 3)}
    assert office.due() == before  # nothing was written

    assert office.apply(off_from="2024-07-31", seen=preview.seen).moved == 3
    after = office.due()
    assert {place for place in before if before[place] != after[place]} == {("gop-y", f"huyen-{n:02}") for n in (1, 2, 3)}
    assert after["gop-y", "huyen-01"] == date(2024, 8, 1)


def test_a_make_up_day_moves_dates_forward(office: Office) -> None:
    office.day = date(2024, 6, 3)
    office.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    office.act(MEMBER, "approve", "ke-hoach")  # opens the districts' plans: ten working days, until 17/06
    preview = office.propose(make_up="2024-06-08")
    assert {(line.lead, line.old, line.new) for line in preview.lines} == {
        (f"huyen-{n:02}", date(2024, 6, 17), date(2024, 6, 14)) for n in (1, 2, 3)
    }
    assert office.apply(make_up="2024-06-08", seen=preview.seen).moved == 3
    assert office.step("ke-hoach-huyen", "huyen-02")["due_on"] == date(2024, 6, 14)


def test_what_a_change_leaves_behind(office: Office) -> None:
    was = office.step("gop-y", "huyen-01")
    office.apply(off_from="2024-07-31")
    now, (first, shift) = office.step("gop-y", "huyen-01"), office.ledger("gop-y", "huyen-01")
    assert (now["original_due_on"], now["previous_due_on"], now["due_on"]) == (DUE, DUE, date(2024, 8, 1))
    assert (now["due_version"], now["version"]) == (was["due_version"] + 1, was["version"] + 1)
    assert now["due_at"] > was["due_at"] and now["soon_at"] > was["soon_at"]
    assert (first["kind"], first["due_on"]) == ("original", DUE)
    assert (shift["kind"], shift["due_on"], shift["document"]) == ("shift", date(2024, 8, 1), DOCUMENT)
    change = office.change()
    assert (change["kind"], change["document"], change["moved"]) == ("recorded", DOCUMENT, 3)
    assert change["days"] == [{"day": "2024-07-31", "before": None, "after": False}]
    assert change["finished_at"] is not None
    with office.db.read() as connection:
        entries = list(
            connection.execute(select(journal_entry).where(journal_entry.c.action.in_(("change-calendar", "shift-dates")))).mappings()
        )
    streams = {entry["stream"]: entry["body"]["facts"] for entry in entries}
    assert streams["office"][0]["kind"] == "calendar.changed"
    assert {(fact["kind"], fact["was"], fact["until"]) for fact in streams[f"workflow:{office.workflow_id}"]} == {
        ("step.due-shifted", "2024-07-31", "2024-08-01")
    }
    assert not verify(office.db).faults


def test_who_is_concerned_gets_one_gathered_mail_with_all_of_it(office: Office) -> None:
    office.morning(date(2024, 5, 3))  # what opened is told and out of the way
    office.way.mails.clear()
    office.day = date(2024, 5, 6)
    office.apply(off_from="2024-07-31", off_to="2024-08-01")
    assert office.deliver().sent == 0  # nothing leaves by itself
    office.morning(date(2024, 5, 7))
    sent = {mail["To"].split("<")[-1].rstrip(">"): mail for mail in office.way.mails}
    assert sorted(sent) == [f"a{200 + n}@example.vn" for n in (1, 2, 3)]
    text = sent["a201@example.vn"].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Hạn chuyển theo lịch làm việc" in text
    assert "Hạn 02/08/2024 (trước là 31/07/2024)" in text
    assert DOCUMENT in text
    assert len(office.way.mails) == 3
    office.morning(date(2024, 5, 8))
    assert len(office.way.mails) == 3


def test_running_twice_moves_nothing_twice(office: Office) -> None:
    office.apply(off_from="2024-07-31")
    office.apply(office_form(office, "2024-07-31"), key="k")
    settle(office.db, now=office.now(), calendar=office.calendar)
    assert len(office.ledger("gop-y", "huyen-01")) == 2
    assert office.shifted() == 3
    assert office.change()["moved"] == 3


def office_form(office: Office, day: str) -> Proposal:
    """The same proposal as it was read before the day was recorded."""
    return Proposal((CalendarOverride(date.fromisoformat(day), False, DOCUMENT),), (), DOCUMENT)


def test_a_key_that_comes_with_another_change_is_refused(office: Office) -> None:
    office.apply(off_from="2024-07-31")
    with pytest.raises(KeyReused):
        office.apply(off_from="2024-08-05", key="k")


class Killed(RuntimeError):
    """The process ends here."""


def test_killed_midway_it_goes_on_where_it_stopped(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    second = replace(office.definition, number="2/KH-TEST")
    publish(office.db, second, now=office.now(), actor=SYSTEM)
    assert len(open_cycles(office.db, now=office.now(), calendar=office.calendar)) == 1
    written: list[int] = []

    def dies(connection: Any, change_id: int, number: int) -> None:
        """Everything of the second workflow has been written, nothing of it is kept."""
        if written:
            raise Killed
        written.append(number)
        count_moved(connection, change_id, number)

    monkeypatch.setattr("models.calendar.count_moved", dies)
    with pytest.raises(Killed):
        office.apply(off_from="2024-07-31")
    assert (office.change()["moved"], office.change()["finished_at"]) == (3, None)
    assert sorted(office.days_of("gop-y")) == [DUE] * 3 + [date(2024, 8, 1)] * 3
    monkeypatch.undo()

    assert settle(office.db, now=office.now(), calendar=office.calendar) == 3
    assert office.days_of("gop-y") == [date(2024, 8, 1)] * 6
    assert office.change()["moved"] == 6 and office.change()["finished_at"] is not None
    assert office.shifted() == 6
    assert not verify(office.db).faults


def test_days_recorded_between_preview_and_consent_are_shown_again(office: Office) -> None:
    preview = office.propose(off_from="2024-07-31")
    office.act(district(1), "submit", "gop-y", "huyen-01")  # nobody confirms it: done
    with pytest.raises(Invalid) as refused:
        office.apply(off_from="2024-07-31", seen=preview.seen)
    assert refused.value.code == "preview-changed"
    assert office.ledger("gop-y", "huyen-02")[-1]["kind"] == "original"


def test_two_who_record_the_same_day_the_second_is_told(office: Office) -> None:
    given = office.form(off_from="2024-07-31")
    office.apply(given, key="a")
    with pytest.raises(InvalidFields) as refused:
        office.apply(given, key="b", actor=OFFICER)
    assert "off_from" in refused.value.problems


def test_chosen_days_and_granted_extensions_stay(office: Office) -> None:
    office.act(district(1), "request-extension", "gop-y", "huyen-01", payload={"until": "2024-08-02", "reason": "mưa lũ"})
    office.act(OFFICER, "grant-extension", "gop-y", "huyen-01", payload={"until": "2024-08-02"})
    preview = office.propose(off_from="2024-07-31", off_to="2024-08-02")
    assert {line.lead for line in preview.lines} == {"huyen-02", "huyen-03"}
    office.apply(off_from="2024-07-31", off_to="2024-08-02")
    assert office.step("gop-y", "huyen-01")["due_on"] == date(2024, 8, 2)
    assert office.step("gop-y", "huyen-02")["due_on"] == date(2024, 8, 5)


def test_a_day_taken_back_brings_the_dates_back(office: Office) -> None:
    office.apply(off_from="2024-07-31")
    assert office.remove(date(2024, 7, 31)).moved == 3
    assert office.step("gop-y", "huyen-01")["due_on"] == DUE
    assert [line["kind"] for line in office.ledger("gop-y", "huyen-01")] == ["original", "shift", "shift"]
    assert office.calendar.is_working(date(2024, 7, 31))


def test_a_suspended_step_gets_its_days_again_after_a_change(office: Office) -> None:
    office.day = date(2024, 7, 1)
    office.act(OFFICER, "suspend", "gop-y", "huyen-01", payload={"reason": "chờ"})
    office.day = date(2024, 7, 4)
    office.act(OFFICER, "resume", "gop-y", "huyen-01")  # three working days: 05/08
    assert office.step("gop-y", "huyen-01")["due_on"] == date(2024, 8, 5)
    office.apply(off_from="2024-08-01")
    assert office.step("gop-y", "huyen-01")["due_on"] == date(2024, 8, 6)
    settle(office.db, now=office.now(), calendar=office.calendar)
    assert office.step("gop-y", "huyen-01")["due_on"] == date(2024, 8, 6)


def test_the_approvers_date_moves_from_the_day_the_link_began(office: Office) -> None:
    office.day = date(2024, 6, 18)
    office.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    assert office.step("ke-hoach")["approval_due_on"] == date(2024, 6, 21)
    preview = office.propose(off_from="2024-06-19")
    assert [(line.kind, line.old, line.new) for line in preview.lines] == [("approval", date(2024, 6, 21), date(2024, 6, 24))]
    office.apply(off_from="2024-06-19", seen=preview.seen)
    assert office.step("ke-hoach")["approval_due_on"] == date(2024, 6, 24)
    assert [n["audience"] for n in office.notices(kind="approval-shifted")] == ["approver"]


def test_reminders_follow_the_calendar_though_the_date_stays(office: Office) -> None:
    calendar, due = office.calendar, date(2024, 6, 20)
    sweep(office.db, now=at(date(2024, 6, 14)), calendar=calendar)  # the next is D-3, on Monday 17/06
    office.day = date(2024, 6, 14)
    office.apply(off_from="2024-06-17", off_to="2024-06-18")
    assert office.step("ke-hoach")["due_on"] == due
    sweep(office.db, now=at(date(2024, 6, 14), 10), calendar=office.calendar)
    assert office.step("ke-hoach")["next_rung_at"] is not None
    sweep(office.db, now=at(date(2024, 6, 21), 0), calendar=office.calendar)
    sent = [n["rung"] for n in office.notices(step_id=office.step("ke-hoach")["id"]) if n["rung"]]
    assert len(sent) == len(set(sent))


def test_a_reminder_that_falls_on_a_later_day_now_is_not_sent_again(office: Office) -> None:
    own = office.step("gop-y", "huyen-01")["id"]
    sweep(office.db, now=at(date(2024, 7, 26), 8), calendar=office.calendar)  # Friday: three working days are left
    office.day = date(2024, 7, 26)
    office.apply(make_up="2024-07-27")  # from Saturday it would be three once more
    for day in (27, 29, 30, 31):
        sweep(office.db, now=at(date(2024, 7, day), 8), calendar=office.calendar)
    assert sorted(n["rung"] for n in office.notices(step_id=own) if n["rung"]) == ["D", "D-1", "D-3", "D-7"]


def test_a_library_proposes_and_the_office_keeps(office: Office) -> None:
    holiday = CalendarOverride(date(2024, 9, 2), False, "thư viện")
    office.proposed = (holiday,)
    assert not office.calendar.is_working(holiday.day)
    assert keep_calendar(office.db, office.proposing, now=office.now())
    assert not keep_calendar(office.db, office.proposing, now=office.now())
    office.proposed = (holiday, CalendarOverride(date(2024, 7, 31), False, "bản mới của thư viện"))
    assert not office.calendar.is_working(holiday.day)
    assert office.calendar.is_working(date(2024, 7, 31))  # another release moves nothing by itself
    with office.db.read() as connection:
        rows = connection.execute(select(calendar_day.c.day, calendar_day.c.source)).all()
    assert [tuple(row) for row in rows] == [(holiday.day, "library")]


def test_a_day_of_the_library_that_the_office_overruled_stands_again_when_that_is_taken_back(office: Office) -> None:
    holiday = CalendarOverride(date(2024, 7, 31), False, "thư viện")
    office.proposed = (holiday,)
    keep_calendar(office.db, office.proposing, now=office.now())
    office.apply(make_up="2024-07-31")
    assert office.calendar.is_working(holiday.day)
    office.remove(holiday.day)
    assert not office.calendar.is_working(holiday.day)


def test_what_a_plan_brings_counts_for_plans_that_run_already(office: Office) -> None:
    other = replace(office.definition, number="2/KH-TEST", calendar=(CalendarOverride(DUE, False, "2/KH-TEST"),))
    publish(office.db, other, now=office.now(), actor=SYSTEM)
    assert settle(office.db, now=office.now(), calendar=office.calendar) == 3
    assert office.step("gop-y", "huyen-01")["due_on"] == date(2024, 8, 1)


def test_nothing_else_is_told(office: Office) -> None:
    with office.db.read() as connection:
        known = set(connection.execute(select(notice.c.key)).scalars())
    office.apply(off_from="2024-07-31")
    new = [n for n in office.notices() if n["key"] not in known]
    assert [(n["kind"], n["audience"], n["urgency"]) for n in new] == [("due-shifted", "lead", "digest")] * 3
