"""Dates: extensions, suspension, the day that a unit chooses. Nothing here erases a date; each change is a ledger entry."""

from __future__ import annotations

from datetime import date

from engine import payload as given
from engine.definition import Text
from engine.errors import Invalid, Refused
from engine.facts import Fact
from engine.situation import Situation
from engine.statuses import WorkStatus
from engine.step_state import Effect, Ledger

S = WorkStatus


def request_extension(at: Situation) -> Effect:
    """Ask for a later date. After the due date the request is filed all the same and marked late; the clock keeps running."""
    until = given.required_day(at.payload, "until")
    _later(at, until)
    if until < at.today:
        raise Invalid(Text("Ngày đã qua.", "That day has passed."), code="past", field="until")
    late = at.today > _due_on(at)
    pending = {"until": until.isoformat(), "by": at.actor.account_id, "asked_on": at.today.isoformat(), "late": late}
    fact = Fact("step.extension-requested", {"until": until.isoformat(), "late": late})
    return Effect({"extension": pending}, (fact,), given.text(at.payload, "reason"))


def grant_extension(at: Situation) -> Effect:
    """Give the date asked for, another one, or one that nobody asked for."""
    until = given.required_day(at.payload, "until")
    _later(at, until)
    document, reason = given.text(at.payload, "document"), given.text(at.payload, "reason")
    fact = Fact("step.extension-granted", {"from": _due_on(at).isoformat(), "until": until.isoformat(), "document": document})
    changes = {"due_on": until, "previous_due_on": at.step.due_on, "extensions": at.step.extensions + 1, "extension": None}
    return Effect(changes, (fact,), reason, ledger=Ledger("extension", until, document, reason))


def refuse_extension(at: Situation) -> Effect:
    """Leave the date as it is; the unit hears why."""
    return Effect({"extension": None}, (Fact("step.extension-refused"),), given.text(at.payload, "reason"))


def choose_day(at: Situation) -> Effect:
    """Pick the unit's own day within its window; after the last day for choosing, a reason is needed."""
    day, reason = given.required_day(at.payload, "day"), given.text(at.payload, "reason")
    first, last = at.step.window_first, at.step.window_last
    assert first is not None and last is not None  # `engine.objections` came first
    if last < at.today:
        raise Refused(
            Text(f"Khung ngày đã hết từ {last:%d/%m/%Y}.", f"The window ended on {last:%d/%m/%Y}."),
            code="window-over",
            hint=Text("Nộp kết quả, hoặc xin gia hạn.", "Hand in the result, or ask for more time."),
        )
    possible = max(first, at.today)
    if not possible <= day <= last:
        raise Invalid(
            Text(f"Chọn từ {possible:%d/%m/%Y} đến {last:%d/%m/%Y}.", f"Choose from {possible:%d/%m/%Y} to {last:%d/%m/%Y}."),
            code="past" if first <= day < at.today else "window",
            field="day",
        )
    if at.step.choose_by and at.today > at.step.choose_by and not reason:
        raise given.missing("reason")
    fact = Fact("step.day-chosen", {"day": day.isoformat(), "late": bool(at.step.choose_by and at.today > at.step.choose_by)})
    return Effect({"chosen_on": day, "due_on": day}, (fact,), reason, ledger=Ledger("chosen", day, reason=reason))


def suspend(at: Situation) -> Effect:
    """Stop the clock."""
    changes = {"status": S.SUSPENDED, "suspended_on": at.today, "resume_to": str(at.step.status)}
    return Effect(changes, (Fact("step.suspended"),), given.text(at.payload, "reason"))


def resume(at: Situation) -> Effect:
    """Back to where it was; the working days of the pause are added to a date that had not passed."""
    changes: dict[str, object] = {"status": WorkStatus(at.step.resume_to or S.OPEN), "suspended_on": None, "resume_to": None}
    paused = at.calendar.between(at.step.suspended_on, at.today) if at.step.suspended_on else 0
    fact = Fact("step.resumed", {"working_days": paused})
    due_on = at.step.due_on
    if due_on is None or paused == 0 or (at.step.suspended_on and due_on < at.step.suspended_on):
        return Effect(changes, (fact,))
    until = at.calendar.add(due_on, paused)
    added = Ledger("suspension", until, working_days=paused)
    return Effect({**changes, "due_on": until, "previous_due_on": due_on}, (fact,), ledger=added)


def _due_on(at: Situation) -> date:
    """The date there is: `engine.objections` has refused a step without one."""
    assert at.step.due_on is not None
    return at.step.due_on


def _later(at: Situation, until: date) -> None:
    due_on = _due_on(at)
    if until <= due_on:
        raise Invalid(
            Text(f"Phải sau hạn hiện tại {due_on:%d/%m/%Y}.", f"It must be after the current date, {due_on:%d/%m/%Y}."),
            code="not-later",
            field="until",
        )
