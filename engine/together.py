"""Which acts can be taken on many steps at once, by whom, and on which steps they are better taken one by one."""

from __future__ import annotations

from engine.access import Actor
from engine.definition import StepDefinition, Text
from engine.statuses import WorkStatus
from engine.transitions import Action

A = Action
BY_AGENCY = (A.CHASE, A.GRANT_EXTENSION, A.REASSIGN, A.MARK_NOT_APPLICABLE, A.SUSPEND, A.RESUME, A.CANCEL)
BY_UNITS = (A.ACCEPT, A.SUBMIT, A.APPROVE, A.NAME_HANDLER)  # each on one's own steps, as the table of transitions has it
TOGETHER = (*BY_AGENCY, *BY_UNITS)

RETURNED = Text("Bị trả lại: sửa theo ý kiến rồi nộp ở trang của bước.", "It was returned: mend it and submit it on its own page.")
TO_FILL_IN = Text("Cần minh chứng hoặc số liệu: nộp ở trang của bước.", "It needs evidence or figures: submit it on its own page.")
TO_LOOK_AT = Text(
    "Có minh chứng hoặc số liệu phải xem: duyệt ở trang của bước.", "It holds evidence or figures: approve it on its own page."
)


def offered(actor: Actor) -> tuple[Action, ...]:
    """The acts that ``actor`` may try on many steps."""
    agency = actor.system or "agency" in actor.roles
    return TOGETHER if agency else BY_UNITS


def one_by_one(action: Action, status: WorkStatus, definition: StepDefinition) -> Text | None:
    """Why ``action`` on a step is left to the step's own page, where there is something to fill in or to look at; None if it is not."""
    papers = bool(definition.evidence or definition.figures)
    if action is A.SUBMIT and status is WorkStatus.RETURNED:
        return RETURNED
    if action is A.SUBMIT and (definition.figures or any(evidence.required for evidence in definition.evidence)):
        return TO_FILL_IN
    return TO_LOOK_AT if action is A.APPROVE and papers else None
