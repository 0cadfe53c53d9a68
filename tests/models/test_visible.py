"""Read scope where it is made: rows that are not yours do not come back, whichever table they are read from."""

import pytest
from sqlalchemy import func, select

from engine.access import Actor
from models.database import Database
from models.reading.lines import fetch, step_lines
from models.tables import deadline, journal_entry, key_task, plan, round_, step, unit, workflow
from models.visible import in_full, visible
from tests.factories import CLERK, FRONT, MEMBER, OFFICER, district
from tests.services.foreign import ADMINISTRATOR, AUDITOR, LONER, STRANGER, SUPERVISOR, Two

READERS_OF_ALL = (OFFICER, SUPERVISOR, AUDITOR)
OF_THE_FESTIVAL = (district(1), district(2), FRONT, CLERK)
NOBODY = (STRANGER, ADMINISTRATOR)


@pytest.fixture
def two(db: Database) -> Two:
    return Two(db)


def ids(two: Two, table, actor: Actor) -> set[int]:
    with two.db.read() as connection:
        return set(connection.execute(visible(select(table.c.id), actor)).scalars())


@pytest.mark.parametrize("actor", READERS_OF_ALL)
def test_some_read_every_plan(two: Two, actor: Actor):
    assert ids(two, plan, actor) == {two.plan_id, two.foreign_plan_id}
    assert ids(two, workflow, actor) == {two.workflow_id, two.foreign_workflow_id}
    assert len(ids(two, key_task, actor)) == 2


@pytest.mark.parametrize("actor", OF_THE_FESTIVAL)
def test_a_unit_knows_the_workflows_in_which_it_takes_part(two: Two, actor: Actor):
    assert ids(two, plan, actor) == {two.plan_id}
    assert ids(two, workflow, actor) == {two.workflow_id}
    assert len(ids(two, key_task, actor)) == 1
    assert len(ids(two, step, actor)) == 5 + 4 * 3


@pytest.mark.parametrize("actor", NOBODY)
@pytest.mark.parametrize("table", [plan, key_task, workflow, step])
def test_for_others_nothing_exists(two: Two, actor: Actor, table):
    assert ids(two, table, actor) == set()


def test_a_unit_of_both_plans_knows_both(two: Two):
    assert ids(two, plan, MEMBER) == {two.plan_id}  # the committee approves for the agency in one of them only
    assert ids(two, plan, LONER) == {two.foreign_plan_id}


def test_of_its_workflow_a_unit_reads_in_full_what_it_leads_coordinates_or_approves(two: Two):
    with two.db.read() as connection:
        rows = connection.execute(visible(select(step.c.code, step.c.slot, in_full(district(1)).label("full")), district(1))).all()
        front = connection.execute(visible(select(step.c.code, in_full(FRONT).label("full")), FRONT)).all()
    assert {row.slot for row in rows if row.full} == {"huyen-01"}
    assert {row.slot for row in rows if not row.full} == {"", "huyen-02", "huyen-03"}
    assert {row.code for row in front if row.full} == {"gop-y", "so-bo", "quyet-dinh"}


def test_a_former_lead_still_reads(two: Two):
    two.act(OFFICER, "reassign", "gop-y", "huyen-03", payload={"lead": "huyen-01", "reason": "chuyển địa bàn"})
    with two.db.read() as connection:
        row = connection.execute(select(in_full(district(3)).label("full")).where(step.c.id == two.step("gop-y", "huyen-03")["id"])).one()
    assert row.full


@pytest.mark.parametrize("table", [journal_entry, deadline, round_])
def test_what_belongs_to_a_step_goes_with_reading_it_in_full(two: Two, table):
    own = {two.step(code, "huyen-02")["id"] for code in ("gop-y", "ke-hoach-huyen", "to-chuc", "bao-cao")}
    for number in (1, 2):
        two.act(district(number), "submit", "gop-y", f"huyen-0{number}")
    with two.db.read() as connection:
        mine = set(connection.execute(visible(select(table.c.step_id), district(2))).scalars())
        others = set(connection.execute(visible(select(table.c.step_id), district(1))).scalars())
        everything = connection.execute(visible(select(func.count()).select_from(table), SUPERVISOR)).scalar_one()
    assert mine
    assert mine <= own
    assert not others & own
    assert everything > len(mine)


def test_an_alias_is_narrowed_like_its_table(two: Two):
    other = step.alias("other")
    with two.db.read() as connection:
        found = set(connection.execute(visible(select(other.c.workflow_id), district(1))).scalars())
    assert found == {two.workflow_id}


def test_every_guarded_table_of_a_join_is_narrowed(two: Two):
    query = select(plan.c.id, workflow.c.id).select_from(plan.join(workflow, workflow.c.plan_id == plan.c.id))
    with two.db.read() as connection:
        assert connection.execute(visible(query, LONER)).tuples().all() == [(two.foreign_plan_id, two.foreign_workflow_id)]


def test_lists_of_steps_hold_the_same_rows_and_know_the_same_of_each(two: Two):
    """They join the workflow, which is narrowed by the very condition of its steps, and ask for full reading row by row."""
    for actor in (*READERS_OF_ALL, *OF_THE_FESTIVAL, *NOBODY, MEMBER, LONER):
        with two.db.read() as connection:
            plain = connection.execute(visible(select(step.c.id, in_full(actor).label("full")), actor)).tuples().all()
            listed = [(row.id, row.in_full) for row in fetch(connection, step_lines(actor))]
        assert sorted(listed) == sorted(plain)
        assert str(step_lines(actor)).count("EXISTS") == (0 if actor.reads_everything else 1)


def test_a_query_that_nothing_guards_is_a_mistake():
    with pytest.raises(ValueError, match="guards"):
        visible(select(unit.c.code), district(1))
