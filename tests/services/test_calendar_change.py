"""A change of the calendar: shown first, applied exactly so, one gathered mail to each who is concerned, whole after a kill."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.access import SYSTEM
from engine.calendar_proposal import Proposal
from engine.definition import CalendarOverride
from engine.errors import Invalid, InvalidFields, KeyReused
from models.calendar import count_moved
from models.database import Database
from models.tables import journal_entry
from services import calendar_moves, calendar_settle
from services.calendar_settle import settle
from services.open_cycles import open_cycles
from services.publish import publish
from services.verify_journal import verify
from tests.factories import MEMBER, OFFICER, district
from tests.services.calendar_office import DOCUMENT, DUE, Office
from tests.services.test_act import NUMBERED


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
    days = (DUE, date(2024, 8, 29))  # of two steps of each district
    office.apply(Proposal(tuple(CalendarOverride(day, False, DOCUMENT) for day in days), (), DOCUMENT))
    assert office.deliver().sent == 0  # nothing leaves by itself
    office.morning(date(2024, 5, 7))
    sent = {mail["To"].split("<")[-1].rstrip(">"): mail for mail in office.way.mails}
    assert sorted(sent) == [f"a{200 + n}@example.vn" for n in (1, 2, 3)]
    text = sent["a201@example.vn"].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Hạn chuyển theo lịch làm việc" in text
    assert "Hạn 01/08/2024 (trước là 31/07/2024)" in text
    assert "Hạn 30/08/2024 (trước là 29/08/2024)" in text
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


def test_what_somebody_finishes_between_the_look_and_the_lock_stays(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    real = calendar_moves.every_recount

    def then_somebody_acts(*given: Any) -> Any:
        found = list(real(*given))
        office.act(district(2), "submit", "gop-y", "huyen-02")  # nobody confirms it: done
        return found

    monkeypatch.setattr(calendar_settle, "every_recount", then_somebody_acts)
    assert office.apply(off_from="2024-07-31").moved == 2
    assert office.step("gop-y", "huyen-02")["due_on"] == DUE
    assert office.step("gop-y", "huyen-01")["due_on"] == date(2024, 8, 1)


def test_a_workflow_that_another_process_made_by_the_old_days_follows_within_the_hour(office: Office) -> None:
    old = office.calendar
    office.apply(off_from="2024-07-31")
    publish(office.db, replace(office.definition, number="2/KH-TEST"), now=office.now(), actor=SYSTEM)
    open_cycles(office.db, now=office.now(), calendar=old)
    assert settle(office.db, now=office.now(later=timedelta(minutes=90)), calendar=office.calendar) == 0  # too late to be looked at
    assert settle(office.db, now=office.now(later=timedelta(minutes=10)), calendar=office.calendar) == 3
    assert office.days_of("gop-y") == [date(2024, 8, 1)] * 6
