"""A change of units before its day: everything is shown, everything wrong is said at once, and it can be taken back."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from engine.errors import Invalid, KeyReused, Refused
from engine.units import ChangeKind, ChangePart, Share, UnitChange
from models.database import Database
from models.tables import journal_entry, step, unit_change
from services.queries.unit_changes import change_lines, units_page
from services.unit_change import plan_change, propose, withdraw
from services.verify_journal import verify
from tests.factories import AGENCY, COMMITTEE, OFFICER, at, district
from tests.services.test_unit_settle import DAY, HEIR, MERGER, RENAME, Story, change, end


@pytest.fixture
def story(db: Database) -> Story:
    return Story(db)


def codes(story: Story, what: UnitChange) -> list[str]:
    return [problem.code for problem in propose(story.db, what, now=at(story.day)).errors]


def plan_it(story: Story, what: UnitChange, key: str = "k", seen: str | None = None) -> int:
    return plan_change(story.db, what, actor=OFFICER, key=key, now=at(story.day), seen=seen)


def test_every_open_step_is_listed_with_its_old_and_new_lead_and_nothing_is_written(story: Story) -> None:
    before = story.workflow()["seq"]
    found = propose(story.db, change(MERGER), now=at(story.day))
    assert [(line.old, line.new) for line in found.moved] == [("huyen-01", "khu-vuc")] * 4 + [("huyen-02", "khu-vuc")] * 4
    assert [(p.unit, p.successor) for p in found.people] == [("huyen-01", "khu-vuc"), ("huyen-02", "khu-vuc")]
    assert {(g.group, g.unit, g.successors) for g in found.groups} == {
        ("cap-huyen", "huyen-01", ("khu-vuc",)), ("cap-huyen", "huyen-02", ("khu-vuc",)),
    }  # fmt: skip
    assert found.told == 2
    assert story.workflow()["seq"] == before


def test_the_preview_is_what_then_happens(story: Story) -> None:
    what = change(MERGER, end(COMMITTEE, Share("mttq")))
    expected = {line.step_id: line.new for line in propose(story.db, what, now=at(story.day)).moved}
    plan_it(story, what)
    with story.db.read() as connection:
        before = {row.id: row.lead for row in connection.execute(select(step.c.id, step.c.lead))}
    story.cross()
    with story.db.read() as connection:
        after = {row.id: row.lead for row in connection.execute(select(step.c.id, step.c.lead))}
    assert {id_: lead for id_, lead in after.items() if lead != before[id_]} == expected


def test_who_confirms_is_shown_where_it_changes(story: Story) -> None:
    """A district that becomes part of the standing agency is confirmed by the committee from then on."""
    found = propose(story.db, change(end("huyen-01", Share(AGENCY))), now=at(story.day))
    line = next(line for line in found.lines if line.place and line.old == "huyen-01" and line.own)
    assert (line.approvers, line.approvers_after) == ((AGENCY,), (COMMITTEE,))


def test_every_problem_is_said_at_once(story: Story) -> None:
    overlap = (Share("huyen-02", ("NV4/ngay-hoi/bao-cao",)), Share("huyen-03", ("NV4/ngay-hoi/bao-cao", "NV4/ngay-hoi/bao-ca")))
    what = UnitChange(
        date(2024, 6, 1), " ",
        (
            ChangePart(ChangeKind.SPLIT, ("huyen-01",), overlap), end("mttq"), end("khong-co", Share("huyen-03")),
            end(AGENCY, Share(COMMITTEE)), end(COMMITTEE, Share(AGENCY)),
        ),
    )  # fmt: skip
    found = codes(story, what)
    assert {"no-document", "past-day", "overlap", "unknown-step", "no-successor", "unknown-unit", "cycle", "successor-ends"} <= set(found)
    with pytest.raises(Refused):
        plan_it(story, what)


def test_a_step_that_is_not_the_units_own_cannot_be_named(story: Story) -> None:
    other = story.step("gop-y", "huyen-03")["id"]
    assert codes(story, change(end("huyen-01", Share("huyen-02"), Share("huyen-03", (f"#{other}",))), begins=())) == ["not-its-step"]


def test_what_is_planned_already_stands_in_the_way(story: Story) -> None:
    plan_it(story, change(MERGER))
    assert codes(story, change(end("huyen-01", Share("huyen-03")), begins=())) == ["ended-unit", "already-planned"]
    assert codes(story, change(end("huyen-03", Share("huyen-01")), on=date(2024, 8, 1), begins=())) == ["ended-successor"]
    assert codes(story, change(end("huyen-03", Share("khu-vuc")), on=date(2024, 8, 1), begins=())) == []


def test_nothing_before_what_is_in_force(story: Story) -> None:
    plan_it(story, change(MERGER))
    story.cross()
    story.day = date(2024, 6, 20)  # the clock stands still, but a day before the last change may still be typed
    assert "before-applied" in codes(story, change(RENAME, on=date(2024, 6, 25), begins=()))


def test_once_for_a_key_and_only_as_it_was_seen(story: Story) -> None:
    seen = propose(story.db, change(MERGER), now=at(story.day)).seen
    story.act(district(1), "submit", "gop-y", "huyen-01")  # gop-y needs no confirmation: done
    with pytest.raises(Invalid) as stale:
        plan_it(story, change(MERGER), seen=seen)
    assert stale.value.code == "preview-changed"
    first = plan_it(story, change(MERGER))
    assert plan_it(story, change(MERGER)) == first
    with pytest.raises(KeyReused):
        plan_it(story, change(RENAME, begins=()))


def test_taken_back_before_its_day_nothing_happens(story: Story) -> None:
    number = plan_it(story, change(MERGER))
    assert withdraw(story.db, number, actor=OFFICER, now=at(story.day))
    assert not withdraw(story.db, number, actor=OFFICER, now=at(story.day))
    assert story.cross() == 0
    assert story.step("gop-y", "huyen-01")["lead"] == "huyen-01"
    assert [line.state for line in change_lines(story.db)] == ["withdrawn"]
    assert verify(story.db).faults == ()


def test_in_force_it_cannot_be_taken_back(story: Story) -> None:
    number = plan_it(story, change(MERGER))
    story.cross()
    with pytest.raises(Refused):
        withdraw(story.db, number, actor=OFFICER, now=at(story.day))


def test_the_tree_shows_who_is_there_and_what_became_of_the_others(story: Story) -> None:
    plan_it(story, change(MERGER))
    story.cross()
    page = units_page(story.db, at(story.day))
    assert {line.unit.code: line.predecessors for line in page.lines if line.predecessors} == {HEIR.code: ("huyen-01", "huyen-02")}
    assert [line.unit.code for line in page.ended] == ["huyen-01", "huyen-02"]
    assert next(line for line in page.lines if line.unit.code == HEIR.code).depth == 1


def test_each_change_is_one_record_and_one_entry(story: Story) -> None:
    plan_it(story, change(MERGER))
    with story.db.read() as connection:
        assert connection.execute(select(func.count()).select_from(unit_change)).scalar_one() == 1
        actions = connection.execute(select(journal_entry.c.action).where(journal_entry.c.stream == "office")).scalars()
        assert list(actions).count("plan-units") == 1
    assert story.day < DAY
