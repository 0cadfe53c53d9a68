"""Only what changed is told to Prefect: every change costs its server 20 ms."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

from services.flow_view import FlowStep
from tasks.mirrors import OVERDUE, Shown, changes, mirror_name

STEP = FlowStep(7, "bao-cao", "Báo cáo", "Lộc Ninh", "open", "within", "running", "Chờ đơn vị", date(2024, 7, 15))


def shown_as(step: FlowStep) -> Shown:
    return Shown(uuid4(), mirror_name(step), step.mirror, step.state_name)


def test_a_new_step_is_created():
    (change,) = changes([STEP], {})

    assert change.shown is None
    assert not change.newly_overdue


def test_an_unchanged_step_costs_nothing():
    assert changes([STEP], {7: shown_as(STEP)}) == []


def test_a_new_state_is_told():
    (change,) = changes([replace(STEP, mirror="completed", state_name="Đã duyệt")], {7: shown_as(STEP)})

    assert change.restated
    assert not change.renamed


def test_a_step_handed_to_another_unit_is_renamed():
    (change,) = changes([replace(STEP, unit="Bù Đốp")], {7: shown_as(STEP)})

    assert change.renamed
    assert not change.restated


def test_overdue_is_news_once():
    late = replace(STEP, state_name=OVERDUE)

    (change,) = changes([late], {7: shown_as(STEP)})
    assert change.newly_overdue
    (renamed,) = changes([replace(late, unit="Bù Đốp")], {7: shown_as(late)})
    assert not renamed.newly_overdue
