"""The button says what happens next at this very step, not what may happen at some: and that is then what happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.access import Actor
from engine.statuses import WorkStatus
from services.queries.step_offers import step_offers
from services.queries.units import UnitNames
from tests.engine.office import Office
from tests.factories import AGENCY, CLERK, FRONT, MEMBER, OFFICER, district, festival

NAMES = UnitNames({})


@pytest.fixture(scope="module")
def office() -> Office:
    return Office(festival(), date(2024, 5, 6))


def then(office: Office, code: str, actor: Actor, action: str, slot: str = "", **changes: object) -> str:
    """What the button of ``action`` says to ``actor`` on the step as ``changes`` make it."""
    step = replace(office.steps[code, slot], **changes)  # type: ignore[arg-type]
    return next(o.then.vi for o in step_offers(step, office.workflow, actor, NAMES).can if o.action == action)


@pytest.mark.parametrize(
    ("code", "actor", "link", "approved", "said"),
    [
        ("ke-hoach", MEMBER, 0, (), "Duyệt xong là bước hoàn thành."),
        ("quyet-dinh", OFFICER, 0, (), "Còn chờ mttq cùng duyệt."),
        ("quyet-dinh", FRONT, 0, (AGENCY,), "Chuyển một trong các đơn vị ban-chi-dao, ubnd-tinh duyệt tiếp; bước chưa hoàn thành."),
        ("quyet-dinh", MEMBER, 1, (), "Duyệt xong là bước hoàn thành."),
    ],
)
def test_an_approval_says_which_of_its_outcomes_follows(
    office: Office, code: str, actor: Actor, link: int, approved: tuple[str, ...], said: str
) -> None:
    submitted: dict[str, Any] = {"status": WorkStatus.SUBMITTED, "round": 1, "link": link, "link_approved": approved, "submitted_by": 999}
    assert then(office, code, actor, "approve", **submitted) == said


def test_what_nobody_confirms_is_done_when_it_is_submitted(office: Office) -> None:
    assert then(office, "gop-y", district(1), "submit", "huyen-01", status=WorkStatus.OPEN).startswith("Không ai phải duyệt")
    assert then(office, "quyet-dinh", CLERK, "submit", status=WorkStatus.OPEN).startswith("Đồng hồ của đơn vị dừng")
