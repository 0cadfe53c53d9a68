"""Units change on their day: nothing is lost, late days stay where they were, successors go on; twice is once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Table, func, select

from engine.access import SYSTEM
from engine.definition import PlanDefinition, Text, UnitChange, UnitDefinition, UnitName
from engine.errors import Invalid
from engine.units import ChangeKind, ChangePart, Share
from models.database import Database
from models.publishing import members_of
from models.reading.units import names_on
from models.tables import deadline, journal_entry, notice, participation, plan, plan_version, step, unit_change
from services.definitions import plan_of
from services.invariants import violations
from services.open_cycles import open_cycles
from services.queries.ledger import step_ledger
from services.sweep import sweep
from services.unit_planning import record
from services.unit_settle import settle_units
from services.verify_journal import verify
from tests.factories import AGENCY, CALENDAR, COMMITTEE, FRONT, MEMBER, OFFICER, OTHER_OFFICER, at, district, festival, person
from tests.services.played import Played
from tests.services.test_act import NUMBERED

DAY, EVE, DOCUMENT = date(2024, 7, 1), date(2024, 6, 30), "Nghị quyết 1/NQ"
HEIR = UnitDefinition("khu-vuc", (UnitName(Text("UBND khu vực"), Text("Khu vực"), DAY),), parent="ubnd-tinh")
MERGER = ChangePart(ChangeKind.MERGE, ("huyen-01", "huyen-02"), (Share("khu-vuc"),))
RENAME = ChangePart(ChangeKind.RENAME, (AGENCY,), name=UnitName(Text("Công an tỉnh mới"), Text("CAT mới"), DAY))


def change(*parts: ChangePart, on: date = DAY, begins: tuple[UnitDefinition, ...] = (HEIR,)) -> UnitChange:
    return UnitChange(on, DOCUMENT, parts, begins)


def end(unit: str, *into: Share) -> ChangePart:
    return ChangePart(ChangeKind.END, (unit,), into)


def count(db: Database, table: Table) -> int:
    with db.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


class Story(Played):
    """The festival; districts work on their plans, which are due on 17/06/2024, when a change is recorded."""

    def __init__(self, db: Database, *parts: ChangePart, definition: PlanDefinition | None = None) -> None:
        super().__init__(db, definition=definition or festival())
        self.people(OFFICER, OTHER_OFFICER, MEMBER, FRONT, district(1), district(2), district(3))
        self.day = date(2024, 6, 3)
        self.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
        self.act(MEMBER, "approve", "ke-hoach")
        if parts:
            self.plan_change(change(*parts))

    def plan_change(self, what: UnitChange) -> None:
        with self.db.write() as connection:
            record(connection, what, key="k", now=at(self.day), actor=OFFICER)

    def cross(self, day: date = DAY) -> int:
        self.day = day
        return settle_units(self.db, now=at(day, 0, 5))

    def facts(self, kind: str) -> list[dict[str, Any]]:
        with self.db.read() as connection:
            bodies = connection.execute(select(journal_entry.c.body).order_by(journal_entry.c.stream, journal_entry.c.seq)).scalars()
            return [fact for body in bodies for fact in body["facts"] if fact["kind"] == kind]

    def holds(self) -> None:
        sweep(self.db, now=at(self.day), calendar=CALENDAR)
        assert violations(self.db, now=at(self.day), calendar=CALENDAR) == []
        assert verify(self.db).faults == ()


def heir_person(account_id: int = 401) -> Any:
    return person(account_id, "khu-vuc")


def test_nothing_happens_before_its_day_and_all_of_it_on_its_day(db: Database) -> None:
    story = Story(db, MERGER, RENAME)
    assert story.cross(EVE) == 0
    assert story.step("ke-hoach-huyen", "huyen-01")["lead"] == "huyen-01"
    before = count(db, step)
    moved = story.cross()
    assert moved == 2 * 4
    assert count(db, step) == before
    for code in ("ke-hoach-huyen", "to-chuc", "bao-cao", "gop-y"):
        for slot in ("huyen-01", "huyen-02"):
            row = story.step(code, slot)
            assert (row["slot"], row["lead"]) == (slot, "khu-vuc")
        assert story.step(code, "huyen-03")["lead"] == "huyen-03"
    story.holds()


def test_twice_is_once(db: Database) -> None:
    story = Story(db, MERGER, RENAME)
    story.cross()
    entries = count(db, journal_entry)
    assert story.cross() == 0
    assert story.cross(date(2024, 7, 2)) == 0
    assert count(db, journal_entry) == entries
    assert len(story.facts("units.changed")) == 1


def test_a_run_that_was_killed_between_two_workflows_goes_on(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story(db, MERGER)
    from services import unit_settle

    def killed(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(unit_settle, "_follow", killed)
        with pytest.raises(KeyboardInterrupt):
            story.cross()
    with db.read() as connection:
        assert connection.execute(select(unit_change.c.state, unit_change.c.finished_at)).one() == ("applied", None)
    assert story.cross() == 8
    with db.read() as connection:
        assert connection.execute(select(unit_change.c.moved)).scalar_one() == 8
    story.holds()


def test_late_days_before_stay_with_the_predecessor(db: Database) -> None:
    story = Story(db, MERGER)
    story.cross()
    story.day = date(2024, 7, 3)  # due 17/06: late since 18/06; 13 days of June are the district's, 3 of July its successor's
    found = step_ledger(db, OFFICER, story.step("ke-hoach-huyen", "huyen-01")["id"], at(story.day))
    assert {(str(s.clock), s.holder): s.days for s in found.shares} == {("lead", "huyen-01"): 13, ("lead", "khu-vuc"): 3}
    assert found.late == 16


def test_applied_late_the_days_are_counted_from_its_own_day(db: Database) -> None:
    story = Story(db, MERGER)
    story.cross(date(2024, 7, 3))
    found = step_ledger(db, OFFICER, story.step("ke-hoach-huyen", "huyen-01")["id"], at(story.day))
    assert {(str(s.clock), s.holder): s.days for s in found.shares} == {("lead", "huyen-01"): 13, ("lead", "khu-vuc"): 3}


def test_the_date_stays_and_the_ledger_says_who_took_over(db: Database) -> None:
    story = Story(db, MERGER)
    before = story.step("ke-hoach-huyen", "huyen-01")
    story.cross()
    after = story.step("ke-hoach-huyen", "huyen-01")
    assert (after["due_on"], after["original_due_on"]) == (before["due_on"], before["original_due_on"])
    with db.read() as connection:
        line = connection.execute(select(deadline).where(deadline.c.step_id == after["id"]).order_by(deadline.c.due_version.desc())).first()
    assert line is not None
    assert (line.kind, line.document, line.due_on) == ("merger", DOCUMENT, after["due_on"])


def test_people_work_for_the_successor_and_act_there(db: Database) -> None:
    story = Story(db, MERGER)
    story.cross()
    actor = person(201, "khu-vuc")
    assert story.act(actor, "submit", "ke-hoach-huyen", "huyen-02").status == "submitted"
    with db.read() as connection:
        relations = connection.execute(select(participation.c.relation).where(participation.c.unit == "khu-vuc")).scalars()
        assert "lead" in set(relations)
    story.holds()


def test_an_approver_has_a_successor_and_days_of_confirming_stay_where_they_were(db: Database) -> None:
    """ke-hoach is confirmed by the committee, which ends while the round lies there."""
    heir = UnitDefinition("ban-moi", (UnitName(Text("Ban mới"), Text("Ban mới"), DAY),))
    story = Played(db)
    story.people(OFFICER, MEMBER)
    story.day = date(2024, 6, 21)  # due on 20/06
    story.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    with db.write() as connection:
        record(connection, change(end(COMMITTEE, Share("ban-moi")), begins=(heir,)), key="k", now=at(story.day), actor=OFFICER)
    settle_units(db, now=at(DAY, 0, 5))
    story.day = date(2024, 7, 2)
    row = story.step("ke-hoach")
    assert (row["status"], row["clock_holder"]) == ("submitted", "ban-moi")
    assert story.act(person(103, "ban-moi"), "approve", "ke-hoach").status == "done"
    with db.read() as connection:
        kinds = set(connection.execute(select(notice.c.kind).where(notice.c.step_id == row["id"])).scalars())
        assert plan_of(connection, connection.execute(select(plan.c.version_id)).scalar_one()).steering_committee == "ban-moi"
    assert "approver-succeeded" in kinds
    assert violations(db, now=at(story.day), calendar=CALENDAR) == []


def test_where_nobody_would_confirm_a_round_the_standing_agency_leads(db: Database) -> None:
    """A district's round waits for the agency; then the district ends in the authority, whose work nobody confirms."""
    story = Story(db, end("huyen-01", Share("ubnd-tinh")))
    story.act(district(1), "submit", "ke-hoach-huyen", "huyen-01")
    story.cross()
    row = story.step("ke-hoach-huyen", "huyen-01")
    assert (row["lead"], row["clock_holder"]) == (AGENCY, COMMITTEE)
    assert story.step("to-chuc", "huyen-01")["lead"] == "ubnd-tinh"
    story.holds()


def test_two_approvers_that_become_one_are_asked_again(db: Database) -> None:
    story = Story(db, end("mttq", Share(AGENCY)))
    with db.write() as connection:  # quyet-dinh waits for the agency and the front; the front has approved
        values = {"status": "submitted", "round": 1, "link": 0, "link_approved": ["mttq"], "submitted_on": story.day, "submitted_by": 106}
        connection.execute(step.update().where(step.c.code == "quyet-dinh").values(**values))
    story.cross()
    row = story.step("quyet-dinh")
    assert (row["link_approved"], row["clock_holder"]) == ([], AGENCY)


def test_one_step_may_go_elsewhere(db: Database) -> None:
    story = Story(db)
    named = story.step("gop-y", "huyen-01")["id"]
    shares = (Share("huyen-03"), Share("huyen-02", (f"#{named}", "NV4/ngay-hoi/bao-cao")))
    story.plan_change(change(ChangePart(ChangeKind.SPLIT, ("huyen-01",), shares), begins=()))
    story.cross()
    leads = {code: story.step(code, "huyen-01")["lead"] for code in ("ke-hoach-huyen", "gop-y", "bao-cao")}
    assert leads == {"ke-hoach-huyen": "huyen-03", "gop-y": "huyen-02", "bao-cao": "huyen-02"}
    story.holds()


def test_groups_and_names_are_those_of_the_day(db: Database) -> None:
    story = Story(db, MERGER, RENAME)
    story.cross()
    with db.read() as connection:
        assert members_of(connection, "cap-huyen", EVE) == ("huyen-01", "huyen-02", "huyen-03")
        assert members_of(connection, "cap-huyen", DAY) == ("khu-vuc", "huyen-03")
        old, new = ({row.code: row.name_vi for row in names_on(connection, day)} for day in (EVE, DAY))
    assert (old[AGENCY], new[AGENCY]) == (AGENCY, "Công an tỉnh mới")


def test_a_later_cycle_opens_for_the_new_group(db: Database) -> None:
    from dataclasses import replace

    story = Story(db, MERGER, definition=replace(festival(), to=date(2025, 12, 31)))
    story.cross()
    (made,) = open_cycles(db, now=at(date(2025, 1, 1), 0, 5), calendar=CALENDAR)
    with db.read() as connection:
        query = select(step.c.slot).where(step.c.workflow_id == made, step.c.code == "bao-cao").order_by(step.c.position)
        assert list(connection.execute(query).scalars()) == ["khu-vuc", "huyen-03"]


def test_a_finished_step_keeps_its_lead_and_goes_to_the_successor_when_reopened(db: Database) -> None:
    story = Story(db, MERGER)
    story.act(district(1), "submit", "ke-hoach-huyen", "huyen-01")
    story.act(OFFICER, "approve", "ke-hoach-huyen", "huyen-01")
    story.cross()
    assert story.step("ke-hoach-huyen", "huyen-01")["lead"] == "huyen-01"
    story.act(OFFICER, "reopen", "ke-hoach-huyen", "huyen-01", payload={"reason": "thiếu phụ lục"})
    row = story.step("ke-hoach-huyen", "huyen-01")
    assert (row["lead"], row["clock_holder"]) == ("khu-vuc", "khu-vuc")
    story.holds()


def test_no_step_is_given_to_a_unit_that_has_ended(db: Database) -> None:
    story = Story(db, MERGER)
    story.cross()
    with pytest.raises(Invalid) as refused:
        story.act(OFFICER, "reassign", "gop-y", "huyen-03", payload={"lead": "huyen-01", "reason": "đổi"})
    assert refused.value.code == "ended-unit"


def test_a_frozen_version_stays_and_the_plan_goes_over_to_the_next(db: Database) -> None:
    story = Story(db, MERGER)
    before = story.workflow()["version_id"]
    with db.read() as connection:
        body = connection.execute(select(plan_version.c.body).where(plan_version.c.id == before)).scalar_one()
    story.cross()
    with db.read() as connection:
        assert connection.execute(select(plan_version.c.body).where(plan_version.c.id == before)).scalar_one() == body
        assert connection.execute(select(plan.c.version_id)).scalar_one() == story.workflow()["version_id"] != before


def test_each_who_is_concerned_hears_of_it_gathered(db: Database) -> None:
    story = Story(db, MERGER)
    story.cross()
    with db.read() as connection:
        found = connection.execute(select(notice.c.audience, notice.c.urgency).where(notice.c.kind == "succeeded")).all()
    assert [tuple(row) for row in found] == [("lead", "digest")] * 8


def test_a_plan_published_after_its_change_opens_with_successors(db: Database) -> None:
    from dataclasses import replace

    from services.publish import publish

    definition = replace(festival(), unit_changes=(change(MERGER),))
    publish(db, definition, now=at(date(2024, 7, 10)), actor=SYSTEM)
    open_cycles(db, now=at(date(2024, 7, 10)), calendar=CALENDAR)
    with db.read() as connection:
        leads = set(connection.execute(select(step.c.lead).where(step.c.slot == "huyen-01")).scalars())
    assert leads == {"khu-vuc"}
