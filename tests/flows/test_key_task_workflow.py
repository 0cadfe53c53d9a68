"""What a supervisor sees of a workflow in Prefect, on a real server."""

from datetime import date

import pytest
from prefect.client.schemas.objects import StateType
from prefect.states import Cancelled, Running

from flows.key_task_workflow import REPLACED
from services.wakes import mark_dirty, next_generation
from tests.factories import MEMBER, OFFICER

pytestmark = pytest.mark.prefect

SUBMITTED = {"evidence": {"kh": {"number": "12/KH", "date": "2024-05-02"}}}


def test_a_workflow_waits_for_people_under_a_readable_name(played):
    assert played.wake() == 1

    run = played.run()
    assert run.name == "NV4 · 2024 · Ngày hội"
    assert run.state_type is StateType.PAUSED
    assert run.state_name.startswith("Chờ ")
    assert {"NV4", "2024"} <= set(run.tags)


def test_its_steps_are_shown_with_unit_and_state(played):
    played.wake()

    mirror = played.mirrors()["ke-hoach · cong-an-tinh"]
    assert mirror.state_type is StateType.RUNNING
    assert mirror.state_name == "Chờ đơn vị"
    assert "cong-an-tinh" in mirror.tags


def test_what_people_do_shows_after_the_next_wake(played):
    played.wake()
    played.plan.act(OFFICER, "submit", "ke-hoach", payload=SUBMITTED)
    played.wake()
    assert played.mirrors()["ke-hoach · cong-an-tinh"].state_name == "Chờ duyệt"

    played.plan.act(MEMBER, "approve", "ke-hoach")
    played.wake()

    mirrors = played.mirrors()
    assert mirrors["ke-hoach · cong-an-tinh"].state_type is StateType.COMPLETED
    assert {f"ke-hoach-huyen · huyen-{n:02}" for n in (1, 2, 3)} <= set(mirrors)
    assert played.run().state_type is StateType.PAUSED


def test_what_is_overdue_is_found_by_tag_and_stays_running(played):
    played.wake()
    played.day = date(2024, 7, 20)
    mark_dirty(played.plan.db, played.plan.workflow_id)
    played.wake()

    assert "overdue" in played.run().tags
    assert "quá hạn" in played.run().state_name
    mirror = played.mirrors()["ke-hoach · cong-an-tinh"]
    assert (mirror.state_type, mirror.state_name) == (StateType.RUNNING, "Quá hạn")


def test_waking_twice_changes_nothing(played):
    played.wake()
    before = {name: mirror.state_id for name, mirror in played.mirrors().items()}
    played.plan.act(OFFICER, "accept", "ke-hoach")
    played.wake()

    assert {name: mirror.state_id for name, mirror in played.mirrors().items()} == before


def test_a_run_cancelled_by_hand_is_replaced(played):
    played.wake()
    first = played.run_id
    played.client.set_flow_run_state(first, Cancelled())

    assert played.repair.look() == 1
    played.wake()

    assert played.run_id != first
    assert played.run().state_type is StateType.PAUSED
    assert played.mirrors().keys() >= {"ke-hoach · cong-an-tinh"}


def test_a_killed_run_is_closed_and_replaced(played):
    played.wake()
    first = played.run_id
    played.client.resume_flow_run(first)
    played.client.set_flow_run_state(first, Running())

    assert played.repair.look() == 1
    played.wake()

    assert played.run(first).state_type is StateType.CRASHED
    assert played.run().state_type is StateType.PAUSED


def test_a_run_that_is_no_longer_the_one_ends_itself(played):
    played.wake()
    first = played.run_id
    next_generation(played.plan.db, played.plan.workflow_id)
    mark_dirty(played.plan.db, played.plan.workflow_id)
    played.repair.look()
    played.wake()

    assert played.run(first).state_type is StateType.COMPLETED
    assert played.run(first).state_name == REPLACED
    assert played.run().state_type is StateType.PAUSED
