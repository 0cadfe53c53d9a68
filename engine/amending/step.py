"""What an amendment does to one step that exists: it is removed, comes back, or is asked otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from engine.amending.bounds import Refusal
from engine.amending.change import Kind, Standing, Stays, StepChange
from engine.approval import chain
from engine.calendar import WorkCalendar
from engine.calendar_change import BY_RULE, Running, by_rule, origin_of, planned_by_code
from engine.compiled import CompiledWorkflow
from engine.cycles import Cycle
from engine.definition import StepDefinition, Text
from engine.statuses import PASSED, WorkStatus
from engine.step_state import NO_HANDLER, Ledger, StepState

S = WorkStatus
DATES = ("due", "shift", "window")
OTHERS = ("title", "ask", "coordinating", "after", "join", "not_before", "evidence", "figures", "report", "ladder")
ASKED = frozenset({"ask", "coordinating", "approve", "evidence", "figures", "report"})  # what the lead unit should hear of
OF_THE_WORK = frozenset({*DATES, "lead", "for_each", "not_before", "coordinating", "approve", "evidence", "figures", "report"})
HINT_SUBMITTED = Text("Xác nhận hoặc trả lại trước.", "Confirm it or return it first.")
NAMED = Text("giữ hạn đã được gia hạn hoặc chọn", "keeps the date that was granted or chosen")


def changed_fields(old: CompiledWorkflow, new: CompiledWorkflow, code: str) -> tuple[str, ...]:
    """What the two versions say differently of the step ``code``, as names of its fields."""
    before, after = old.steps[code], new.steps[code]
    found = [name for name in ("for_each", *DATES, *OTHERS) if getattr(before, name) != getattr(after, name)]
    if _lead(old, before) != _lead(new, after):
        found.append("lead")
    if before.approve != after.approve:
        found.append("approve")
    if "ladder" not in found and old.ladders[code] != new.ladders[code]:
        found.append("ladder")
    return tuple(found)


def removed(standing: Standing) -> Iterator[StepChange | Stays | Refusal]:
    """The step is not applicable from now on, unless somebody has handed something in or has to be answered."""
    step = standing.step
    if step.status in PASSED:
        yield Stays(step.id, step.code, step.slot, Text("đã xong, giữ nguyên", "finished, stays as it is"))
    elif step.round:
        yield Refusal(Text("đã có lần nộp", "something was handed in"), HINT_SUBMITTED, step.code, step.slot)
    elif step.status in (S.SUSPENDED, S.REFUSED):
        reason = Text("đang tạm dừng hoặc bị từ chối", "it is suspended or refused")
        yield Refusal(reason, Text("Giải quyết trước khi bỏ bước.", "Settle that before removing it."), step.code, step.slot)
    else:
        columns = {"status": S.NOT_APPLICABLE, "extension": None}
        yield StepChange(Kind.REMOVED, step.code, step.slot, step.lead, S.NOT_APPLICABLE, step.id, columns)


def restored(
    standing: Standing, new: CompiledWorkflow, cycle: Cycle, calendar: WorkCalendar, today: date
) -> Iterator[StepChange | Stays | Refusal]:
    """The step comes back where it stood when an amendment removed it, with the date that its rule gives now."""
    step = standing.step
    if not standing.removed or step.status is not S.NOT_APPLICABLE:
        yield Stays(step.id, step.code, step.slot, Text("giữ nguyên như hiện nay", "stays as it is now"))
        return
    status = S.IN_PROGRESS if step.accepted_by is not None else S.OPEN if step.opened_on is not None else S.WAITING
    due = _counted(standing, new, cycle, calendar)
    if due is not None and due < today:
        yield _past(step, due)
        return
    dates = (step.due_on, due) if due != step.due_on else None
    columns: dict[str, Any] = {"status": status, **(_dated(step, due) if dates else {})}
    ledger = Ledger("amendment", due) if dates else None
    yield StepChange(Kind.RESTORED, step.code, step.slot, step.lead, status, step.id, columns, ledger, dates)


def revised(
    standing: Standing, fields: Sequence[str], old: CompiledWorkflow, new: CompiledWorkflow, cycle: Cycle, calendar: WorkCalendar,
    today: date,
) -> Iterator[StepChange | Stays | Refusal]:  # fmt: skip
    """The unfinished step under the next version, which says ``fields`` of it differently."""
    step = standing.step
    lead, stays = _lead_after(step, old, new)
    refused = _refused(step, lead, fields, old, new)
    if refused is not None:
        yield refused
        return
    columns: dict[str, Any] = {"lead": lead, **NO_HANDLER} if lead != step.lead else {}
    dates, ledger = None, None
    if {*fields} & {*DATES, "not_before"}:
        planned = planned_by_code(new, cycle, calendar)[step.code]
        first, last = planned.window or (None, None)
        if step.chosen_on is not None and first and last and not first <= step.chosen_on <= last:
            reason = Text("ngày đơn vị đã chọn nằm ngoài khoảng mới", "the day that the unit chose lies outside the new window")
            yield Refusal(
                reason, Text("Mở rộng khoảng, hoặc để chọn lại trước.", "Widen it, or let them choose again first."), step.code, step.slot
            )
            return
        window = {"not_before": planned.not_before, "window_first": first, "window_last": last, "choose_by": planned.choose_by}
        present = {"not_before": standing.not_before, **{n: getattr(step, n) for n in ("window_first", "window_last", "choose_by")}}
        columns |= {name: day for name, day in window.items() if day != present[name]}
    if {*fields} & {*DATES}:
        due = _counted(standing, new, cycle, calendar)
        if _named(standing):
            stays = NAMED
        elif due != step.due_on and due is not None and due < (step.submitted_on or today):
            yield _past(step, due)
            return
        elif due != step.due_on:
            dates = (step.due_on, due)
            first_date = step.due_on is None and step.original_due_on is None
            ledger = Ledger("original" if first_date else "amendment", due)
            columns |= _dated(step, due)
    if stays:
        yield Stays(step.id, step.code, step.slot, stays)
    yield StepChange(
        Kind.CHANGED, step.code, step.slot, lead, step.status, step.id, columns, ledger, dates,
        (step.lead, lead) if lead != step.lead else None, tuple(name for name in fields if name in (*OTHERS, "approve")),
    )  # fmt: skip


def _refused(step: StepState, lead: str, fields: Sequence[str], old: CompiledWorkflow, new: CompiledWorkflow) -> Refusal | None:
    """Why the step cannot be asked otherwise just now."""
    if lead != step.lead and step.status in (S.SUBMITTED, S.REFUSED):
        reason = Text("đang chờ xác nhận hoặc bị từ chối nên không đổi chủ trì", "it is submitted or refused, so its lead cannot change")
        return Refusal(reason, HINT_SUBMITTED, step.code, step.slot)
    if step.status is S.SUBMITTED and {*fields} & {"approve", "lead"}:
        was, now = (chain(w.steps[step.code], step.lead, w.plan) for w in (old, new))
        if was != now:
            reason = Text("đang chờ xác nhận theo chuỗi cũ", "it is being confirmed by the old chain")
            return Refusal(reason, HINT_SUBMITTED, step.code, step.slot)
    return None


def _lead_after(step: StepState, old: CompiledWorkflow, new: CompiledWorkflow) -> tuple[str, Text | None]:
    """Who leads afterwards; what somebody else was given by hand stays with them."""
    was, now = _lead(old, old.steps[step.code]), _lead(new, new.steps[step.code])
    if was == now or step.slot:
        return step.lead, None
    if step.lead != was:
        return step.lead, Text("giữ đơn vị đã được giao lại", "stays with the unit that it was reassigned to")
    return now, None


def _lead(workflow: CompiledWorkflow, definition: StepDefinition) -> str:
    return "" if definition.for_each else definition.lead or workflow.definition.lead


def _named(standing: Standing) -> bool:
    """Whether the date that holds was named by a person: an extension, a redo date, a chosen day."""
    if not standing.ledger or standing.step.due_on is None:
        return False
    origin, _ = origin_of(standing.ledger)
    return origin.kind not in (*BY_RULE, "opened")


def _counted(standing: Standing, new: CompiledWorkflow, cycle: Cycle, calendar: WorkCalendar) -> date | None:
    """The date that the rule gives under the next version, with the working days that suspensions have added."""
    step = standing.step
    running = Running(
        step.id, step.code, step.slot, step.lead, step.status, step.opened_on, step.due_on, standing.planned_on, 0, None, None,
        standing.ledger,
    )  # fmt: skip
    due = by_rule(running, new, cycle, planned_by_code(new, cycle, calendar), calendar)
    added = origin_of(standing.ledger)[1] if standing.ledger and not _named(standing) else 0
    return calendar.add(due, added) if due and added else due


def _dated(step: StepState, due: date | None) -> dict[str, Any]:
    """The columns of a date that moves. A first date is the original one too."""
    first = {"original_due_on": due} if step.original_due_on is None and step.due_on is None else {}
    return {"due_on": due, "previous_due_on": step.due_on, "planned_on": due, **first}


def _past(step: StepState, due: date) -> Refusal:
    reason = Text(f"hạn mới {due:%d/%m/%Y} đã qua", f"the new date {due.isoformat()} has passed")
    if step.submitted_on is not None:
        reason = Text(f"đã nộp sau hạn mới {due:%d/%m/%Y}", f"it was handed in after the new date {due.isoformat()}")
    return Refusal(reason, Text("Chọn hạn muộn hơn.", "Name a later date."), step.code, step.slot)
