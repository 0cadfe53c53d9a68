"""Whether the reason for a notice still holds when it is about to leave, and which of several notices speaks for the others.

A reminder about something already handed in teaches people to ignore reminders; so the step is looked at once more, as a table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.statuses import NOT_SUBMITTED, UNFINISHED, WITH_UNIT, WorkStatus

S = WorkStatus
ALWAYS = frozenset(S)

# A notice of this kind makes sense only while its step stands in one of these.
STILL: dict[str, frozenset[WorkStatus]] = {
    "assigned": frozenset({S.OPEN, S.IN_PROGRESS}),
    "coordinating": UNFINISHED,
    "waiting-again": frozenset({S.WAITING}),
    "flagged": UNFINISHED | {S.DONE},
    "refused-assignment": frozenset({S.REFUSED}),
    "approval-wanted": frozenset({S.SUBMITTED}),
    "approved": frozenset({S.DONE}),
    "returned": frozenset({S.RETURNED}),
    "recalled": WITH_UNIT,
    "reassigned": NOT_SUBMITTED,
    "to-handle": NOT_SUBMITTED | {S.SUBMITTED},
    "handed-over": ALWAYS,
    "suspended": frozenset({S.SUSPENDED}),
    "resumed": NOT_SUBMITTED,
    "not-applicable": frozenset({S.NOT_APPLICABLE}),
    "cancelled": frozenset({S.CANCELLED}),
    "reopened": WITH_UNIT,
    "corrected": ALWAYS,
    "sources-corrected": NOT_SUBMITTED | {S.SUBMITTED, S.DONE},
    "commented": ALWAYS,
    "mentioned": ALWAYS,
    "contributed": ALWAYS,
    "extension-requested": NOT_SUBMITTED,
    "extension-granted": UNFINISHED,
    "extension-refused": UNFINISHED,
    "chased": UNFINISHED,
    "due-shifted": UNFINISHED,
    "due-amended": UNFINISHED,
    "lead-amended": UNFINISHED,
    "amended": UNFINISHED,
    "removed": frozenset({S.NOT_APPLICABLE}),
    "restored": UNFINISHED,
    "succeeded": UNFINISHED,
    "approver-succeeded": frozenset({S.SUBMITTED}),
    "carried-over": UNFINISHED,
    "left-unfinished": UNFINISHED,
    "carried-into-next": frozenset({S.CANCELLED}),
    "approval-shifted": frozenset({S.SUBMITTED}),
    "due-soon": NOT_SUBMITTED,
    "overdue": NOT_SUBMITTED,
    "escalation": NOT_SUBMITTED | {S.REFUSED},
    "escalated": NOT_SUBMITTED | {S.REFUSED},
    "unreachable": ALWAYS,  # the step is only the most urgent of those that wait; when somebody can be reached it is cancelled
    "approval-due": frozenset({S.SUBMITTED}),
    "approval-overdue": frozenset({S.SUBMITTED}),
}

# What is still said of a step whose cycle was closed.
AT_CLOSING = frozenset(
    {"left-unfinished", "carried-into-next", "cancelled", "commented", "mentioned", "corrected", "handed-over", "approved"}
)

# Of several notices of one family for one step and one person, only the latest leaves.
FAMILY: dict[str, str] = {
    **dict.fromkeys(("assigned", "reassigned", "returned", "resumed", "reopened"), "your-move"),
    **dict.fromkeys(("extension-granted", "extension-refused"), "extension"),
    **dict.fromkeys(("due-soon", "overdue", "escalation"), "ladder"),
    **dict.fromkeys(("approval-due", "approval-overdue"), "approval-ladder"),
    **{
        kind: kind
        for kind in (
            "approval-wanted",
            "chased",
            "extension-requested",
            "recalled",
            "suspended",
            "due-shifted",
            "approval-shifted",
            "to-handle",
        )
    },
}


@dataclass(frozen=True, slots=True)
class Cause:
    """What a notice was about when it was made. ``lead``: the unit it speaks to as lead, if it does.

    ``round`` and ``link``: the submission and the place in the approval chain that it asks about, where it does.
    """

    kind: str
    due_version: int | None = None
    lead: str | None = None
    round: int | None = None
    link: int | None = None


def gone(cause: Cause, step: Any) -> str:
    """Why the notice need not leave any more, as a short code; "" while its reason holds.

    ``step``: a mapping with status, due_version, lead, extension, round and link as they are now; closed_on where its cycle was closed.
    """
    status = WorkStatus(step["status"])
    if step.get("closed_on") and cause.kind not in AT_CLOSING:
        return "closed"
    if status not in STILL[cause.kind]:
        return f"status:{status.value}"
    if cause.due_version is not None and cause.due_version != step["due_version"]:
        return "due-changed"
    if cause.lead is not None and cause.lead != step["lead"]:
        return "lead-changed"
    if cause.kind == "extension-requested" and not step["extension"]:
        return "answered"
    if (cause.round is not None and cause.round != step["round"]) or (cause.link is not None and cause.link != step["link"]):
        return "answered"
    return ""


def family(kind: str, *, proposed: bool = False) -> str | None:
    """The family of ``kind``; None where every notice counts. What is proposed asks for a decision and stands beside the reminders."""
    return "proposal" if proposed else FAMILY.get(kind)
