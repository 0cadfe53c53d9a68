"""Correcting: the old value is what is stored, both values are kept, and dates count anew only where they should."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from engine.errors import DondocError, Invalid, Refused
from models.database import Database
from models.tables import deadline
from services.queries.step_page import StepDetail, step_page
from services.queries.units import unit_names
from tests.factories import CLERK, FRONT, MEMBER, OFFICER, at, district
from tests.services.played import Played
from tests.services.test_act import NUMBERED, through_plan

OWN, SLOT = "ke-hoach-huyen", "huyen-01"


@pytest.fixture
def played(db: Database) -> Played:
    return Played(db)


@pytest.fixture
def done(played: Played) -> Played:
    """The festival's plan, approved on the day on which it was submitted."""
    through_plan(played)
    return played


def corrected(played: Played, code: str, slot: str = "", **payload: Any) -> dict[str, Any]:
    """The fact of a correction by the standing agency."""
    found = played.act(OFFICER, "correct", code, slot, payload={"reason": "gõ nhầm", **payload})
    return found.facts[0]


def detail(played: Played, code: str, slot: str = "") -> StepDetail:
    now = at(played.day)
    found = step_page(played.db, OFFICER, played.step(code, slot)["id"], now, unit_names(played.db, now.today)).detail
    assert found is not None
    return found


def test_the_old_value_is_what_is_stored_whatever_the_caller_says(done: Played) -> None:
    first = corrected(done, "ke-hoach", field="evidence.kh.number", value="21/KH", old="bịa đặt")
    assert (first["old"], first["new"]) == (NUMBERED["evidence"]["kh"]["number"], "21/KH")
    assert corrected(done, "ke-hoach", field="evidence.kh.number", value="22/KH", old="")["old"] == "21/KH"
    shown = detail(done, "ke-hoach")
    assert shown.papers.papers[0].number == "22/KH"
    assert shown.rounds[0].corrected and shown.rounds[0].papers[0].number == "22/KH"
    assert {c.name: c.value for c in shown.corrections}["evidence.kh.number"] == "22/KH"


def test_what_was_corrected_before_a_reopening_is_not_said_of_the_next_round(done: Played) -> None:
    corrected(done, "ke-hoach", field="evidence.kh.number", value="21/KH")
    done.act(OFFICER, "reopen", "ke-hoach", payload={"reason": "thay văn bản"})
    done.act(OFFICER, "submit", "ke-hoach", payload={"evidence": {"kh": {"number": "99/KH", "date": "2024-05-02"}}})
    assert [r.papers[0].number for r in detail(done, "ke-hoach").rounds] == ["99/KH", "21/KH"]
    assert corrected(done, "ke-hoach", field="evidence.kh.number", value="98/KH")["old"] == "99/KH"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("evidence.kh.number", "SAME", "same"),
        ("evidence.kh.date", "hôm qua", "bad-date"),
        ("evidence.kh.number", "1" * 101, "too-long"),
        ("evidence.khac.number", "1", "field"),
        ("extension", "2024-06-01", "field"),
        ("submitted_on", "2030-01-01", "future"),
        ("done_on", "2024-04-30", "before-submitted"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field(done: Played, field: str, value: str, code: str) -> None:
    stored = NUMBERED["evidence"]["kh"]["number"]
    with pytest.raises(Invalid) as wrong:
        corrected(done, "ke-hoach", field=field, value=stored if value == "SAME" else value)
    assert (wrong.value.code, wrong.value.field) == (code, "field" if code == "field" else "value")


def test_a_day_of_submission_corrected_changes_whether_it_was_late(done: Played) -> None:
    done.day = date(2024, 5, 20)
    done.act(district(1), "submit", OWN, SLOT)  # due on 16/05
    assert detail(done, OWN, SLOT).late == 4
    assert corrected(done, OWN, SLOT, field="submitted_on", value="2024-05-15")["old"] == "2024-05-20"
    assert detail(done, OWN, SLOT).late == 0
    assert done.step(OWN, SLOT)["due_at"] is None  # its clock stopped in time


def test_a_day_of_completion_stays_after_that_of_submission(done: Played) -> None:
    done.day = date(2024, 5, 20)
    assert corrected(done, "ke-hoach", field="done_on", value="2024-05-04")["old"] == "2024-05-02"
    assert done.step("ke-hoach")["done_on"] == date(2024, 5, 4)
    with pytest.raises(Invalid, match="completion"):
        corrected(done, "ke-hoach", field="submitted_on", value="2024-05-06")


def ledger(played: Played, code: str, slot: str) -> list[tuple[str, date]]:
    query = select(deadline.c.kind, deadline.c.due_on).where(deadline.c.step_id == played.step(code, slot)["id"])
    with played.db.read() as connection:
        return [tuple(row) for row in connection.execute(query.order_by(deadline.c.due_version))]


def test_an_extension_is_corrected_by_a_new_entry_of_the_ledger(done: Played) -> None:
    done.act(OFFICER, "grant-extension", OWN, SLOT, payload={"until": "2024-08-28"})
    fact = corrected(done, OWN, SLOT, field="extension", value="2024-05-28", document="12/CV")
    assert (fact["old"], fact["new"]) == ("2024-08-28", "2024-05-28")
    step = done.step(OWN, SLOT)
    assert (step["due_on"], step["previous_due_on"], step["extensions"]) == (date(2024, 5, 28), date(2024, 5, 16), 1)
    assert step["due_at"] is not None and step["next_rung_at"] is not None
    assert ledger(done, OWN, SLOT)[-2:] == [("extension", date(2024, 8, 28)), ("correction", date(2024, 5, 28))]
    corrected(done, OWN, SLOT, field="extension", value="2024-05-27")
    assert done.step(OWN, SLOT)["due_on"] == date(2024, 5, 27)


def test_an_extension_of_the_wrong_step_is_taken_back(done: Played) -> None:
    done.act(OFFICER, "grant-extension", OWN, SLOT, payload={"until": "2024-05-20"})
    done.act(OFFICER, "grant-extension", OWN, SLOT, payload={"until": "2024-05-28"})
    with pytest.raises(Invalid, match="before"):
        corrected(done, OWN, SLOT, field="extension", value="2024-05-17")
    corrected(done, OWN, SLOT, field="extension", value="2024-05-20")
    step = done.step(OWN, SLOT)
    assert (step["due_on"], step["previous_due_on"], step["extensions"]) == (date(2024, 5, 20), date(2024, 5, 16), 1)
    assert ledger(done, OWN, SLOT)[-1][0] == "taken-back"


def test_an_extension_that_something_else_has_followed_is_left(done: Played) -> None:
    done.act(OFFICER, "grant-extension", OWN, SLOT, payload={"until": "2024-05-28"})
    done.act(OFFICER, "suspend", OWN, SLOT, payload={"reason": "mưa lũ"})
    done.day = date(2024, 5, 9)
    done.act(OFFICER, "resume", OWN, SLOT)
    with pytest.raises(Invalid) as wrong:
        corrected(done, OWN, SLOT, field="extension", value="2024-05-27")
    assert wrong.value.code == "overtaken"


def test_there_is_nothing_to_correct_on_what_was_never_handed_in(played: Played) -> None:
    with pytest.raises(Refused, match="nothing to correct"):
        corrected(played, "ke-hoach", field="submitted_on", value="2024-05-01")


FILE = {"evidence": "kh", "name": "nham.pdf", "media_type": "application/pdf", "size": 3, "sha256": "a" * 64}
TAKE_OUT = {"evidence_code": "kh", "file": "a" * 64}


def test_a_file_is_taken_out_of_a_draft_and_the_journal_keeps_it(played: Played) -> None:
    played.act(OFFICER, "attach", "ke-hoach", payload={"files": [FILE, {**FILE, "evidence": ""}]})
    fact = played.act(OFFICER, "detach", "ke-hoach", payload=TAKE_OUT).facts[0]
    assert fact == {"kind": "step.detached", "evidence": "kh", "sha256": "a" * 64, "size": 3}
    assert list(played.step("ke-hoach")["draft"]["evidence"]) == [""]
    played.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    assert detail(played, "ke-hoach").papers.papers[0].files == ()
    assert [f.name for f in detail(played, "ke-hoach").papers.extra] == ["nham.pdf"]


def test_a_file_can_be_put_in_and_taken_out_before_the_step_opens(played: Played) -> None:
    assert played.status(OWN, SLOT) == "waiting"
    played.act(district(1), "attach", OWN, SLOT, payload={"files": [{**FILE, "evidence": ""}]})
    played.act(district(1), "detach", OWN, SLOT, payload={**TAKE_OUT, "evidence_code": ""})
    assert played.step(OWN, SLOT)["draft"] == {"evidence": {}}


def refused(act: Callable[[], object]) -> str:
    try:
        act()
    except DondocError as wrong:
        return wrong.code
    return "done"


def test_who_may_take_which_file_out(played: Played) -> None:
    place = ("gop-y", SLOT)
    played.act(district(1), "attach", *place, payload={"files": [{**FILE, "evidence": ""}]})
    played.act(FRONT, "attach", *place, payload={"files": [{**FILE, "evidence": "", "sha256": "b" * 64}]})
    take_out = {"evidence_code": "", "file": "a" * 64}
    assert refused(lambda: played.act(CLERK, "detach", *place, payload=take_out)) == "relation"
    assert refused(lambda: played.act(FRONT, "detach", *place, payload=take_out)) == "not-yours"
    assert refused(lambda: played.act(FRONT, "detach", *place, payload={**take_out, "file": "b" * 64})) == "done"
    assert refused(lambda: played.act(district(1), "detach", *place, payload=take_out)) == "done"
    assert refused(lambda: played.act(district(1), "detach", *place, payload=take_out)) == "no-file"


def test_nothing_is_taken_out_of_what_was_handed_in(played: Played) -> None:
    played.act(OFFICER, "attach", "ke-hoach", payload={"files": [FILE]})
    played.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    assert refused(lambda: played.act(OFFICER, "detach", "ke-hoach", payload=TAKE_OUT)) == "status"
    played.act(MEMBER, "return", "ke-hoach", payload={"reason": "nhầm tệp"})
    assert refused(lambda: played.act(OFFICER, "detach", "ke-hoach", payload=TAKE_OUT)) == "done"
