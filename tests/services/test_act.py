"""One action, one transaction."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from engine.errors import Invalid, KeyReused, NotFound, Refused, Stale
from engine.journal import first_fault
from models.database import Database
from models.tables import deadline, journal_entry, notice, participation, round_
from tests.factories import CLERK, COMMITTEE, FRONT, MEMBER, OFFICER, OTHER_MEMBER, OTHER_OFFICER, district, person
from tests.services.played import Played

NUMBERED = {"evidence": {"kh": {"number": "12/KH", "date": "2024-06-01"}}}


@pytest.fixture
def played(db: Database) -> Played:
    return Played(db)


def through_plan(played: Played) -> None:
    """The province's plan is approved, so every district's step is open."""
    played.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    played.act(MEMBER, "approve", "ke-hoach")


def through_reports(played: Played) -> None:
    """All that the districts do is done."""
    through_plan(played)
    for n in (1, 2, 3):
        slot = f"huyen-{n:02}"
        played.day = date(2024, 6, 10)
        played.act(district(n), "submit", "ke-hoach-huyen", slot)
        played.act(OFFICER, "approve", "ke-hoach-huyen", slot)
        played.act(OFFICER, "open-early", "to-chuc", slot, payload={"reason": "thử"})
        played.act(district(n), "submit", "to-chuc", slot)
        played.act(OFFICER, "approve", "to-chuc", slot)
        played.act(district(n), "submit", "bao-cao", slot, payload={"figures": {"so": 4}})
        played.act(OFFICER, "approve", "bao-cao", slot)


def test_submitting_freezes_a_round_and_starts_the_approvers_clock(played: Played) -> None:
    result = played.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    step = played.step("ke-hoach")
    assert (result.status, step["round"], step["clock_holder"]) == ("submitted", 1, COMMITTEE)
    assert step["due_at"] is None and step["approval_due_at"] is not None
    with played.db.read() as connection:
        frozen = connection.execute(select(round_.c.body).where(round_.c.step_id == step["id"])).scalar_one()
    assert frozen["evidence"]["kh"] == {"number": "12/KH", "date": "2024-06-01"}


def test_missing_evidence_is_refused_beside_its_field_and_nothing_is_written(played: Played) -> None:
    before = played.workflow()["seq"]
    with pytest.raises(Invalid) as wrong:
        played.act(OFFICER, "submit", "ke-hoach")
    assert wrong.value.field == "evidence.kh"
    assert played.workflow()["seq"] == before and played.status("ke-hoach") == "open"


def test_approval_opens_every_unit_at_once_with_a_date_that_counts_from_then(played: Played) -> None:
    through_plan(played)
    steps = [played.step("ke-hoach-huyen", f"huyen-{n:02}") for n in (1, 2, 3)]
    assert {s["status"] for s in steps} == {"open"}
    assert {s["due_on"] for s in steps} == {date(2024, 5, 16)}
    with played.db.read() as connection:
        ledger = connection.execute(select(deadline).where(deadline.c.step_id == steps[0]["id"])).mappings().all()
        opened = connection.execute(select(notice).where(notice.c.kind == "assigned", notice.c.step_code == "ke-hoach-huyen")).all()
    assert [entry["kind"] for entry in ledger] == ["opened"]
    assert len(opened) == 1  # one notice for the whole fan-out


def test_each_unit_goes_its_own_way(played: Played) -> None:
    through_plan(played)
    played.day = date(2024, 8, 5)
    played.act(district(1), "submit", "ke-hoach-huyen", "huyen-01")
    played.act(OFFICER, "approve", "ke-hoach-huyen", "huyen-01")
    assert [played.status("to-chuc", f"huyen-{n:02}") for n in (1, 2, 3)] == ["open", "waiting", "waiting"]


def test_a_step_does_not_open_before_its_day(played: Played) -> None:
    through_plan(played)
    played.act(district(1), "submit", "ke-hoach-huyen", "huyen-01")
    played.act(OFFICER, "approve", "ke-hoach-huyen", "huyen-01")
    assert played.status("to-chuc", "huyen-01") == "waiting"


def test_a_join_opens_once_all_units_are_done(played: Played) -> None:
    through_reports(played)
    assert played.status("tong-hop") == "open"
    counts = played.workflow()["counts"]
    assert counts["bao-cao"] == {"total": 3, "done": 3, "void": 0}


def test_half_of_the_units_open_a_join_at_half(played: Played) -> None:
    played.act(district(1), "submit", "gop-y", "huyen-01")
    assert played.status("so-bo") == "waiting"
    played.act(district(2), "submit", "gop-y", "huyen-02")  # nobody confirms a comment; 2 of 3 is more than half
    assert played.status("so-bo") == "open"


def test_closing_a_join_leaves_the_missing_step_open_and_a_late_delivery_counts_for_nobody_else(played: Played) -> None:
    through_plan(played)
    with pytest.raises(Refused, match="still waits"):
        played.act(OFFICER, "close-join", "so-bo", payload={"units": ["huyen-01"], "reason": "gấp"})
    played.act(OFFICER, "close-join", "so-bo", payload={"units": ["huyen-01", "huyen-02", "huyen-03"], "reason": "gấp"})
    assert played.status("so-bo") == "open" and played.status("gop-y", "huyen-01") == "open"


def test_a_chain_goes_link_by_link_all_then_any(played: Played) -> None:
    through_reports(played)
    played.act(OFFICER, "submit", "tong-hop")
    played.act(MEMBER, "approve", "tong-hop")
    played.act(CLERK, "submit", "quyet-dinh")
    played.act(OFFICER, "approve", "quyet-dinh")
    assert played.step("quyet-dinh")["link_approved"] == ["cong-an-tinh"]
    played.act(FRONT, "approve", "quyet-dinh")
    assert (played.step("quyet-dinh")["link"], played.status("quyet-dinh")) == (1, "submitted")
    played.act(OTHER_MEMBER, "approve", "quyet-dinh")
    assert (played.status("quyet-dinh"), played.status("luu")) == ("done", "open")


def test_the_workflow_is_finished_with_its_last_step(played: Played) -> None:
    through_reports(played)
    for n in (1, 2, 3):
        played.act(district(n), "submit", "gop-y", f"huyen-{n:02}")
    played.act(OFFICER, "cancel", "tong-hop", payload={"reason": "thử"})
    played.act(OFFICER, "cancel", "quyet-dinh", payload={"reason": "thử"})
    played.act(OFFICER, "mark-not-applicable", "so-bo", payload={"reason": "thử"})
    assert played.workflow()["finished_at"] is None
    played.act(MEMBER, "submit", "luu")
    assert played.workflow()["finished_at"] is not None


def test_who_submitted_may_not_approve_even_as_a_member_of_both_units(played: Played) -> None:
    both = person(110, "cong-an-tinh", COMMITTEE)
    played.act(both, "submit", "ke-hoach", payload=NUMBERED)
    with pytest.raises(Refused) as refused:
        played.act(both, "approve", "ke-hoach")
    assert refused.value.code == "separation"


def test_a_returned_round_moves_the_date_only_if_it_came_in_time(played: Played) -> None:
    through_plan(played)
    played.day = date(2024, 5, 16)
    played.act(district(1), "submit", "ke-hoach-huyen", "huyen-01")
    played.act(OFFICER, "return", "ke-hoach-huyen", "huyen-01", payload={"reason": "thiếu"})
    step = played.step("ke-hoach-huyen", "huyen-01")
    assert (step["due_on"], step["original_due_on"], step["due_version"]) == (date(2024, 5, 20), date(2024, 5, 16), 3)
    played.day = date(2024, 5, 23)
    played.act(district(2), "submit", "ke-hoach-huyen", "huyen-02")
    played.act(OFFICER, "return", "ke-hoach-huyen", "huyen-02", payload={"reason": "thiếu"})
    assert played.step("ke-hoach-huyen", "huyen-02")["due_on"] == date(2024, 5, 16)


def test_a_stale_page_is_told_what_changed(played: Played) -> None:
    seen = played.step("ke-hoach")["version"]
    played.people(OFFICER, OTHER_OFFICER)
    played.act(OFFICER, "accept", "ke-hoach", expected_version=seen)
    with pytest.raises(Stale) as stale:
        played.act(OTHER_OFFICER, "submit", "ke-hoach", expected_version=seen, payload=NUMBERED)
    assert stale.value.changed[0]["action"] == "accept" and stale.value.changed[0]["who"] == OFFICER.name


def test_the_same_request_twice_is_done_once(played: Played) -> None:
    first = played.act(OFFICER, "accept", "ke-hoach", key="k", expected_version=2)
    again = played.act(OFFICER, "accept", "ke-hoach", key="k", expected_version=2)
    assert again.replayed and (again.status, again.version, again.seq) == (first.status, first.version, first.seq)
    with pytest.raises(KeyReused):
        played.act(OFFICER, "comment", "ke-hoach", key="k", payload={"text": "khác"})


def test_a_strangers_step_does_not_exist(played: Played) -> None:
    with pytest.raises(NotFound):
        played.act(person(900, "so-la"), "comment", "ke-hoach", payload={"text": "x"})


def test_reopening_sends_untouched_successors_back_and_flags_the_others(played: Played) -> None:
    through_plan(played)
    played.act(district(1), "accept", "ke-hoach-huyen", "huyen-01")
    played.act(OFFICER, "reopen", "ke-hoach", payload={"reason": "sai số"})
    assert [played.status("ke-hoach-huyen", f"huyen-{n:02}") for n in (1, 2)] == ["in-progress", "waiting"]
    assert played.step("ke-hoach-huyen", "huyen-01")["flagged"]
    played.day = date(2024, 5, 6)
    played.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    played.act(MEMBER, "approve", "ke-hoach")
    assert played.step("ke-hoach-huyen", "huyen-02")["due_on"] == date(2024, 5, 20)  # counted anew


def test_paper_counts_by_its_own_date(played: Played) -> None:
    through_plan(played)
    played.day = date(2024, 5, 20)
    paper = {"number": "45/BC", "date": "2024-05-15", "signer": "Chủ tịch"}
    played.act(OFFICER, "record", "ke-hoach-huyen", "huyen-01", payload=paper)
    assert played.step("ke-hoach-huyen", "huyen-01")["submitted_on"] == date(2024, 5, 15)
    with pytest.raises(Refused):
        played.act(OFFICER, "approve", "ke-hoach-huyen", "huyen-01")
    played.act(OTHER_OFFICER, "approve", "ke-hoach-huyen", "huyen-01")
    assert played.status("ke-hoach-huyen", "huyen-01") == "done"


def test_an_extension_keeps_every_date(played: Played) -> None:
    through_plan(played)
    slot = "huyen-01"
    played.act(district(1), "request-extension", "ke-hoach-huyen", slot, payload={"until": "2024-05-30", "reason": "họp"})
    played.act(OFFICER, "grant-extension", "ke-hoach-huyen", slot, payload={"until": "2024-05-28", "document": "9/CV"})
    step = played.step("ke-hoach-huyen", slot)
    assert (step["due_on"], step["previous_due_on"], step["original_due_on"]) == (date(2024, 5, 28), date(2024, 5, 16), date(2024, 5, 16))
    with played.db.read() as connection:
        kinds = (
            connection.execute(select(deadline.c.kind).where(deadline.c.step_id == step["id"]).order_by(deadline.c.due_version))
            .scalars()
            .all()
        )
    assert kinds == ["opened", "extension"]


def test_suspension_stops_the_clock_and_adds_its_days(played: Played) -> None:
    through_plan(played)
    slot = "huyen-01"
    played.act(OFFICER, "suspend", "ke-hoach-huyen", slot, payload={"reason": "lũ"})
    assert played.step("ke-hoach-huyen", slot)["due_at"] is None
    played.day = date(2024, 5, 9)
    played.act(OFFICER, "resume", "ke-hoach-huyen", slot)
    assert (played.status("ke-hoach-huyen", slot), played.step("ke-hoach-huyen", slot)["due_on"]) == ("open", date(2024, 5, 23))


def test_a_unit_picks_its_day_within_the_window(played: Played) -> None:
    with pytest.raises(Invalid, match="Choose from"):
        played.act(district(1), "choose-day", "to-chuc", "huyen-01", payload={"day": "2024-08-20"})
    played.act(district(1), "choose-day", "to-chuc", "huyen-01", payload={"day": "2024-08-12"})
    assert played.step("to-chuc", "huyen-01")["due_on"] == date(2024, 8, 12)


def test_comments_neither_check_nor_bump_the_version(played: Played) -> None:
    version = played.step("ke-hoach")["version"]
    played.act(MEMBER, "comment", "ke-hoach", payload={"text": "Đề nghị sớm"}, expected_version=1)
    assert played.step("ke-hoach")["version"] == version


def test_the_journal_is_chained_and_append_only(played: Played) -> None:
    through_plan(played)
    played.act(MEMBER, "comment", "ke-hoach", payload={"text": "Xin cảm ơn"})
    row = played.workflow()
    query = select(journal_entry).where(journal_entry.c.stream == f"workflow:{played.workflow_id}").order_by(journal_entry.c.seq)
    with played.db.read() as connection:
        entries = [(e["seq"], e["body"], e["hash"], e["text"], e["salt"]) for e in connection.execute(query).mappings()]
    assert first_fault(entries, row["seq"], row["head"]) is None
    forged = [(s, {**b, "account": 7} if s == 2 else b, h, t, z) for s, b, h, t, z in entries]
    assert first_fault(forged, row["seq"], row["head"]) == "entry 2 does not match its hash"
    for statement in ("UPDATE journal_entry SET action = 'x'", "DELETE FROM journal_entry", "UPDATE journal_entry SET text = 'forged'"):
        with pytest.raises(DatabaseError), played.db.write() as connection:
            connection.execute(text(statement))


def test_whoever_confirms_for_the_new_lead_may_read_the_step(played: Played) -> None:
    through_plan(played)
    played.act(OFFICER, "reassign", "ke-hoach-huyen", "huyen-01", payload={"lead": "cong-an-tinh", "reason": "sáp nhập"})
    step = played.step("ke-hoach-huyen", "huyen-01")
    with played.db.read() as connection:
        rows = connection.execute(select(participation.c.unit, participation.c.relation).where(participation.c.step_id == step["id"]))
        found = {tuple(row) for row in rows}
    assert found == {("huyen-01", "lead"), ("cong-an-tinh", "approver"), ("cong-an-tinh", "lead"), (COMMITTEE, "approver")}


def test_a_step_that_ended_before_it_opened_gets_its_date_when_it_is_reopened(played: Played) -> None:
    slot = "huyen-01"
    played.act(OFFICER, "cancel", "ke-hoach-huyen", slot, payload={"reason": "nhầm"})
    result = played.act(OFFICER, "reopen", "ke-hoach-huyen", slot, payload={"reason": "vẫn phải làm"})
    assert [fact["kind"] for fact in result.facts] == ["step.reopened"]  # one thing happened, one mail tells of it
    step = played.step("ke-hoach-huyen", slot)
    assert (step["status"], step["opened_on"], step["due_on"]) == ("in-progress", played.day, date(2024, 5, 16))
    assert step["due_at"] is not None and step["clock_holder"] == slot
