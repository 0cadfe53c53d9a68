"""The same act on many steps: a result for each, and a refusal stops no other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.access import Actor
from engine.definition import Text
from engine.errors import DondocError, Invalid, NotFound, Refused
from models.database import Database
from models.tables import deadline, journal_entry, notice
from services.bulk import RowResult, bulk, preview
from services.invariants import violations
from tests.factories import CALENDAR, MEMBER, OFFICER, at, district, person
from tests.services.played import Played
from tests.services.test_act import through_plan


@pytest.fixture
def played(db: Database) -> Played:
    played = Played(db)
    through_plan(played)
    played.day = date(2024, 5, 20)
    played.act(district(1), "submit", "ke-hoach-huyen", "huyen-01")
    return played


def ids(played: Played, code: str = "ke-hoach-huyen") -> list[int]:
    return [int(played.step(code, f"huyen-{n:02}")["id"]) for n in (1, 2, 3)]


def take(played: Played, action: str, steps: list[int] | None = None, *, key: str = "b", **more: Any) -> list[RowResult]:
    more.setdefault("payload", {})
    return bulk(played.db, actor=OFFICER, action=action, steps=steps or [], key=key, now=at(played.day), calendar=CALENDAR, **more)


def outcome(results: list[RowResult]) -> dict[int, str]:
    return {r.step_id: r.error.code if r.error else "done" for r in results}


def test_each_step_is_acted_on_by_itself_and_one_that_is_refused_stops_no_other(played: Played) -> None:
    first, second, third = ids(played)
    results = take(played, "grant-extension", [first, second, third, 999], payload={"until": "2024-06-28", "document": "9/CV"})
    assert outcome(results) == {first: "status", second: "done", third: "done", 999: "not-found"}
    with played.db.read() as connection:
        documents = connection.execute(select(deadline.c.document).where(deadline.c.kind == "extension")).scalars().all()
    assert documents == ["9/CV"] * 2


def test_extending_by_days_counts_from_each_steps_own_date(played: Played) -> None:
    _, second, third = ids(played)
    take(played, "grant-extension", [second], payload={"until": "2024-05-31"})
    seen = preview(played.db, actor=OFFICER, action="grant-extension", steps=[second, third], days=5, calendar=CALENDAR)
    take(played, "grant-extension", [second, third], key="b2", days=5)
    dates = {played.step("ke-hoach-huyen", f"huyen-0{n}")["id"]: played.step("ke-hoach-huyen", f"huyen-0{n}")["due_on"] for n in (2, 3)}
    assert all(r.done and r.done.replayed for r in take(played, "grant-extension", [second, third], key="b2", days=5))
    assert dates == {second: date(2024, 6, 7), third: date(2024, 5, 23)} == {row.step_id: row.until for row in seen}


def test_the_same_key_again_does_nothing_twice(played: Played) -> None:
    _, second, third = ids(played)
    take(played, "chase", [second, third], payload={"text": "Đề nghị khẩn trương"})
    with played.db.read() as connection:
        before = connection.execute(select(func.count()).select_from(journal_entry)).scalar_one()
    again = take(played, "chase", [second, third], payload={"text": "Đề nghị khẩn trương"})
    assert all(r.done and r.done.replayed for r in again)
    with played.db.read() as connection:
        assert connection.execute(select(func.count()).select_from(journal_entry)).scalar_one() == before
        assert len(connection.execute(select(notice.c.id).where(notice.c.kind == "chased")).all()) == 2
    assert set(outcome(take(played, "chase", [second, third], key="other", payload={"text": "x"})).values()) == {"chased-lately"}


def test_a_document_goes_into_the_reason_where_the_action_knows_none(played: Played) -> None:
    take(played, "mark-not-applicable", ids(played), payload={"reason": "Đã có kế hoạch chung", "document": "12/UBND"})
    with played.db.read() as connection:
        said = connection.execute(select(journal_entry.c.text).where(journal_entry.c.action == "mark-not-applicable")).scalars().all()
    assert said == ["Đã có kế hoạch chung (12/UBND)"] * 3
    assert violations(played.db, now=at(played.day), calendar=CALENDAR) == []


def test_a_whole_workflow_is_suspended_resumed_and_cancelled(played: Played) -> None:
    stopped = take(played, "suspend", workflow_id=played.workflow_id, payload={"reason": "Chờ hướng dẫn"})
    assert outcome(stopped)[ids(played)[0]] == "status"  # with its approver
    assert set(outcome([r for r in stopped if r.step_id != ids(played)[0]]).values()) == {"done"}
    take(played, "resume", workflow_id=played.workflow_id, key="b2")
    with played.db.read() as connection:
        opened = connection.execute(select(func.count()).where(notice.c.kind == "assigned")).scalar_one()
    ended = take(played, "cancel", workflow_id=played.workflow_id, key="b3", payload={"reason": "Bãi bỏ"})
    assert set(outcome(ended).values()) == {"done"} and played.workflow()["finished_at"] is not None
    with played.db.read() as connection:
        assert connection.execute(select(func.count()).where(notice.c.kind == "assigned")).scalar_one() == opened
    assert violations(played.db, now=at(played.day), calendar=CALENDAR) == []


def test_what_cannot_be_is_said_before_anything_is_done(played: Played) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"action": "recall", "steps": ids(played)}, "action"),
        ({"action": "chase", "steps": []}, "missing"),
        ({"action": "chase", "steps": list(range(1, 502))}, "too-many"),
        ({"action": "grant-extension", "steps": ids(played), "days": 0}, "days"),
    ]
    for call, code in wrong:
        with pytest.raises(Invalid) as problem:
            take(played, **call)
        assert problem.value.code == code
    with pytest.raises(NotFound):
        take(played, "cancel", workflow_id=99, payload={"reason": "x"})
    for somebody in (district(1), person(7, roles=("supervisor",))):
        with pytest.raises(Refused):
            bulk(played.db, actor=somebody, action="chase", steps=ids(played), payload={}, key="k", now=at(played.day), calendar=CALENDAR)
        with pytest.raises(DondocError):
            preview(played.db, actor=somebody, action="chase", steps=ids(played), calendar=CALENDAR)


def test_the_preview_says_which_are_possible_and_why_not(played: Played) -> None:
    first, second, third = ids(played)
    rows = {r.step_id: r for r in preview(played.db, actor=OFFICER, action="suspend", steps=[first, second, third], calendar=CALENDAR)}
    assert rows[second].why is None
    assert rows[first].why == Text(
        "Không thực hiện được khi bước đang “Chờ xác nhận”.", "Not possible while the step is “Awaiting confirmation”."
    )


def own(played: Played, action: str, steps: list[int], who: Actor, **more: Any) -> dict[int, str]:
    return outcome(
        bulk(
            played.db, actor=who, action=action, steps=steps, payload={}, key=f"own-{action}", now=at(played.day), calendar=CALENDAR, **more
        )
    )


def test_a_unit_accepts_and_submits_many_of_its_own_and_nobody_elses(sqlite: Database) -> None:
    played = Played(sqlite)
    through_plan(played)
    mine, plain, theirs = (
        played.step(c, s)["id"] for c, s in (("ke-hoach-huyen", "huyen-02"), ("gop-y", "huyen-02"), ("gop-y", "huyen-03"))
    )
    assert own(played, "accept", [mine, plain, theirs], district(2)) == {mine: "done", plain: "done", theirs: "relation"}
    assert own(played, "submit", [mine, plain], district(2)) == {mine: "done", plain: "done"}
    assert own(played, "submit", [mine, plain], district(2)) == {mine: "done", plain: "done"}  # the same request again does nothing twice
    assert played.step("gop-y", "huyen-02")["round"] == 1
    assert played.status("gop-y", "huyen-03") == "open"
    assert own(played, "approve", [mine], OFFICER) == {mine: "done"}
    assert violations(sqlite, now=at(played.day), calendar=CALENDAR) == []


def test_what_has_to_be_filled_in_or_looked_at_is_left_to_its_own_page(sqlite: Database) -> None:
    played = Played(sqlite)
    plan = int(played.step("ke-hoach")["id"])
    assert own(played, "submit", [plan], OFFICER) == {plan: "one-by-one"}
    played.act(OFFICER, "submit", "ke-hoach", payload={"evidence": {"kh": {"number": "1", "date": "2024-05-02"}}})
    assert own(played, "approve", [plan], MEMBER) == {plan: "one-by-one"}
    played.act(MEMBER, "return", "ke-hoach", payload={"reason": "thiếu"})
    seen = preview(sqlite, actor=OFFICER, action="submit", steps=[plan], calendar=CALENDAR)
    assert [row.why and row.why.vi[:11] for row in seen] == ["Bị trả lại:"]
    assert played.status("ke-hoach") == "returned"


def test_a_step_that_one_may_not_know_of_is_no_step_and_acts_of_the_agency_stay_its_own(sqlite: Database) -> None:
    played = Played(sqlite)
    stranger = person(999, "so-la")
    step = int(played.step("ke-hoach")["id"])
    assert own(played, "accept", [step], stranger) == {step: "not-found"}
    with pytest.raises(NotFound):
        own(played, "accept", [], stranger, workflow_id=played.workflow_id)
    with pytest.raises(Refused):
        own(played, "chase", [step], district(1))
