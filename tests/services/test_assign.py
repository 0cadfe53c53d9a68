"""Ad-hoc assignments: one form, the plan's own engine."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.assignment import AD_HOC
from engine.definition import Text
from engine.errors import InvalidFields, KeyReused, NotFound, Refused
from models.database import Database
from models.reading.overdue import Wanted
from models.tables import assignment, journal_entry, notice, workflow
from services.act import act
from services.assign import Assigned, assign, choices, propose
from services.flow_view import flow_view
from services.invariants import violations
from services.queries.my_work import my_work
from services.queries.overdue import overdue_page
from services.queries.overview import overview
from services.queries.plan_page import plan_page
from services.queries.units import unit_names
from services.queries.workflow_page import workflow_page
from services.sweep import sweep
from services.verify_journal import verify
from tests.factories import AGENCY, CALENDAR, COMMITTEE, FRONT, OFFICER, at, district, person
from tests.services.played import Played

DAY = date(2024, 5, 6)
FORM: dict[str, Any] = {
    "number": "512/UBND-NC", "signed_on": "2024-05-03", "abstract": "Phòng, chống cháy rừng", "leader": "Chủ tịch UBND tỉnh",
    "text": "Kiểm tra phương án phòng cháy, báo cáo kết quả.", "leads": ["cap-huyen"], "coordinating": ["mttq"], "due_on": "2024-05-15",
    "evidence": "Báo cáo kết quả", "numbered": "1",
}  # fmt: skip


@pytest.fixture
def played(db: Database) -> Played:
    return Played(db, DAY)


def make(db: Database, key: str = "k", **changes: Any) -> Assigned:
    return assign(db, {**FORM, **changes}, actor=OFFICER, key=key, now=at(DAY), calendar=CALENDAR)


def steps_of(db: Database, workflow_id: int) -> dict[str, Any]:
    names = unit_names(db, DAY)
    page = workflow_page(db, OFFICER, workflow_id, at(DAY), names)
    return {slot.step.slot or slot.step.lead: slot.step for step in page.process.steps for slot in step.slots}


def rows(db: Database, table: Any) -> int:
    with db.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_each_lead_gets_a_step_that_is_open_and_due(played: Played) -> None:
    made = make(played.db)
    steps = steps_of(played.db, made.workflow_id)
    assert sorted(steps) == ["huyen-01", "huyen-02", "huyen-03"]
    assert {(s.status.value, s.due_on) for s in steps.values()} == {("open", date(2024, 5, 15))}
    assert verify(played.db).faults == ()
    assert violations(played.db, now=at(DAY), calendar=CALENDAR) == []


def test_one_lead_gets_a_single_step_done_by_the_usual_actions(played: Played) -> None:
    made = make(played.db, leads="huyen-02")
    step = steps_of(played.db, made.workflow_id)["huyen-02"]
    day, evidence = at(date(2024, 5, 8)), {"minh-chung-1": {"number": "1/BC", "date": "2024-05-08"}}
    act(played.db, actor=district(2), step_id=step.id, action="submit", payload={"evidence": evidence}, now=day, calendar=CALENDAR)
    done = act(played.db, actor=OFFICER, step_id=step.id, action="approve", now=day, calendar=CALENDAR)
    assert done.status == "done"
    view = flow_view(played.db, made.workflow_id, now=day)
    assert view is not None and view.finished


def test_its_flow_run_bears_the_documents_number_and_a_tag_of_its_own(played: Played) -> None:
    view = flow_view(played.db, make(played.db).workflow_id, now=at(DAY))
    assert view is not None
    assert view.name == "Đột xuất · số 512/UBND-NC · Phòng, chống cháy rừng"
    assert AD_HOC in view.tags and "2024" in view.tags and "plan" not in view.tags


def test_it_is_overdue_reminded_and_counted_beside_the_key_tasks(played: Played) -> None:
    before = overview(played.db, OFFICER, at(DAY))
    make(played.db)
    late = at(date(2024, 5, 20))
    sweep(played.db, now=late, calendar=CALENDAR)
    lines = overdue_page(played.db, OFFICER, late, Wanted(key_task=AD_HOC)).lines
    assert [line.place for line in lines] == [Text("Đột xuất · số 512/UBND-NC", "Ad hoc · no. 512/UBND-NC")] * 3
    assert overdue_page(played.db, OFFICER, late, Wanted(key_task="-")).lines == ()
    after = overview(played.db, OFFICER, late)
    assert before and after
    assert [c.code for c in after.columns] == [*(c.code for c in before.columns), AD_HOC]
    assert after.columns[-1].late == 3 and after.columns[-1].id is None
    page = plan_page(played.db, OFFICER, played.plan_id, late)
    assert len(page.ad_hoc) == 1 and not page.common and len(page.key_tasks) == 1
    assert any(row.step.key_task == "" for group in my_work(played.db, district(1), late).groups for row in group.rows)


def test_sending_it_twice_makes_one_and_another_form_under_its_key_is_refused(played: Played) -> None:
    first, again = make(played.db), make(played.db)
    assert (again.workflow_id, again.replayed) == (first.workflow_id, True)
    assert rows(played.db, assignment) == 1
    with pytest.raises(KeyReused):
        make(played.db, text="Việc khác")
    assert make(played.db, key="other").workflow_id != first.workflow_id


def test_the_preview_shows_steps_and_mails_and_leaves_nothing(played: Played) -> None:
    played.people(OFFICER, FRONT, district(1), district(2))
    tables = (assignment, workflow, journal_entry, notice)
    before = [rows(played.db, table) for table in tables]
    found = propose(played.db, FORM, actor=OFFICER, now=at(DAY), calendar=CALENDAR)
    assert [(s.lead, s.approvers) for s in found.steps] == [(f"huyen-{n:02}", (AGENCY,)) for n in (1, 2, 3)]
    told = {(m.unit, m.what.vi, m.how) for m in found.mails}
    assert {("huyen-01", "Việc mới", "immediate"), ("mttq", "Phối hợp", "digest")} <= {(u, w.split(":")[0], h) for u, w, h in told}
    assert [rows(played.db, table) for table in tables] == before
    made = make(played.db)
    seen = propose(played.db, FORM, actor=OFFICER, now=at(DAY), calendar=CALENDAR)
    assert [(id_, title.vi) for id_, title in seen.same] == [(made.workflow_id, "Phòng, chống cháy rừng")]


def test_a_preview_never_lends_its_definition_to_what_is_made(played: Played) -> None:
    propose(played.db, {**FORM, "text": "Bản nháp"}, actor=OFFICER, now=at(DAY), calendar=CALENDAR)
    steps = steps_of(played.db, make(played.db, text="Bản thật").workflow_id)
    assert {s.title.vi for s in steps.values()} == {"Bản thật"}


def test_urgent_leaves_at_once_and_a_day_off_is_doubted(played: Played) -> None:
    make(played.db, urgent="1")
    with played.db.read() as connection:
        own = connection.execute(select(notice.c.urgency).where(notice.c.kind == "assigned", notice.c.step_code == "viec")).scalars().all()
    assert set(own) == {"urgent"}
    found = propose(played.db, {**FORM, "due_on": "2024-05-18"}, actor=OFFICER, now=at(DAY), calendar=CALENDAR)
    assert found.doubts == (Text("Hạn 18/05/2024 là ngày nghỉ.", "The due date 18/05/2024 is a day off."),)


def test_of_a_confidential_one_only_number_and_date_are_said(played: Played) -> None:
    made = make(played.db, confidential="1", leads="huyen-02")
    view = flow_view(played.db, made.workflow_id, now=at(DAY))
    assert view is not None and view.name == "Đột xuất · số 512/UBND-NC ngày 03/05/2024 · mật"
    [line] = overdue_page(played.db, OFFICER, at(date(2024, 5, 20)), Wanted(key_task=AD_HOC)).lines
    assert "cháy rừng" not in str(line) and "phương án" not in str(line)
    assert line.place.vi == "Đột xuất · số 512/UBND-NC ngày 03/05/2024"
    [listed] = plan_page(played.db, OFFICER, played.plan_id, at(DAY)).ad_hoc
    assert "cháy rừng" not in str(listed) and listed.title.vi == "Đột xuất · số 512/UBND-NC ngày 03/05/2024 · Nội dung mật"
    page = workflow_page(played.db, district(2), made.workflow_id, at(DAY), unit_names(played.db, DAY))
    assert "cháy rừng" in page.name.vi
    with pytest.raises(NotFound):
        workflow_page(played.db, district(1), made.workflow_id, at(DAY), unit_names(played.db, DAY))


def test_everything_wrong_is_said_at_once(played: Played) -> None:
    form = {"number": "", "signed_on": "2024-06-01", "text": "x", "leads": "khong-co", "due_on": "2024-05-01", "approver": "mttq2"}
    with pytest.raises(InvalidFields) as wrong:
        propose(played.db, form, actor=OFFICER, now=at(DAY), calendar=CALENDAR)
    assert set(wrong.value.problems) == {"number", "signed_on", "leader", "leads", "due_on", "approver"}
    with pytest.raises(InvalidFields) as own:
        make(played.db, approver="huyen-01")
    assert set(own.value.problems) == {"approver"}
    assert rows(played.db, assignment) == 0


def test_only_the_standing_agency_assigns(played: Played) -> None:
    for somebody in (district(1), person(900, roles=("supervisor",)), person(901, COMMITTEE)):
        with pytest.raises(Refused):
            assign(played.db, FORM, actor=somebody, key="k", now=at(DAY), calendar=CALENDAR)
    with pytest.raises(NotFound):
        assign(played.db, FORM, actor=OFFICER, key="k", now=at(DAY), calendar=CALENDAR, plan_id=99)


def test_the_form_suggests_a_working_day_and_groups_as_they_are_today(played: Played) -> None:
    offered = choices(played.db, now=at(DAY), calendar=CALENDAR)
    assert offered.due_on == date(2024, 5, 15) and [g.code for g in offered.groups] == ["cap-huyen"]
