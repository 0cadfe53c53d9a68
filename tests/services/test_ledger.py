"""The deadline ledger of a step as its page reads it, from what people really did."""

from __future__ import annotations

from datetime import date

import pytest

from engine.errors import Invalid, NotFound, Refused
from models.database import Database
from services.open_due import open_all_due
from services.queries.extension_preview import extension_preview
from services.queries.ledger import StepLedger, step_ledger
from tests.factories import CALENDAR, FRONT, MEMBER, OFFICER, at, district, person
from tests.services.played import Played
from tests.services.test_act import NUMBERED

OWN, SLOT = "ke-hoach-huyen", "huyen-01"
UNIT, AGENCY = ("lead", SLOT), ("approver", "cong-an-tinh")
REASON = {"reason": "mưa lũ"}


class Story(Played):
    """The festival: the districts' plans opened on Monday 03/06/2024, so that they are due on 17/06."""

    def __init__(self, db: Database) -> None:
        super().__init__(db)
        self.people(OFFICER, MEMBER, district(1))
        self.day = date(2024, 6, 3)
        self.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
        self.act(MEMBER, "approve", "ke-hoach")

    def on(self, day: int, who: object, action: str, **payload: object) -> None:
        """An action on the first district's plan on a day of June."""
        self.day = date(2024, 6, day)
        self.act(who, action, OWN, SLOT, payload=payload)  # type: ignore[arg-type]

    def ledger(self, code: str = OWN, slot: str = SLOT) -> StepLedger:
        return step_ledger(self.db, OFFICER, self.step(code, slot)["id"], at(self.day))


@pytest.fixture
def story(db: Database) -> Story:
    return Story(db)


def given(shares: object) -> dict[tuple[str, str | None], int]:
    return {(str(s.clock), s.holder): s.days for s in shares}  # type: ignore[attr-defined]


def test_submitted_late(story: Story) -> None:
    story.on(20, district(1), "submit")
    story.on(26, OFFICER, "approve")
    found = story.ledger()
    assert (found.late, found.late_original) == (3, 3)
    assert given(found.shares) == {UNIT: 3}


def test_submitted_in_time_and_returned_after_the_date(story: Story) -> None:
    story.on(14, district(1), "submit")
    story.on(19, OFFICER, "return", **REASON)  # to be redone by 21/06
    story.on(24, district(1), "submit")
    found = story.ledger()
    assert (found.original_due_on, found.due_on) == (date(2024, 6, 17), date(2024, 6, 21))
    assert (found.late, found.late_original) == (3, 7)
    assert given(found.shares) == {UNIT: 3}
    assert given(found.shares_original) == {AGENCY: 2, UNIT: 5}


def test_returned_twice(story: Story) -> None:
    story.on(19, district(1), "submit")
    story.on(21, OFFICER, "return", **REASON)
    story.on(24, district(1), "submit")
    story.on(26, OFFICER, "return", **REASON)
    story.on(27, district(1), "submit")
    assert given(story.ledger().shares) == {UNIT: 6, AGENCY: 4}
    assert story.ledger().due_on == date(2024, 6, 17)  # what came late stays late


def test_blocked_by_two_goes_once_to_the_one_overdue_the_longest(story: Story) -> None:
    """The consolidation is due on 03/09; two districts report late, after 29/08."""
    for code in ("ke-hoach-huyen", "to-chuc"):
        story.day = date(2024, 8, 12)
        open_all_due(story.db, now=at(story.day), calendar=CALENDAR)
        for n in (1, 2, 3):
            story.act(district(n), "submit", code, f"huyen-{n:02}")
            story.act(OFFICER, "approve", code, f"huyen-{n:02}")
    for day, action, n in ((2, "submit", 3), (3, "approve", 3), (5, "submit", 1), (6, "submit", 2), (6, "approve", 1), (9, "approve", 2)):
        story.day = date(2024, 9, day)
        who, payload = (district(n), {"figures": {"so": 1}}) if action == "submit" else (OFFICER, {})
        story.act(who, action, "bao-cao", f"huyen-{n:02}", payload=payload)
    story.day = date(2024, 9, 10)
    found = story.ledger("tong-hop", "")
    one, two = ("bao-cao", "huyen-01"), ("bao-cao", "huyen-02")
    assert [(str(s.clock), s.holder, s.via, s.days) for s in found.shares] == [
        ("lead", "huyen-01", one, 2),  # 04 and 05: handed in on the 5th
        ("approver", "cong-an-tinh", one, 1),  # 06
        ("approver", "cong-an-tinh", two, 3),  # 07-09: handed in on the 6th, approved on the 9th
        ("lead", "cong-an-tinh", None, 1),  # 10: its own
    ]
    assert found.late == 7


def test_suspended_before_the_date_its_days_are_in_the_new_one(story: Story) -> None:
    story.on(12, OFFICER, "suspend", **REASON)
    story.on(19, OFFICER, "resume")  # five working days
    story.on(26, district(1), "submit")
    found = story.ledger()
    assert found.due_on == date(2024, 6, 24)
    assert given(found.shares) == {UNIT: 2}
    assert given(found.shares_original) == {("suspended", None): 2, UNIT: 7}


def test_extended_after_the_date(story: Story) -> None:
    story.on(19, district(1), "request-extension", until="2024-06-25", **REASON)
    pending = story.ledger().request
    assert pending is not None and pending.late and pending.asked_on == date(2024, 6, 19)
    story.on(20, OFFICER, "grant-extension", until="2024-06-26", document="12/CV")  # another date than the one asked for
    story.on(28, district(1), "submit")
    found = story.ledger()
    assert (found.extensions, found.previous_due_on, found.due_on) == (1, date(2024, 6, 17), date(2024, 6, 26))
    assert found.request is None
    assert [(line.due_on, line.document) for line in found.lines] == [(date(2024, 6, 17), ""), (date(2024, 6, 26), "12/CV")]
    assert (found.late, given(found.shares)) == (2, {UNIT: 2})
    assert (found.late_original, given(found.shares_original)) == (11, {UNIT: 11})


def test_a_second_extension_keeps_the_first(story: Story) -> None:
    story.on(10, OFFICER, "grant-extension", until="2024-06-24")
    story.on(11, OFFICER, "grant-extension", until="2024-06-28")
    found = story.ledger()
    assert (found.extensions, found.original_due_on, found.previous_due_on) == (2, date(2024, 6, 17), date(2024, 6, 24))
    assert [line.due_on for line in found.lines] == [date(2024, 6, 17), date(2024, 6, 24), date(2024, 6, 28)]
    assert [line.current for line in found.lines] == [False, False, True]


def test_a_request_can_be_refused_and_the_date_stays(story: Story) -> None:
    story.on(10, district(1), "request-extension", until="2024-06-25", **REASON)
    story.on(11, OFFICER, "refuse-extension", **REASON)
    found = story.ledger()
    assert (found.request, found.due_on, found.extensions) == (None, date(2024, 6, 17), 0)


@pytest.mark.parametrize(
    ("day", "until", "code"),
    [(10, "2024-06-17", "not-later"), (10, "2024-06-10", "not-later"), (20, "2024-06-19", "past"), (10, "x", "bad-date")],
)
def test_a_date_that_makes_no_sense_is_refused_at_its_field(story: Story, day: int, until: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        story.on(day, district(1), "request-extension", until=until, **REASON)
    assert (refused.value.code, refused.value.field) == (code, "until")


def test_one_request_at_a_time(story: Story) -> None:
    story.on(10, district(1), "request-extension", until="2024-06-25", **REASON)
    with pytest.raises(Refused):
        story.on(10, district(1), "request-extension", until="2024-06-26", **REASON)


def test_granting_shows_what_it_would_overtake(story: Story) -> None:
    own = story.step(OWN, SLOT)["id"]
    assert extension_preview(story.db, OFFICER, own, date(2024, 8, 19)) == ()
    found = extension_preview(story.db, OFFICER, own, date(2024, 9, 4))
    assert [(line.number, line.lead, line.due_on) for line in found] == [
        (3, SLOT, date(2024, 8, 19)), (4, SLOT, date(2024, 8, 29)), (5, "cong-an-tinh", date(2024, 9, 3))
    ]  # fmt: skip
    assert extension_preview(story.db, district(1), own, date(2024, 8, 20))[0].step_id == story.step("to-chuc", SLOT)["id"]


def test_who_may_not_read_the_step_sees_no_ledger(story: Story) -> None:
    own, now = story.step(OWN, SLOT)["id"], at(story.day)
    assert step_ledger(story.db, district(1), own, now).due_on == date(2024, 6, 17)
    for stranger in (district(2), FRONT, person(999, "so-la")):
        with pytest.raises(NotFound):
            step_ledger(story.db, stranger, own, now)
    with pytest.raises(NotFound):
        extension_preview(story.db, person(999, "so-la"), own, date(2024, 9, 1))


def test_what_is_void_has_no_late_days(story: Story) -> None:
    story.on(20, OFFICER, "cancel", **REASON)
    assert (story.ledger().late, story.ledger().shares_original) == (0, ())


def test_what_is_in_time_has_no_late_days(story: Story) -> None:
    found = story.ledger()
    assert (found.late, found.shares, found.shares_original) == (0, (), ())
    story.day = date(2025, 9, 1)
    assert story.ledger("so-bo", "").late == 0  # it has no deadline
