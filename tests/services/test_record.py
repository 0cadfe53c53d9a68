"""Paper: what was handed in or decided outside is entered by somebody, marked, and counted by the document's date."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.errors import Invalid, Refused
from models.database import Database
from services.queries.step_page import StepPage, step_page
from services.queries.units import unit_names
from tests.factories import MEMBER, OFFICER, OTHER_OFFICER, at, district
from tests.services.played import Played
from tests.services.test_act import NUMBERED, through_plan

OWN, SLOT = "ke-hoach-huyen", "huyen-01"
PAPER = {"number": "45/BC", "date": "2024-05-15", "signer": "Chủ tịch"}
SCAN = {"evidence": "", "name": "cong-van-45.pdf", "media_type": "application/pdf", "size": 9, "sha256": "c" * 64}


@pytest.fixture
def played(db: Database) -> Played:
    found = Played(db)
    through_plan(found)
    found.day = date(2024, 5, 20)
    return found


def page(played: Played, code: str, slot: str = "") -> StepPage:
    now = at(played.day)
    return step_page(played.db, OFFICER, played.step(code, slot)["id"], now, unit_names(played.db, now.today))


def recorded(played: Played, code: str, slot: str = "", who: Any = OFFICER, **more: Any) -> dict[str, Any]:
    return played.act(who, "record", code, slot, payload={**PAPER, **more}).facts[0]


def test_a_submission_on_paper_counts_by_its_document_and_is_marked(played: Played) -> None:
    fact = recorded(played, OWN, SLOT, files=[SCAN])
    assert (fact["recorded"], fact["number"], fact["on"]) == (True, "45/BC", "2024-05-15")
    found = page(played, OWN, SLOT)
    assert found.head.recorded and found.detail is not None
    assert found.detail.late == 0  # due on 16/05, entered on 20/05
    assert [f.name for f in found.detail.rounds[0].scans] == ["cong-van-45.pdf"]
    assert found.detail.rounds[0].document["signer"] == "Chủ tịch"
    assert [f.name for f in found.detail.history[0].files] == ["cong-van-45.pdf"]


def test_whoever_recorded_a_submission_neither_approves_it_nor_records_the_approval(played: Played) -> None:
    recorded(played, OWN, SLOT)
    for action in ("approve", "return", "record"):
        with pytest.raises(Refused) as no:
            played.act(OFFICER, action, OWN, SLOT, payload={**PAPER, "date": "2024-05-18", "reason": "x"})
        assert no.value.code == "separation"
    recorded(played, OWN, SLOT, OTHER_OFFICER, date="2024-05-18")
    step = played.step(OWN, SLOT)
    assert (step["status"], step["done_on"], step["recorded"]) == ("done", date(2024, 5, 18), True)


def test_a_return_decided_on_paper_is_recorded_with_its_reason(played: Played) -> None:
    played.act(district(1), "submit", OWN, SLOT)
    with pytest.raises(Invalid) as missing:
        recorded(played, OWN, SLOT, date="2024-05-20", decision="return")
    assert missing.value.field == "reason"
    fact = recorded(played, OWN, SLOT, date="2024-05-20", decision="return", reason="Thiếu phụ lục", redo_on="2024-05-24", files=[SCAN])
    assert (fact["kind"], fact["recorded"], fact["redo_on"]) == ("step.returned", True, "2024-05-24")
    found = page(played, OWN, SLOT)
    assert found.head.recorded and found.detail is not None and found.detail.returned is not None
    assert found.detail.returned.quote == "Thiếu phụ lục\nChủ tịch"
    assert "theo văn bản 45/BC ngày 20/05/2024" in found.detail.returned.more.vi
    played.act(district(1), "submit", OWN, SLOT)
    assert not page(played, OWN, SLOT).head.recorded  # the new round came through the system


def test_a_step_that_nobody_confirms_is_done_on_the_day_of_its_document(played: Played) -> None:
    recorded(played, "gop-y", SLOT)
    step = played.step("gop-y", SLOT)
    assert (step["status"], step["submitted_on"], step["done_on"]) == ("done", date(2024, 5, 15), date(2024, 5, 15))


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"number": ""}, "number", "missing"),
        ({"date": None}, "date", "missing"),
        ({"date": "2024-05-21"}, "date", "future"),
        ({"date": "2024-05-14"}, "date", "before"),
        ({"signer": " "}, "signer", "missing"),
        ({"decision": "maybe"}, "decision", "decision"),
        ({"files": "cong-van.pdf"}, "files", "type"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(played: Played, given: dict[str, Any], field: str, code: str) -> None:
    recorded(played, OWN, SLOT)
    with pytest.raises(Invalid) as wrong:
        recorded(played, OWN, SLOT, OTHER_OFFICER, **given)
    assert (wrong.value.field, wrong.value.code) == (field, code)
    assert played.status(OWN, SLOT) == "submitted"


def test_the_committee_s_decision_is_entered_by_another_officer_than_the_submitter(db: Database) -> None:
    played = Played(db)
    played.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    with pytest.raises(Refused):
        recorded(played, "ke-hoach", date="2024-05-02")
    recorded(played, "ke-hoach", who=OTHER_OFFICER, date="2024-05-02")
    assert played.status("ke-hoach") == "done"
    with pytest.raises(Refused):
        played.act(MEMBER, "approve", "ke-hoach")
