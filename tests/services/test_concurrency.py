"""People act at the same instant: real threads, real connections. What is acknowledged is kept, and nothing happens twice or never."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, RowMapping, select
from sqlalchemy.exc import IntegrityError

from benchmarks.plans import DAY, SUMMARY, opened, reports_of
from engine.access import Actor
from engine.errors import Refused, Stale
from engine.journal import first_fault
from models import action_path
from models.database import Database, FairLock
from models.tables import journal_entry, step, workflow
from services.act import ActionResult, act
from tests.factories import CALENDAR, MEMBER, OFFICER, OTHER_OFFICER, at, person
from tests.services.played import Played

JOINS = 500
NUMBERED: dict[str, Any] = {"evidence": {"kh": {"number": "12/KH", "date": "2024-06-01"}}}
Call = Callable[[], Any]


class Crowd:
    """Threads that start their calls at the same instant."""

    def __init__(self, size: int) -> None:
        self._threads = ThreadPoolExecutor(size)

    def together(self, *calls: Call) -> list[Any]:
        """Make the calls at once; each one's result, or the exception that it raised."""
        barrier = threading.Barrier(len(calls))

        def one(call: Call) -> Any:
            barrier.wait(30)
            return call()

        futures = [self._threads.submit(one, call) for call in calls]
        return [future.exception(60) or future.result() for future in futures]

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown()


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    found = Crowd(8)
    yield found
    found.close()


def acting(db: Database, actor: Actor, action: str, step_id: int, **more: Any) -> Call:
    """An action as a call without arguments."""
    day = more.pop("day", DAY)
    return lambda: act(db, actor=actor, step_id=step_id, action=action, now=at(day), calendar=CALENDAR, **more)


def last_two(db: Database, workflow_id: int) -> tuple[Call, Call]:
    """The calls that complete a join of two units: the approvals of both, by two people of the standing agency."""
    first, second = reports_of(db, workflow_id)
    for number, one in enumerate((first, second)):
        acting(db, person(500 + number, one.slot), "submit", one.id, payload={"figures": {"so": number}})()
    return acting(db, OFFICER, "approve", first.id), acting(db, OTHER_OFFICER, "approve", second.id)


def summaries(db: Database) -> list[str]:
    """The status of the step behind every join."""
    with db.read() as connection:
        return list(connection.execute(select(step.c.status).where(step.c.code == SUMMARY)).scalars())


def openings(db: Database) -> Counter[str]:
    """How many times the step behind the join was opened, by journal stream."""
    with db.read() as connection:
        rows = connection.execute(select(journal_entry.c.stream, journal_entry.c.body)).all()
    return Counter(r.stream for r in rows for fact in r.body["facts"] if fact["kind"] == "step.opened" and fact["code"] == SUMMARY)


def faults(db: Database) -> list[str]:
    """What is wrong with any workflow's journal."""
    with db.read() as connection:
        found = []
        for row in connection.execute(select(workflow)).mappings().all():
            query = select(journal_entry).where(journal_entry.c.stream == f"workflow:{row['id']}").order_by(journal_entry.c.seq)
            entries = [(e["seq"], e["body"], e["hash"], e["text"], e["salt"]) for e in connection.execute(query).mappings()]
            found.append(first_fault(entries, row["seq"], row["head"]))
    return [fault for fault in found if fault]


@pytest.mark.postgres
def test_the_last_two_of_a_join_at_the_same_instant_open_it_exactly_once(postgres: Database, crowd: Crowd) -> None:
    ids = opened(postgres, units=2, workflows=JOINS)[:JOINS]
    for workflow_id in ids:
        results = crowd.together(*last_two(postgres, workflow_id))
        assert sorted(len(r.opened) for r in results) == [0, 1]
    assert Counter(summaries(postgres))["open"] == JOINS
    assert openings(postgres) == Counter({f"workflow:{workflow_id}": 1 for workflow_id in ids})
    assert faults(postgres) == []


def take_the_lock_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: the workflow is read without being locked, and both people have read before either writes."""
    locking = action_path._LOCK_BY_STEP
    assert locking.whereclause is not None
    reading = select(*locking.selected_columns).where(locking.whereclause)
    both_have_read = threading.Barrier(2)

    def read(connection: Connection, step_id: int) -> RowMapping | None:
        row = connection.execute(reading, {"step_id": step_id}).mappings().one_or_none()
        both_have_read.wait(30)
        return row

    monkeypatch.setattr(action_path, "lock_by_step", read)


@pytest.mark.postgres
def test_without_the_lock_the_journal_is_the_backstop_and_one_of_the_two_fails(
    postgres: Database, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workflow_id, *_) = opened(postgres, units=2, workflows=1)
    calls = last_two(postgres, workflow_id)
    take_the_lock_away(monkeypatch)
    results = crowd.together(*calls)
    assert Counter(type(r) for r in results) == Counter({ActionResult: 1, IntegrityError: 1})
    assert set(summaries(postgres)) == {"waiting"}


@pytest.mark.postgres
def test_without_lock_and_backstop_both_are_acknowledged_and_the_join_never_opens(
    postgres: Database, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workflow_id, *_) = opened(postgres, units=2, workflows=1)
    calls = last_two(postgres, workflow_id)
    take_the_lock_away(monkeypatch)
    monkeypatch.setattr(action_path, "add_entry", lambda *_: None)
    monkeypatch.setattr(action_path, "add_notices", lambda *_: None)
    results = crowd.together(*calls)
    assert {r.status for r in results} == {"done"}
    assert set(summaries(postgres)) == {"waiting"}


def test_two_people_act_on_one_step_and_the_slower_is_told(db: Database, crowd: Crowd) -> None:
    played = Played(db)
    played.people(OFFICER, OTHER_OFFICER)
    seen = played.step("ke-hoach")
    calls = [
        acting(db, actor, "submit", seen["id"], payload=NUMBERED, expected_version=seen["version"], day=played.day)
        for actor in (OFFICER, OTHER_OFFICER)
    ]
    results = crowd.together(*calls)
    (won,) = [r for r in results if isinstance(r, ActionResult)]
    (lost,) = [r for r in results if isinstance(r, Stale)]
    assert won.status == "submitted" and played.step("ke-hoach")["round"] == 1
    assert [change["action"] for change in lost.changed] == ["submit"]


def test_two_decide_on_one_round_and_the_slower_is_told_by_whom(db: Database, crowd: Crowd) -> None:
    played = Played(db)
    other = person(900, *MEMBER.units)
    played.people(OFFICER, MEMBER, other)
    played.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    seen = played.step("ke-hoach")
    looked_at = {"round": seen["round"], "link": seen["link"]}
    calls = [
        acting(db, MEMBER, "approve", seen["id"], payload=looked_at, expected_version=seen["version"], day=played.day),
        acting(db, other, "return", seen["id"], payload={**looked_at, "reason": "thiếu"}, expected_version=seen["version"], day=played.day),
    ]
    (lost,) = [r for r in crowd.together(*calls) if isinstance(r, Stale)]
    assert [change["action"] for change in lost.changed] == ["approve" if played.status("ke-hoach") == "done" else "return"]


def test_the_same_request_at_the_same_instant_is_done_once(db: Database, crowd: Crowd) -> None:
    played = Played(db)
    step_id = played.step("ke-hoach")["id"]
    calls = [acting(db, OFFICER, "comment", step_id, payload={"text": "một lần"}, key="k", day=played.day)] * 6
    results = crowd.together(*calls)
    assert sorted(r.replayed for r in results) == [False, *[True] * 5]
    assert {r.seq for r in results} == {2} and played.workflow()["seq"] == 2


def test_a_comment_an_approval_and_a_submission_at_once_lose_nothing(db: Database, crowd: Crowd) -> None:
    played = Played(db)
    plan = played.step("ke-hoach")["id"]
    played.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    opinion = played.step("gop-y", "huyen-01")["id"]
    results = crowd.together(
        acting(db, OFFICER, "comment", plan, payload={"text": "xin ý kiến"}, day=played.day),
        acting(db, MEMBER, "approve", plan, payload={"round": 1, "link": 0}, day=played.day),
        acting(db, person(201, "huyen-01"), "submit", opinion, day=played.day),
    )
    assert [type(r) for r in results] == [ActionResult] * 3
    assert sorted(r.seq for r in results) == [3, 4, 5] and played.workflow()["seq"] == 5
    assert (played.status("ke-hoach"), played.status("gop-y", "huyen-01")) == ("done", "done")
    counts = played.workflow()["counts"]
    assert (counts["ke-hoach"]["done"], counts["gop-y"]["done"]) == (1, 1)
    assert faults(db) == []


def test_on_one_step_a_comment_an_approval_and_a_submission_are_each_kept_or_told(db: Database, crowd: Crowd) -> None:
    played = Played(db)
    step_id, lost = played.step("ke-hoach")["id"], 0
    for number in range(20):
        if number:
            played.act(OFFICER, "reopen", "ke-hoach", payload={"reason": f"lần {number}"})
        played.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
        before = played.workflow()["seq"]
        said, approved, again = crowd.together(
            acting(db, OTHER_OFFICER, "comment", step_id, payload={"text": f"ý kiến {number}"}, day=played.day),
            acting(db, MEMBER, "approve", step_id, payload={"round": number + 1, "link": 0}, day=played.day),
            acting(db, OFFICER, "submit", step_id, payload=NUMBERED, day=played.day),
        )
        assert (type(said), type(approved), type(again)) == (
            ActionResult,
            ActionResult,
            Refused,
        )  # what is handed in cannot be handed in twice
        assert {said.seq, approved.seq} == {before + 1, before + 2}
        lost += played.status("ke-hoach") != "done"
    assert lost == 0
    with db.read() as connection:
        comments = connection.execute(select(journal_entry.c.text).where(journal_entry.c.action == "comment")).scalars()
        assert sorted(comments) == sorted(f"ý kiến {number}" for number in range(20))
    assert played.step("ke-hoach")["round"] == 20
    assert faults(db) == []


def test_many_writers_on_sqlite_all_get_their_turn(sqlite: Database, crowd: Crowd) -> None:
    (workflow_id, *_) = opened(sqlite, units=8, workflows=1)
    steps = reports_of(sqlite, workflow_id)
    calls = [acting(sqlite, person(500 + n, s.slot), "submit", s.id, payload={"figures": {"so": n}}) for n, s in enumerate(steps)]
    assert {r.status for r in crowd.together(*calls)} == {"submitted"}
    assert faults(sqlite) == []


def test_the_lock_is_granted_in_the_order_in_which_it_was_asked_for() -> None:
    lock, order = FairLock(), list[int]()
    threads = [threading.Thread(target=_note, args=(lock, order, number)) for number in range(8)]
    with lock:
        for waiting, thread in enumerate(threads, start=1):
            thread.start()
            while len(lock._queue) < waiting:
                time.sleep(0.001)
    for thread in threads:
        thread.join(10)
    assert order == list(range(8))


def _note(lock: FairLock, order: list[int], number: int) -> None:
    with lock:
        order.append(number)
