"""Taking an amendment back, while nothing was done under it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from engine.dates import parse_rule
from engine.definition import Predecessor
from engine.errors import NotFound, Refused
from models.database import Database
from models.tables import step, workflow
from services.amend_undo import propose_undo, undo
from tests.factories import CALENDAR, MEMBER, OFFICER, district
from tests.services.amending_office import Office, new_step
from tests.services.test_act import NUMBERED
from tests.services.test_amend import LATER, NEW_PAPER


@pytest.fixture
def office(db: Database) -> Office:
    return Office(db)


def taken_back(office: Office, amendment: int, **more: Any) -> int:
    return undo(office.db, amendment, document="Thu hồi", actor=OFFICER, key="u", now=office.now(), calendar=CALENDAR, **more)


def states(office: Office) -> dict[tuple[str, str], tuple[str, str, date | None]]:
    with office.db.read() as connection:
        rows = connection.execute(select(step.c.code, step.c.slot, step.c.status, step.c.lead, step.c.due_on))
        return {(r.code, r.slot): (r.status, r.lead, r.due_on) for r in rows}


def test_everything_stands_again_as_it_did(office: Office) -> None:
    office.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    office.act(MEMBER, "approve", "ke-hoach")
    office.act(district(1), "accept", "ke-hoach-huyen", "huyen-01")
    before, counts = states(office), office.workflow()["counts"]
    made = office.amend(
        office.with_steps(
            remove=("ke-hoach-huyen",), add=(new_step("ra-soat", due="15/06"),), to_chuc={"after": (Predecessor("ke-hoach"),)},
            gop_y={**LATER, **NEW_PAPER}, quyet_dinh={"lead": "mttq"},
        )
    )  # fmt: skip
    assert states(office) != before
    office.whole()
    preview = propose_undo(office.db, made, now=office.now(), calendar=CALENDAR)
    assert {line.kind for line in preview.workflows[0].lines} == {"restored", "removed", "changed"}
    taken_back(office, made)
    after = states(office)
    assert after.pop(("ra-soat", "")) == ("not-applicable", "cong-an-tinh", date(2024, 6, 17))
    assert after == before
    assert {code: entry for code, entry in office.workflow()["counts"].items() if code != "ra-soat"} == counts
    assert office.status("ke-hoach-huyen", "huyen-01") == "in-progress"
    office.whole()
    office.act(district(1), "submit", "ke-hoach-huyen", "huyen-01")
    office.whole()


def test_once_somebody_went_on_it_stays(office: Office) -> None:
    made = office.amend(office.with_steps(gop_y=LATER))
    office.act(district(2), "accept", "gop-y", "huyen-02")
    before = office.everything()
    with pytest.raises(Refused) as why:
        taken_back(office, made)
    assert why.value.text.en == "People have gone on in 1 workflow(s) since."
    assert office.everything() == before


def test_only_the_last_one_and_only_once(office: Office) -> None:
    first = office.amend(office.with_steps(gop_y=LATER))
    second = office.amend(office.with_steps(bao_cao={"due": parse_rule("T+12")}), key="second")
    with pytest.raises(Refused, match="Only the last"):
        taken_back(office, first)
    third = taken_back(office, second)
    assert taken_back(office, second) == third  # the same form sent twice
    for each in (second, third):
        with pytest.raises(Refused, match="Only the last"):
            propose_undo(office.db, each, now=office.now(), calendar=CALENDAR)
    with pytest.raises(NotFound):
        propose_undo(office.db, 999, now=office.now(), calendar=CALENDAR)
    office.whole()


def test_a_cycle_that_has_opened_under_it_keeps_it(office: Office) -> None:
    made = office.amend(office.with_steps(gop_y=LATER))
    with office.db.write() as connection:
        connection.execute(update(workflow).values(first_version_id=None))  # as one that came into being under the new version
    with pytest.raises(Refused, match="opened under it"):
        propose_undo(office.db, made, now=office.now(), calendar=CALENDAR)


def test_what_an_earlier_amendment_left_behind_can_be_left_again(office: Office) -> None:
    office.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    office.act(MEMBER, "approve", "ke-hoach")
    under = office.workflow()["version_id"]
    office.amend(office.with_steps(ke_hoach=NEW_PAPER), key="first", leave_refused=True)  # finished, so it refuses
    second = office.amend(office.with_steps(gop_y=LATER), key="second", leave_refused=True)
    before = office.everything()
    with pytest.raises(Refused, match="the step is finished"):
        taken_back(office, second)
    assert office.everything() == before
    made = taken_back(office, second, leave_refused=True)
    assert (office.record()["id"], office.record()["left"]) == (made, [office.workflow_id])
    assert office.workflow()["version_id"] == under
    office.whole()
