"""Figures through the services: drafts, taking sums over, and what a correction sets going."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from engine.errors import Invalid, Refused
from models.database import Database
from models.tables import journal_entry, notice, round_
from services.figure_inputs import reports_of
from tests.factories import OFFICER, OTHER_OFFICER, district
from tests.services.played import Played
from tests.services.test_act import through_plan, through_reports

SLOT = "huyen-01"
TOTAL = {"bao-cao": {"figures": ["so"], "units": {f"huyen-{n:02}": {"round": 1, "figures": {"so": 4}} for n in (1, 2, 3)}, "missing": []}}
TOTAL["bao-cao"]["sums"] = {"so": 12}


@pytest.fixture
def played(db: Database) -> Played:
    return Played(db)


def facts(played: Played, kind: str) -> list[dict[str, object]]:
    with played.db.read() as connection:
        return [f for body in connection.execute(select(journal_entry.c.body)).scalars() for f in body["facts"] if f["kind"] == kind]


def test_a_draft_is_kept_before_the_step_opens_and_is_what_is_handed_in(played: Played) -> None:
    played.act(district(1), "save-draft", "bao-cao", SLOT, payload={"figures": {"so": "1.234", "kho_khan": "Đường xa"}})
    assert played.status("bao-cao", SLOT) == "waiting"
    through_plan(played)
    played.act(OFFICER, "open-early", "bao-cao", SLOT, payload={"reason": "thử"})
    played.act(district(1), "submit", "bao-cao", SLOT)
    with played.db.read() as connection:
        body = connection.execute(select(round_.c.body).where(round_.c.step_id == played.step("bao-cao", SLOT)["id"])).scalar_one()
    assert body["figures"] == {"so": 1234, "kho_khan": "Đường xa"}


def test_a_return_begins_where_the_round_ended(played: Played) -> None:
    through_plan(played)
    played.act(OFFICER, "open-early", "bao-cao", SLOT, payload={"reason": "thử"})
    played.act(district(1), "save-draft", "bao-cao", SLOT, payload={"figures": {"so": "5"}, "note": "nháp"})
    played.act(district(1), "submit", "bao-cao", SLOT, payload={"figures": {"so": "6"}})
    played.act(OFFICER, "return", "bao-cao", SLOT, payload={"reason": "thiếu"})
    draft = played.step("bao-cao", SLOT)["draft"]
    assert (draft["figures"], "note" in draft) == ({"so": 6}, False)


def test_two_people_of_a_unit_save_without_meeting(played: Played) -> None:
    version = played.step("bao-cao", SLOT)["version"]
    played.act(district(1), "save-draft", "bao-cao", SLOT, payload={"figures": {"so": "5"}}, expected_version=version)
    played.act(district(1), "save-draft", "bao-cao", SLOT, payload={"figures": {"de_xuat": "Thêm xe"}}, expected_version=version)
    step = played.step("bao-cao", SLOT)
    assert (step["draft"]["figures"], step["version"]) == ({"so": 5, "de_xuat": "Thêm xe"}, version)
    played.act(district(1), "save-draft", "bao-cao", SLOT, payload={"figures": {"so": ""}})
    assert played.step("bao-cao", SLOT)["draft"]["figures"] == {"de_xuat": "Thêm xe"}


def test_a_wrong_draft_is_refused_and_nobody_else_saves_one(played: Played) -> None:
    with pytest.raises(Invalid) as wrong:
        played.act(district(1), "save-draft", "bao-cao", SLOT, payload={"figures": {"so": "1,234"}})
    assert wrong.value.field == "figures.so"
    with pytest.raises(Refused):
        played.act(OFFICER, "save-draft", "bao-cao", SLOT, payload={"figures": {"so": "5"}})


def test_sums_are_taken_over_with_what_they_are_made_of_and_frozen_with_the_round(played: Played) -> None:
    through_reports(played)
    played.act(OFFICER, "consolidate", "tong-hop", payload={"consolidated": {"figures": {"so": 999}, "basis": {}}})
    played.act(OFFICER, "submit", "tong-hop")
    with played.db.read() as connection:
        body = connection.execute(select(round_.c.body).where(round_.c.step_id == played.step("tong-hop")["id"])).scalar_one()
    assert body["figures"] == {"so": 12}
    assert body["consolidated"] == TOTAL


def test_there_is_nothing_to_take_over_before_anybody_reported_nor_where_nothing_is_joined(played: Played) -> None:
    with pytest.raises(Refused) as early:
        played.act(OFFICER, "consolidate", "tong-hop")
    assert early.value.code == "nothing-to-consolidate"
    with pytest.raises(Refused) as elsewhere:
        played.act(OFFICER, "consolidate", "ke-hoach")
    assert elsewhere.value.code == "no-sums"


def test_a_corrected_figure_keeps_the_old_one_and_tells_whoever_used_it(played: Played) -> None:
    through_reports(played)
    played.act(OFFICER, "consolidate", "tong-hop")
    played.act(OFFICER, "submit", "tong-hop")
    played.act(OTHER_OFFICER, "correct", "bao-cao", SLOT, payload={"field": "figures.so", "value": "1.040", "reason": "gõ sai", "old": "7"})
    told = {"kind": "step.corrected", "field": "figures.so", "old": 4, "new": 1040, "round": 1}
    assert facts(played, "step.corrected") == [told]
    assert [f["code"] for f in facts(played, "step.sources-corrected")] == ["tong-hop"]
    with played.db.read() as connection:
        assert reports_of(connection, played.workflow_id, ["bao-cao"])["bao-cao"][SLOT].figures["so"] == 1040
        told_step = connection.execute(select(notice.c.step_id).where(notice.c.kind == "sources-corrected")).scalar_one()
    assert told_step == played.step("tong-hop")["id"]


def test_a_correction_before_anybody_used_the_figure_tells_nobody(played: Played) -> None:
    through_reports(played)
    played.act(OFFICER, "correct", "bao-cao", SLOT, payload={"field": "figures.so", "value": "5", "reason": "gõ sai"})
    assert facts(played, "step.sources-corrected") == []


@pytest.mark.parametrize(("value", "code"), [("1,234", "unclear"), ("-1", "range"), ("4", "same"), ("hai", "number")])
def test_a_correction_is_checked_like_any_other_value(played: Played, value: str, code: str) -> None:
    through_reports(played)
    with pytest.raises(Invalid) as wrong:
        played.act(OFFICER, "correct", "bao-cao", SLOT, payload={"field": "figures.so", "value": value, "reason": "gõ sai"})
    assert (wrong.value.code, wrong.value.field) == (code, "value")


def test_a_text_is_not_corrected_for_the_journal_holds_no_free_text(played: Played) -> None:
    through_reports(played)
    with pytest.raises(Invalid) as wrong:
        played.act(OFFICER, "correct", "bao-cao", SLOT, payload={"field": "figures.kho_khan", "value": "x", "reason": "gõ sai"})
    assert wrong.value.code == "field"


def test_a_reopened_report_counts_again_only_once_it_is_handed_in_again(played: Played) -> None:
    through_reports(played)
    played.day = date(2024, 6, 12)
    played.act(OFFICER, "reopen", "bao-cao", SLOT, payload={"reason": "sai"})
    with played.db.read() as connection:
        assert not reports_of(connection, played.workflow_id, ["bao-cao"])["bao-cao"][SLOT].counts
    played.act(district(1), "submit", "bao-cao", SLOT, payload={"figures": {"so": 6}})
    with played.db.read() as connection:
        report = reports_of(connection, played.workflow_id, ["bao-cao"])["bao-cao"][SLOT]
    assert (report.counts, report.round, report.figures["so"]) == (True, 2, 6)
