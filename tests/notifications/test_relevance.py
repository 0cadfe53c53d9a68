"""A notice whose reason is gone does not leave."""

import pytest

from engine.statuses import WorkStatus
from notifications.relevance import STILL, Cause, family, gone


def step(status: str = "open", **given: object) -> dict[str, object]:
    return {"status": status, "due_version": 1, "lead": "loc-ninh", "extension": None, "round": 1, "link": 0, **given}


@pytest.mark.parametrize(
    ("cause", "now", "reason"),
    [
        (Cause("due-soon", 1), step(), ""),
        (Cause("due-soon", 1), step("submitted"), "status:submitted"),
        (Cause("overdue", 1), step("done"), "status:done"),
        (Cause("overdue", 1), step("suspended"), "status:suspended"),
        (Cause("due-soon", 1), step(due_version=2), "due-changed"),
        (Cause("assigned", lead="loc-ninh"), step(lead="bu-dop"), "lead-changed"),
        (Cause("approval-wanted", round=1, link=0), step("submitted"), ""),
        (Cause("approval-wanted", round=1, link=0), step("submitted", link=1), "answered"),
        (Cause("approval-wanted", round=1, link=0), step("submitted", round=2), "answered"),
        (Cause("extension-requested"), step(), "answered"),
        (Cause("extension-requested"), step(extension={"until": "2024-08-01"}), ""),
        (Cause("returned"), step("in-progress"), "status:in-progress"),
    ],
)
def test_why_a_notice_need_not_leave(cause, now, reason):
    assert gone(cause, now) == reason


def test_no_reminder_outlives_the_work():
    ended = {WorkStatus.DONE, WorkStatus.CANCELLED, WorkStatus.NOT_APPLICABLE, WorkStatus.PRIOR}
    for kind in ("assigned", "due-soon", "overdue", "escalation", "chased", "approval-wanted", "approval-due", "approval-overdue"):
        assert not STILL[kind] & ended


def test_a_proposal_is_no_reminder():
    assert family("escalation") == family("overdue") == "ladder"
    assert family("escalation", proposed=True) == "proposal"
