"""Amending a published plan: shown first, applied exactly so, with a reason for everything that is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.dates import parse_rule
from engine.definition import ApprovalLink, Every, Evidence, Predecessor, Text
from engine.errors import Invalid, InvalidFields, KeyReused, Refused
from models.database import Database
from services.amend_settle import settle_amendments
from services.verify_journal import verify
from tests.factories import CALENDAR, COMMITTEE, MEMBER, OFFICER, district
from tests.services.amending_office import DOCUMENT, Office, new_step
from tests.services.test_act import NUMBERED

LATER = {"due": parse_rule("07/08")}  # of gop-y, which is due 31/07
NEW_PAPER = {"evidence": (Evidence("cv", Text("Công văn"), True, True),)}


@pytest.fixture
def office(db: Database) -> Office:
    return Office(db)


def test_a_date_that_moves_is_shown_and_then_moved_exactly_so(office: Office) -> None:
    plan = office.with_steps(gop_y=LATER)
    preview = office.propose(plan)
    (lines,) = preview.workflows
    assert [(line.kind, line.lead, line.old, line.new) for line in lines.lines] == [
        ("changed", f"huyen-{n:02}", date(2024, 7, 31), date(2024, 8, 7)) for n in (1, 2, 3)
    ]
    assert preview.told == (("huyen-01", 1), ("huyen-02", 1), ("huyen-03", 1))
    before = office.everything()
    assert office.step("gop-y", "huyen-01")["due_on"] == date(2024, 7, 31)
    assert office.everything() == before  # nothing was written

    office.amend(plan, seen=preview.seen)
    row = office.step("gop-y", "huyen-01")
    assert (row["original_due_on"], row["previous_due_on"], row["due_on"]) == (date(2024, 7, 31), date(2024, 7, 31), date(2024, 8, 7))
    assert office.ledger("gop-y", "huyen-01") == [("original", date(2024, 7, 31)), ("amendment", date(2024, 8, 7))]
    assert office.step("ke-hoach")["version"] == 1 + 1  # as its opening left it
    record = office.record()
    assert (record["document"], record["changed"], record["left"]) == (DOCUMENT, 3, [])
    assert record["finished_at"] is not None
    assert office.workflow()["version_id"] == record["to_version_id"]
    assert not verify(office.db).faults
    office.whole()


def test_who_is_concerned_gets_one_gathered_mail_with_all_of_it(office: Office) -> None:
    office.morning(date(2024, 5, 3))
    office.way.mails.clear()
    office.day = date(2024, 5, 6)
    office.amend(office.with_steps(gop_y={**LATER, **NEW_PAPER}, bao_cao={"due": parse_rule("T+12")}))
    assert office.deliver().sent == 0  # nothing leaves by itself
    office.morning(date(2024, 5, 7))
    sent = {mail["To"].split("<")[-1].rstrip(">"): mail for mail in office.way.mails}
    assert sorted(sent) == [f"a{200 + n}@example.vn" for n in (1, 2, 3)]
    text = sent["a201@example.vn"].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Hạn điều chỉnh theo kế hoạch" in text and "Yêu cầu thay đổi theo kế hoạch điều chỉnh" in text
    assert "Hạn 07/08/2024 (trước là 31/07/2024)" in text
    assert DOCUMENT in text
    office.morning(date(2024, 5, 8))
    assert len(office.way.mails) == 3


def test_an_added_step_waits_or_opens_and_joins_wait_for_it(office: Office) -> None:
    tham_dinh = new_step("tham-dinh", due="20/08", for_each="cap-huyen", after=("gop-y",))
    plan = office.with_steps(add=(new_step("ra-soat", due="15/06"), tham_dinh), so_bo={"after": (Predecessor("tham-dinh"),)})
    kinds = {(line.title.vi, line.lead): line for line in office.lines(plan) if line.kind == "added"}
    assert kinds["ra-soat", "cong-an-tinh"].opens and not kinds["tham-dinh", "huyen-01"].opens
    office.amend(plan)
    assert (office.status("ra-soat"), office.status("tham-dinh", "huyen-02")) == ("open", "waiting")
    assert office.ledger("tham-dinh", "huyen-02") == [("original", date(2024, 8, 20))]
    assert office.workflow()["counts"]["tham-dinh"] == {"total": 3, "done": 0, "void": 0}
    office.whole()
    for n in (1, 2):
        office.act(district(n), "submit", "gop-y", f"huyen-{n:02}")
        office.act(district(n), "submit", "tham-dinh", f"huyen-{n:02}")
        office.act(OFFICER, "approve", "tham-dinh", f"huyen-{n:02}")
    assert office.status("so-bo") == "open"  # half of the three, rounded up
    office.whole()


def test_what_would_have_been_due_already_is_not_applicable_in_this_cycle(office: Office) -> None:
    office.amend(office.with_steps(add=(new_step("hop-dau-nam", due="15/02"),)))
    assert office.status("hop-dau-nam") == "not-applicable"
    office.whole()


def test_a_removed_step_is_not_applicable_and_holds_nothing_up(office: Office) -> None:
    plan = office.with_steps(remove=("ke-hoach-huyen",), to_chuc={"after": (Predecessor("ke-hoach"),)})
    assert {line.kind for line in office.lines(plan)} == {"removed", "changed"}
    office.amend(plan)
    assert office.status("ke-hoach-huyen", "huyen-01") == "not-applicable"
    assert office.step("ke-hoach-huyen", "huyen-01")["clock_holder"] is None
    assert [s.code for s in office.in_force().key_tasks[0].workflows[0].steps if s.withdrawn] == ["ke-hoach-huyen"]
    office.whole()
    office.amend(office.with_steps(bao_cao={"due": parse_rule("T+12")}), key="again")  # what was withdrawn stays known
    assert office.status("ke-hoach-huyen", "huyen-01") == "not-applicable"
    office.whole()


def test_removing_what_a_join_waited_for_opens_it(office: Office) -> None:
    office.amend(office.with_steps(remove=("gop-y",), so_bo={"after": ()}))
    assert office.status("so-bo") == "open"
    office.whole()


def test_the_lead_changes_from_now_on_and_the_former_one_is_told(office: Office) -> None:
    plan = office.with_steps(quyet_dinh={"lead": "mttq", "approve": (ApprovalLink((COMMITTEE,)),)})
    (line,) = office.lines(plan)
    assert (line.kind, line.lead, line.new_lead, line.what) == ("changed", "so-noi-vu", "mttq", ("approve",))
    office.amend(plan)
    assert office.step("quyet-dinh")["lead"] == "mttq"
    about = [n for n in office.notices() if n["step_id"] == office.step("quyet-dinh")["id"]]
    assert {(n["kind"], n["audience"], n["unit"], n["urgency"]) for n in about} == {
        ("lead-amended", "lead", None, "digest"), ("handed-over", "former", "so-noi-vu", "digest"), ("amended", "lead", None, "digest"),
    }  # fmt: skip
    office.whole()


def test_what_somebody_was_given_by_hand_and_dates_that_people_named_stay(office: Office) -> None:
    office.act(OFFICER, "reassign", "quyet-dinh", payload={"lead": "mttq", "reason": "Sở bận"})
    office.act(district(1), "request-extension", "gop-y", "huyen-01", payload={"until": "2024-08-20", "reason": "mưa lũ"})
    office.act(OFFICER, "grant-extension", "gop-y", "huyen-01", payload={"until": "2024-08-20"})
    plan = office.with_steps(gop_y=LATER, quyet_dinh={"lead": COMMITTEE})
    stays = {(line.lead, line.why.en) for line in office.lines(plan) if line.kind == "stays"}
    assert stays == {
        ("huyen-01", "keeps the date that was granted or chosen"), ("mttq", "stays with the unit that it was reassigned to"),
    }  # fmt: skip
    (flow,) = office.propose(plan).workflows  # what stays of a step and what changes of it are one entry
    assert [(s.lead, [line.kind for line in s.lines]) for s in flow.steps if s.lead in ("huyen-01", "huyen-02", "mttq")] == [
        ("huyen-01", ["changed", "stays"]), ("huyen-02", ["changed"]), ("mttq", ["changed", "stays"]),
    ]  # fmt: skip
    office.amend(plan)
    assert office.step("gop-y", "huyen-01")["due_on"] == date(2024, 8, 20)
    assert office.step("gop-y", "huyen-02")["due_on"] == date(2024, 8, 7)
    assert office.step("quyet-dinh")["lead"] == "mttq"
    office.whole()


def test_what_is_done_stays_where_others_are_not(office: Office) -> None:
    office.act(district(1), "submit", "gop-y", "huyen-01")  # nobody confirms it
    assert office.status("gop-y", "huyen-01") == "done"
    office.amend(office.with_steps(gop_y=LATER))
    assert office.step("gop-y", "huyen-01")["due_on"] == date(2024, 7, 31)
    assert office.step("gop-y", "huyen-02")["due_on"] == date(2024, 8, 7)
    office.whole()


def test_days_of_suspension_are_added_to_the_amended_date_too(office: Office) -> None:
    office.act(OFFICER, "suspend", "gop-y", "huyen-01", payload={"reason": "bão"})
    office.day = date(2024, 5, 9)
    office.act(OFFICER, "resume", "gop-y", "huyen-01")
    assert office.step("gop-y", "huyen-01")["due_on"] == date(2024, 8, 7)  # five working days more
    office.amend(office.with_steps(gop_y=LATER))
    assert office.step("gop-y", "huyen-01")["due_on"] == date(2024, 8, 14)
    office.whole()


def finished(office: Office) -> None:
    office.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    office.act(MEMBER, "approve", "ke-hoach")


def handed_in(office: Office) -> None:
    finished(office)
    office.act(district(1), "submit", "ke-hoach-huyen", "huyen-01")


def nothing(office: Office) -> None:
    """As it was published."""


REFUSED: tuple[tuple[Any, dict[str, Any], str], ...] = (
    (finished, {"ke_hoach": NEW_PAPER}, "the step is finished"),
    (finished, {"remove": ("ke-hoach",), "ke_hoach_huyen": {"after": ()}}, "the step is finished"),
    (handed_in, {"remove": ("ke-hoach-huyen",), "to_chuc": {"after": ()}}, "something was handed in"),
    (handed_in, {"ke_hoach_huyen": {"approve": (ApprovalLink((COMMITTEE,)),)}}, "it is being confirmed by the old chain"),
    (nothing, {"gop_y": {"due": parse_rule("15/04")}}, "the new date 2024-04-15 has passed"),
    (nothing, {"gop_y": {"for_each": None, "lead": "mttq"}}, "the step runs, so its group of units cannot change"),
    (
        finished,
        {"add": (new_step("truoc"),), "ke_hoach_huyen": {"after": (Predecessor("truoc"),)}},
        "the step has opened; “truoc” cannot come before it",
    ),
)  # fmt: skip


@pytest.mark.parametrize(("before", "edits", "why"), REFUSED, ids=[why for _, _, why in REFUSED])
def test_what_a_running_step_forbids_is_refused_with_its_reason(office: Office, before: Any, edits: dict[str, Any], why: str) -> None:
    before(office)
    plan = office.with_steps(**edits)
    assert why in {line.why.en for line in office.lines(plan) if line.kind == "refused"}
    as_it_was = office.everything()
    with pytest.raises(Refused):
        office.amend(plan)
    assert office.everything() == as_it_was
    office.amend(plan, leave_refused=True)  # this cycle stays under its version, those to come follow
    assert office.record()["left"] == [office.workflow_id]
    assert office.workflow()["version_id"] == office.record()["from_version_id"]
    assert office.in_force() != office.definition
    office.whole()


def test_what_is_no_amendment_is_refused_wholly(office: Office) -> None:
    plan = office.in_force()
    huyen = plan.groups[0]
    for other in (
        replace(plan, number="2/KH"), replace(plan, tracked_from=date(2024, 3, 1)), replace(plan, units=plan.units[:-1]),
        replace(plan, groups=(replace(huyen, units=huyen.units[:-1]),)), replace(plan, key_tasks=()),
        office.with_workflow(lambda w: replace(w, anchor=parse_rule("20/08"))),
        office.with_workflow(lambda w: replace(w, every=Every.QUARTER)),
    ):  # fmt: skip
        assert office.propose(other).refusals
        before = office.everything()
        with pytest.raises(Refused):
            office.amend(other, leave_refused=True)
        assert office.everything() == before
    with pytest.raises(Refused, match="Nothing changes"):
        office.amend(plan)


def test_a_new_workflow_begins_with_the_next_cycle_that_opens(office: Office) -> None:
    steps = (new_step("nop", due="quarter-end-month/14"),)
    like = office.in_force().key_tasks[0].workflows[0]
    quarterly = replace(like, code="bao-cao-quy", title=Text("Báo cáo quý"), every=Every.QUARTER, anchor=None, opens=None, steps=steps)
    plan = office.in_force()
    task = plan.key_tasks[0]
    office.amend(replace(plan, key_tasks=(replace(task, workflows=(*task.workflows, quarterly)),)))
    names = office.rows_of_workflows()
    assert [n for n in names if n[0] == "bao-cao-quy"] == []  # the second quarter runs already
    office.day = date(2024, 7, 1)
    office.open_cycles()
    assert [n for n in office.rows_of_workflows() if n[0] == "bao-cao-quy"] == [("bao-cao-quy", "2024-Q3")]


def test_a_preview_that_is_no_longer_true_is_shown_again(office: Office) -> None:
    plan = office.with_steps(gop_y=LATER)
    seen = office.propose(plan).seen
    office.act(district(1), "submit", "gop-y", "huyen-01")
    with pytest.raises(Invalid) as changed:
        office.amend(plan, seen=seen)
    assert changed.value.code == "preview-changed"


def test_running_twice_changes_nothing_twice(office: Office) -> None:
    plan = office.with_steps(gop_y=LATER)
    first = office.amend(plan)
    assert office.amend(plan) == first
    assert settle_amendments(office.db, now=office.now(), calendar=CALENDAR) == 0
    assert len(office.ledger("gop-y", "huyen-01")) == 2
    assert len(office.notices(kind="due-amended")) == 3
    with pytest.raises(KeyReused):
        office.amend_by("khác", plan)


def test_a_document_is_needed(office: Office) -> None:
    with pytest.raises(InvalidFields) as missing:
        office.amend_by("  ", office.with_steps(gop_y=LATER))
    assert set(missing.value.problems) == {"document"}


def test_somebody_who_acts_between_the_record_and_the_move_leaves_the_workflow_as_it_is(office: Office, monkeypatch: Any) -> None:
    plan = office.with_steps(ke_hoach=NEW_PAPER)
    monkeypatch.setattr("services.amend.settle_amendments", lambda *a, **k: 0)  # killed after the record
    office.amend(plan)
    monkeypatch.undo()
    assert office.workflow()["version_id"] == office.record()["from_version_id"]
    finished(office)
    settle_amendments(office.db, now=office.now(), calendar=CALENDAR)
    assert office.record()["left"] == [office.workflow_id]
    assert office.record()["finished_at"] is not None
    office.whole()


def test_a_run_that_was_killed_goes_on_with_the_sweep(office: Office, monkeypatch: Any) -> None:
    monkeypatch.setattr("services.amend.settle_amendments", lambda *a, **k: 0)
    office.amend(office.with_steps(gop_y=LATER))
    monkeypatch.undo()
    assert office.step("gop-y", "huyen-01")["due_on"] == date(2024, 7, 31)
    assert settle_amendments(office.db, now=office.now(), calendar=CALENDAR) == 3
    assert office.step("gop-y", "huyen-01")["due_on"] == date(2024, 8, 7)
    office.whole()
