"""What one action costs the database: at most eight statements and one commit, however many units the step fans out over."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, RowMapping, select

from benchmarks.counting import counted
from engine.access import Actor
from models import action_path
from models.database import Database
from models.tables import step
from services.act import act
from tests.factories import CALENDAR, MEMBER, OFFICER, OTHER_OFFICER, at, district, festival, person
from tests.services.played import Played

MOST = 8
NUMBERED: dict[str, Any] = {"evidence": {"kh": {"number": "12/KH", "date": "2024-06-01"}}}
FILE: dict[str, Any] = {"evidence": "kh", "name": "a.pdf", "media_type": "application/pdf", "size": 1, "sha256": "0"}
REASON: dict[str, Any] = {"reason": "mưa lũ"}
OWN = "ke-hoach-huyen"

# The most statements that an action of each kind takes in the story below; the last unit of a join and a whole fan-out included.
COSTS = {
    "submit gop-y": 8, "attach ke-hoach": 6, "submit ke-hoach": 7, "recall ke-hoach": 6, "approve ke-hoach": 8, f"accept {OWN}": 5,
    f"progress {OWN}": 4, f"comment {OWN}": 5, f"chase {OWN}": 6, f"request-extension {OWN}": 6, f"grant-extension {OWN}": 7,
    f"suspend {OWN}": 6, f"resume {OWN}": 7, f"submit {OWN}": 7, f"return {OWN}": 6, f"record {OWN}": 7, f"approve {OWN}": 7,
    "choose-day to-chuc": 6, f"reopen {OWN}": 8, f"reassign {OWN}": 7, f"mark-not-applicable {OWN}": 7, f"cancel {OWN}": 7,
    "reopen ke-hoach": 8, "close-join tong-hop": 7, f"name-handler {OWN}": 7,
}  # fmt: skip


class Story:
    """A festival of so many units in which each action's statements are counted under its name."""

    def __init__(self, db: Database, units: int) -> None:
        self.played = Played(db, definition=festival(units))
        self.costs: dict[str, int] = {}

    def act(self, actor: Actor, action: str, code: str, slot: str = "", **payload: Any) -> None:
        """One action, with version and key as a page sends them."""
        row, name = self.played.step(code, slot), f"{action} {code}"
        with counted(self.played.db) as found:
            act(
                self.played.db, actor=actor, step_id=row["id"], action=action, payload=payload, expected_version=row["version"],
                key=f"{action}-{row['id']}-{row['version']}", now=at(self.played.day), calendar=CALENDAR,
            )  # fmt: skip
        assert found.commits == 1
        self.costs[name] = max(self.costs.get(name, 0), len(found.statements))


def told(db: Database, units: int) -> Story:
    """The story: nearly every kind of action."""
    story, first, slot = Story(db, units), district(1), "huyen-01"
    for n in range(1, -(-units // 2) + 1):  # half of the units open the step behind the join
        story.act(district(n), "submit", "gop-y", f"huyen-{n:02}")
    assert story.played.status("so-bo") == "open"
    story.act(OFFICER, "attach", "ke-hoach", files=[FILE])
    story.act(OFFICER, "submit", "ke-hoach", **NUMBERED)
    story.act(OFFICER, "recall", "ke-hoach")
    story.act(OFFICER, "submit", "ke-hoach", **NUMBERED)
    story.act(MEMBER, "approve", "ke-hoach", note="đồng ý")  # opens every unit's step, each with a date of its own
    story.act(first, "accept", OWN, slot)
    story.act(first, "progress", OWN, slot, text="được một nửa")
    story.act(first, "comment", OWN, slot, text="xin hướng dẫn")
    story.act(OFFICER, "chase", OWN, slot)
    story.played.people(*(person(n, slot) for n in range(801, 801 + units)))  # as many colleagues as one likes
    story.act(first, "name-handler", OWN, slot, handler="a801")
    story.act(first, "request-extension", OWN, slot, until="2024-06-20", **REASON)
    story.act(OFFICER, "grant-extension", OWN, slot, until="2024-06-20")
    story.act(OFFICER, "suspend", OWN, slot, **REASON)
    story.played.day = date(2024, 5, 10)
    story.act(OFFICER, "resume", OWN, slot)
    story.act(first, "submit", OWN, slot)
    story.act(OFFICER, "return", OWN, slot, **REASON)
    story.act(OFFICER, "record", OWN, slot, number="1", date="2024-05-10", signer="A")
    story.played.day = date(2024, 8, 5)
    story.act(OTHER_OFFICER, "approve", OWN, slot)  # opens the unit's own next step
    assert story.played.status("to-chuc", slot) == "open"
    story.act(first, "choose-day", "to-chuc", slot, day="2024-08-12", **REASON)
    story.act(OFFICER, "reopen", OWN, slot, **REASON)
    story.act(OFFICER, "reassign", OWN, slot, lead="mttq", **REASON)
    story.act(OFFICER, "mark-not-applicable", OWN, slot, **REASON)
    story.act(OFFICER, "cancel", OWN, "huyen-02", **REASON)
    story.act(OFFICER, "reopen", "ke-hoach", **REASON)
    story.act(OFFICER, "close-join", "tong-hop", units=[f"huyen-{n:02}" for n in range(1, units + 1)], **REASON)
    return story


@pytest.mark.parametrize("units", [11, 150])
def test_an_action_costs_the_same_however_many_units_there_are(db: Database, units: int) -> None:
    assert told(db, units).costs == COSTS


def test_no_action_takes_more_than_eight_statements() -> None:
    assert not {name: cost for name, cost in COSTS.items() if cost > MOST}


_lock_by_step = action_path.lock_by_step


def _asking_each_unit(connection: Connection, step_id: int) -> RowMapping | None:
    """The planted fault: under the lock, one question for each step of the workflow."""
    row = _lock_by_step(connection, step_id)
    assert row is not None
    for each in connection.execute(select(step.c.id).where(step.c.workflow_id == row["id"])).scalars().all():
        connection.execute(select(step.c.status).where(step.c.id == each)).scalar_one()
    return row


def test_a_question_for_each_unit_would_show(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action_path, "lock_by_step", _asking_each_unit)
    assert min(told(sqlite, 11).costs.values()) > MOST
