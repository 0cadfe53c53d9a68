"""What waits opens as soon as nothing holds it back, whatever else befell it meanwhile."""

from __future__ import annotations

from datetime import date

import pytest

from engine.errors import Refused
from models.database import Database
from tests.factories import COMMITTEE, MEMBER, OFFICER, district, step
from tests.services.played import Played
from tests.services.test_opening import plan_of

UNITS = ("huyen-01", "huyen-02", "huyen-03")


@pytest.fixture
def joined(db: Database) -> Played:
    """Each unit reports, the committee has a step of its own; both come before a consolidation, the reports before each unit's answer."""
    return Played(
        db,
        definition=plan_of(
            step("bao-cao", for_each="cap-huyen", approve=()),
            step("chi-dao", lead=COMMITTEE),
            step("tong-hop", due="+5wd", after=("bao-cao", "chi-dao")),
            step("so-bo", after=("bao-cao",)),
            step("phan-hoi", after=("so-bo",), for_each="cap-huyen", approve=()),
        ),
    )


def report(played: Played) -> None:
    for n in (1, 2, 3):
        played.act(district(n), "submit", "bao-cao", f"huyen-{n:02}")


def test_a_step_suspended_while_it_waited_opens_when_it_goes_on_if_all_before_it_is_passed(joined: Played) -> None:
    joined.act(OFFICER, "suspend", "tong-hop", payload={"reason": "lũ"})
    report(joined)
    joined.act(MEMBER, "submit", "chi-dao")
    assert joined.status("tong-hop") == "suspended"
    joined.day = date(2024, 5, 9)
    result = joined.act(OFFICER, "resume", "tong-hop")
    stored = joined.step("tong-hop")
    assert (result.status, result.version, result.opened) == ("open", stored["version"], (stored["id"],))
    assert (stored["status"], stored["due_on"], stored["clock_holder"]) == ("open", date(2024, 5, 16), "cong-an-tinh")


def test_it_goes_on_waiting_while_something_before_it_is_not_passed(joined: Played) -> None:
    joined.act(OFFICER, "suspend", "tong-hop", payload={"reason": "lũ"})
    report(joined)
    result = joined.act(OFFICER, "resume", "tong-hop")
    assert (result.status, result.opened) == ("waiting", ())


def test_a_unit_that_was_suspended_goes_its_own_way_again(joined: Played) -> None:
    joined.act(OFFICER, "suspend", "phan-hoi", "huyen-02", payload={"reason": "lũ"})
    report(joined)
    joined.act(OFFICER, "submit", "so-bo")
    joined.act(MEMBER, "approve", "so-bo")
    assert [joined.status("phan-hoi", unit) for unit in UNITS] == ["open", "suspended", "open"]
    joined.act(OFFICER, "resume", "phan-hoi", "huyen-02")
    assert joined.status("phan-hoi", "huyen-02") == "open"


def test_a_join_is_not_closed_past_a_step_of_another_kind(joined: Played) -> None:
    with pytest.raises(Refused, match="It still waits for: “chi-dao”"):
        joined.act(OFFICER, "close-join", "tong-hop", payload={"units": list(UNITS), "reason": "gấp"})
    joined.act(MEMBER, "submit", "chi-dao")
    joined.act(OFFICER, "close-join", "tong-hop", payload={"units": list(UNITS), "reason": "gấp"})
    assert joined.status("tong-hop") == "open"
