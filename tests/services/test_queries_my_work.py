"""My work: each step stands in one group, the most urgent first, with the one thing to do next."""

from datetime import date, timedelta

import pytest

from engine.access import Actor
from engine.statuses import WorkStatus
from engine.transitions import Action, find
from models.database import Database
from services.queries.my_work import GroupCode, MyWork, my_work
from tests.factories import MEMBER, OFFICER, at, district, person
from tests.services.foreign import STRANGER, SUPERVISOR
from tests.services.played import Played

G = GroupCode
HANDED_IN = {"evidence": {"kh": {"number": "12/KH", "date": "2024-05-02"}}}


@pytest.fixture
def played(sqlite: Database) -> Played:
    found = Played(sqlite)
    found.people(OFFICER, MEMBER, *(district(n) for n in (1, 2, 3)))
    return found


def shown(played: Played, actor: Actor, day: date | None = None) -> dict[GroupCode, list[str]]:
    """Step codes by group."""
    page = my_work(played.db, actor, at(day or played.day))
    return {group.code: [row.step.code for row in group.rows] for group in page.groups}


def page_of(played: Played, actor: Actor, day: date | None = None) -> MyWork:
    return my_work(played.db, actor, at(day or played.day))


def test_what_is_open_is_to_do_and_what_is_not_waits(played: Played):
    assert shown(played, district(1)) == {G.TO_DO: ["gop-y"], G.WAITING: ["ke-hoach-huyen", "to-chuc", "bao-cao"]}


@pytest.mark.parametrize(("day", "group"), [(date(2024, 7, 26), G.TO_DO), (date(2024, 7, 29), G.DUE_SOON), (date(2024, 8, 1), G.OVERDUE)])
def test_the_same_step_moves_up_as_its_date_comes(played: Played, day: date, group: GroupCode):
    assert shown(played, district(1), day)[group] == ["gop-y"]
    assert page_of(played, district(1), day).total(group) == 1


def test_overdue_is_the_main_act_and_says_for_how_long(played: Played):
    row = page_of(played, district(1), date(2024, 8, 5)).groups[0].rows[0]
    assert row.step.late_days == 5
    assert row.next.weight == "main"


def test_what_is_submitted_waits_for_the_approver_and_stands_in_their_list(played: Played):
    played.act(OFFICER, "submit", "ke-hoach", payload=HANDED_IN)
    assert "ke-hoach" in shown(played, OFFICER)[G.WAITING]
    approvals = page_of(played, MEMBER).groups[0]
    assert (approvals.code, [r.step.code for r in approvals.rows]) == (G.TO_APPROVE, ["ke-hoach"])
    assert approvals.rows[0].approve_days == 5  # three working days over a weekend
    assert (approvals.rows[0].next.weight, page_of(played, MEMBER).late_approvals) == ("plain", 0)
    later = page_of(played, MEMBER, played.day + timedelta(days=6))
    assert (later.groups[0].rows[0].next.weight, later.late_approvals) == ("main", 1)
    assert G.TO_APPROVE not in shown(played, person(150, "mttq"))


def test_a_returned_step_says_when_and_why(played: Played):
    played.act(OFFICER, "submit", "ke-hoach", payload=HANDED_IN)
    played.act(MEMBER, "return", "ke-hoach", payload={"reason": "Thiếu phụ lục"})
    group = page_of(played, OFFICER).groups[0]
    assert group.code == G.RETURNED
    assert (group.rows[0].returned_on, group.rows[0].why) == (played.day, "Thiếu phụ lục")


def test_the_standing_agency_answers_what_it_is_asked(played: Played):
    played.act(district(1), "request-extension", "gop-y", "huyen-01", payload={"until": "2024-08-15", "reason": "Hội đồng họp muộn"})
    played.act(district(2), "refuse", "gop-y", "huyen-02", payload={"reason": "không phải việc của huyện"})
    asked = next(g for g in page_of(played, OFFICER).groups if g.code == G.TO_DECIDE)
    assert {r.step.lead for r in asked.rows} == {"huyen-01", "huyen-02"}
    assert {r.step.asked_until for r in asked.rows} == {date(2024, 8, 15), None}
    assert G.TO_DECIDE not in shown(played, district(3))


def test_what_is_done_stays_for_a_fortnight(played: Played):
    played.act(district(1), "submit", "gop-y", "huyen-01")
    assert shown(played, district(1))[G.DONE] == ["gop-y"]
    assert G.DONE not in shown(played, district(1), date(2024, 5, 20))


def test_the_next_action_is_one_of_the_table(played: Played):
    row = page_of(played, district(1), date(2024, 7, 30)).groups[0].rows[0]
    assert (row.next.label.vi, row.next.weight) == ("Nhận việc", "plain")
    played.act(district(1), "accept", "gop-y", "huyen-01")
    row = page_of(played, district(1), date(2024, 7, 30)).groups[0].rows[0]
    assert row.next.label == find(Action.SUBMIT, WorkStatus.IN_PROGRESS).label  # type: ignore[union-attr]


def test_the_count_is_whole_even_where_the_list_is_cut(played: Played, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("services.queries.my_work.MOST_WAITING", 1)
    waiting = next(g for g in page_of(played, district(1)).groups if g.code == G.WAITING)
    assert (len(waiting.rows), waiting.total) == (1, 3)


def test_who_belongs_to_no_unit_has_no_work(played: Played):
    for actor in (STRANGER, SUPERVISOR):
        page = page_of(played, actor)
        assert (page.groups, page.has_units) == ((), False)


def test_a_waiting_step_names_what_it_waits_for(played: Played):
    waiting = next(g for g in page_of(played, OFFICER).groups if g.code == G.WAITING)
    assert [r.step.waits_for for r in waiting.rows if r.step.code == "tong-hop"] == [(4,)]
