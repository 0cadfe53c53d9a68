"""No page tells anybody of what does not exist for them: every read model, every kind of reader, one marker."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from engine.access import Actor
from engine.definition import Text
from engine.errors import NotFound
from models.database import Database
from models.reading.overdue import Wanted
from services.queries.counts import overdue_count
from services.queries.key_task_page import key_task_page
from services.queries.my_work import my_work
from services.queries.overdue import overdue_page
from services.queries.overview import overview
from services.queries.plan_page import plan_list, plan_page
from services.queries.search import search_page
from services.queries.unit_page import unit_page
from services.queries.units import unit_names
from services.queries.workflow_page import workflow_page
from tests.factories import FRONT, OFFICER, at, district, festival
from tests.services.foreign import ADMINISTRATOR, ALONE, AUDITOR, DAY, LEAK, LONER, STRANGER, SUPERVISOR, WRITTEN, Two
from tests.services.played import Played

NOW = at(DAY)
Page = Callable[[Two, Actor], Any]

OPEN_PAGES: dict[str, Page] = {
    "my work": lambda two, actor: my_work(two.db, actor, NOW),
    "overview": lambda two, actor: overview(two.db, actor, NOW),
    "plans": lambda two, actor: plan_list(two.db, actor, NOW),
    "overdue": lambda two, actor: overdue_page(two.db, actor, NOW, Wanted()),
    "overdue of the foreign unit": lambda two, actor: overdue_page(two.db, actor, NOW, Wanted((ALONE,))),
    "search": lambda two, actor: replace(search_page(two.db, actor, NOW, LEAK, unit_names(two.db, NOW.today)), asked=""),
    "the foreign unit": lambda two, actor: unit_page(two.db, actor, ALONE, NOW),
    "its own workflow": lambda two, actor: workflow_page(two.db, actor, two.workflow_id, NOW, unit_names(two.db, NOW.today)),
    "its own plan": lambda two, actor: plan_page(two.db, actor, two.plan_id, NOW),
    "its own key task": lambda two, actor: key_task_page(two.db, actor, 1, NOW, unit=ALONE),
}
FOREIGN_PAGES: dict[str, Page] = {
    "the foreign plan": lambda two, actor: plan_page(two.db, actor, two.foreign_plan_id, NOW),
    "the foreign key task": lambda two, actor: key_task_page(two.db, actor, 2, NOW),
    "the foreign workflow": lambda two, actor: workflow_page(two.db, actor, two.foreign_workflow_id, NOW, unit_names(two.db, NOW.today)),
    "an overview of the foreign plan": lambda two, actor: overview(two.db, actor, NOW, plan_id=two.foreign_plan_id),
}
OUTSIDERS = {"district": district(1), "front": FRONT, "stranger": STRANGER, "administrator": ADMINISTRATOR}
CONCERNED = {"agency": OFFICER, "supervisor": SUPERVISOR, "auditor": AUDITOR, "its unit": LONER}


@pytest.fixture
def two(sqlite: Database) -> Two:
    return Two(sqlite)


def told(page: Page, two: Two, actor: Actor) -> str:
    """Everything that the page's value holds, as text; "" where it does not exist."""
    try:
        return repr(page(two, actor))
    except NotFound:
        return ""


@pytest.mark.parametrize("actor", OUTSIDERS.values(), ids=OUTSIDERS)
def test_no_page_holds_the_foreign_plan(two: Two, actor: Actor):
    assert [name for name, page in OPEN_PAGES.items() if LEAK in told(page, two, actor)] == []


@pytest.mark.parametrize("actor", OUTSIDERS.values(), ids=OUTSIDERS)
def test_what_is_foreign_is_not_found(two: Two, actor: Actor):
    assert [name for name, page in FOREIGN_PAGES.items() if told(page, two, actor) not in ("", "None")] == []


@pytest.mark.parametrize("actor", CONCERNED.values(), ids=CONCERNED)
def test_whom_it_concerns_reads_it(two: Two, actor: Actor):
    assert [name for name, page in FOREIGN_PAGES.items() if LEAK not in told(page, two, actor)] == []


def test_words_written_on_another_units_step_stay_there(two: Two):
    page = OPEN_PAGES["its own workflow"]
    assert WRITTEN not in told(page, two, district(1))
    assert WRITTEN in told(page, two, district(2))
    assert WRITTEN in told(page, two, SUPERVISOR)


def test_of_other_steps_a_unit_sees_title_unit_status_and_dates_only(two: Two):
    page = workflow_page(two.db, district(1), two.workflow_id, NOW, unit_names(two.db, NOW.today))
    lines = [slot.step for step in page.process.steps for slot in step.slots]
    assert {line.lead for line in lines if line.in_full} == {"huyen-01"}
    assert all(line.asked_until is None for line in lines if not line.in_full)


def test_a_confidential_title_stays_on_its_own_page(sqlite: Database):
    plan = festival(2)
    secret = replace(plan.key_tasks[0].workflows[0], confidential=True, title=Text(f"{LEAK} title"))
    steps = tuple(replace(s, title=Text(f"{LEAK} {s.code}")) for s in secret.steps)
    key_task = replace(plan.key_tasks[0], workflows=(replace(secret, steps=steps),))
    played = Played(sqlite, NOW.today, replace(plan, key_tasks=(key_task,)))
    names = unit_names(sqlite, NOW.today)
    for listed in (my_work(sqlite, district(1), NOW), overview(sqlite, OFFICER, NOW), plan_page(sqlite, OFFICER, played.plan_id, NOW)):
        assert LEAK not in repr(listed)
    assert LEAK in repr(workflow_page(sqlite, OFFICER, played.workflow_id, NOW, names))


def test_the_count_beside_the_navigation_is_ones_own(two: Two):
    assert overdue_count(two.db, SUPERVISOR, NOW) == 1
    assert overdue_count(two.db, LONER, NOW) == 1
    assert overdue_count(two.db, district(1), NOW) == 0
    assert overdue_count(two.db, STRANGER, NOW) == 0
