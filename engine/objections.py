"""What stands against an action on this very step, beyond its status and who asks: one line per action that can meet an objection.

Buttons show the objection instead of a form that would be filled in in vain; deciding raises it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from engine import instants
from engine.access import Actor
from engine.actions.correcting import correctable
from engine.compiled import CompiledWorkflow
from engine.definition import Text
from engine.errors import Refused
from engine.step_state import StepState
from engine.transitions import Action

Objection = Callable[[StepState, CompiledWorkflow, Actor], Refused | None]

COOL_DOWN = timedelta(hours=24)
NO_DEADLINE = Text("Bước này không có hạn.", "This step has no deadline.")


def objection(action: Action, step: StepState, workflow: CompiledWorkflow, actor: Actor) -> Refused | None:
    """Why ``action`` is not possible on ``step`` for ``actor`` although the table has it; None if nothing stands against it."""
    found = OBJECTIONS.get(action)
    return found(step, workflow, actor) if found else None


def chased_lately(chased_at: datetime | None, at: datetime) -> Refused | None:
    """Why a step is not chased by mail again at ``at``, when it last was at ``chased_at``: mails that come daily are not read."""
    if chased_at is None or at >= chased_at + COOL_DOWN:
        return None
    again = chased_at + COOL_DOWN
    return Refused(
        Text(f"Đã đôn đốc lúc {local_text(chased_at)}.", f"It was chased at {local_text(chased_at)}."),
        code="chased-lately",
        hint=Text(
            f"Có thể đôn đốc lại từ {local_text(again)}; nếu rất gấp, đánh dấu khẩn.",
            f"It can be chased again from {local_text(again)}; mark it urgent if it cannot wait.",
        ),
    )


def local_text(instant: datetime) -> str:
    """22/07/2024 16:40, in local time."""
    return f"{instant.astimezone(instants.LOCAL):%d/%m/%Y %H:%M}"


def _separation(step: StepState, _workflow: CompiledWorkflow, actor: Actor) -> Refused | None:
    """Whoever submitted a round, or was represented in it, neither approves nor returns it."""
    if not actor.persons & {step.submitted_by, step.submitted_for}:
        return None
    return Refused(
        Text("Người đã trình không được tự xác nhận.", "Whoever submitted it may not decide on it."),
        code="separation",
        hint=Text("Cần một người khác của đơn vị duyệt.", "Somebody else of the approving unit must."),
    )


def _recall(step: StepState, _workflow: CompiledWorkflow, _actor: Actor) -> Refused | None:
    if not step.link and not step.link_approved:
        return None
    return Refused(
        Text("Đã có người duyệt, không thu hồi được.", "Somebody has approved already; it cannot be recalled."),
        code="already-approved",
        hint=Text("Đề nghị người duyệt trả lại.", "Ask the approver to return it."),
    )


def _record(step: StepState, workflow: CompiledWorkflow, actor: Actor) -> Refused | None:
    """A decision on paper is entered by somebody else than the submission; entering a submission meets no objection."""
    return _separation(step, workflow, actor) if step.submitted_by is not None else None


def _choose_day(step: StepState, _workflow: CompiledWorkflow, _actor: Actor) -> Refused | None:
    if step.window_first is not None and step.window_last is not None:
        return None
    return Refused(Text("Bước này không chọn ngày.", "No day is chosen for this step."), code="no-window")


def _request_extension(step: StepState, _workflow: CompiledWorkflow, _actor: Actor) -> Refused | None:
    if step.due_on is None:
        return Refused(NO_DEADLINE, code="no-deadline")
    if step.extension:
        return Refused(Text("Đã có đề nghị đang chờ trả lời.", "A request is waiting for its answer."), code="pending")
    return None


def _grant_extension(step: StepState, _workflow: CompiledWorkflow, _actor: Actor) -> Refused | None:
    return Refused(NO_DEADLINE, code="no-deadline") if step.due_on is None else None


def _refuse_extension(step: StepState, _workflow: CompiledWorkflow, _actor: Actor) -> Refused | None:
    if step.extension:
        return None
    return Refused(Text("Không có đề nghị gia hạn nào.", "Nobody asked for more time."), code="no-request")


def _close_join(step: StepState, workflow: CompiledWorkflow, _actor: Actor) -> Refused | None:
    if any(not edge.per_slot and workflow.steps[edge.before].for_each for edge in workflow.into[step.code]):
        return None
    return Refused(Text("Bước này không chờ nhiều đơn vị.", "This step waits for no group of units."), code="no-join")


def _correct(step: StepState, workflow: CompiledWorkflow, _actor: Actor) -> Refused | None:
    if correctable(step, workflow.steps[step.code]):
        return None
    return Refused(Text("Chưa có gì để đính chính.", "There is nothing to correct yet."), code="nothing-to-correct")


def _save_draft(step: StepState, workflow: CompiledWorkflow, _actor: Actor) -> Refused | None:
    definition = workflow.steps[step.code]
    if definition.figures or definition.evidence:
        return None
    return Refused(Text("Bước này không có gì để điền.", "There is nothing to fill in here."), code="no-draft")


def _consolidate(step: StepState, workflow: CompiledWorkflow, _actor: Actor) -> Refused | None:
    if workflow.sums.get(step.code):
        return None
    return Refused(Text("Bước này không tổng hợp số liệu nào.", "This step consolidates no figures."), code="no-sums")


OBJECTIONS: dict[Action, Objection] = {
    Action.APPROVE: _separation,
    Action.RETURN: _separation,
    Action.RECORD: _record,
    Action.RECALL: _recall,
    Action.CHOOSE_DAY: _choose_day,
    Action.REQUEST_EXTENSION: _request_extension,
    Action.GRANT_EXTENSION: _grant_extension,
    Action.REFUSE_EXTENSION: _refuse_extension,
    Action.CLOSE_JOIN: _close_join,
    Action.CORRECT: _correct,
    Action.SAVE_DRAFT: _save_draft,
    Action.CONSOLIDATE: _consolidate,
}
