"""Correcting what was entered wrongly: a new value beside the old one, which is read from what is stored and never taken from a caller.

What can be corrected follows the step: what a round says while one lies submitted or approved, the day of completion once done, and the
date of an extension while it is the one that holds.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from engine import figures
from engine import payload as given
from engine.corrected import value_of
from engine.definition import StepDefinition, Text
from engine.errors import Invalid
from engine.facts import Fact
from engine.situation import Situation
from engine.statuses import WorkStatus
from engine.step_state import Effect, Ledger, StepState

S = WorkStatus
HANDED_IN = frozenset({S.SUBMITTED, S.DONE})
LONGEST_NUMBER = 100
CORRECTION, TAKEN_BACK = "correction", "taken-back"
EXTENDED = frozenset({"extension", CORRECTION})  # ledger entries whose date may prove to be a slip of the pen


def correctable(step: StepState, definition: StepDefinition) -> tuple[str, ...]:
    """The names of what can be corrected on ``step`` as it stands."""
    names: list[str] = []
    if step.status in HANDED_IN and step.round:
        names += ["submitted_on", *(f"evidence.{e.code}.{part}" for e in definition.evidence for part in ("number", "date"))]
        names += [f"figures.{f.code}" for f in definition.figures if f.type != "text"]  # a fact holds no free text
    if step.status is S.DONE:
        names.append("done_on")
    return (*names, "extension") if step.extensions else tuple(names)


def correct(at: Situation) -> Effect:
    """``field`` gets ``value``; the journal keeps both values and the reason."""
    name = given.text(at.payload, "field")
    choices = correctable(at.step, at.definition)
    if name not in choices:
        listed = ", ".join(choices) or "–"
        raise Invalid(Text(f"Chỉ đính chính được: {listed}.", f"Only these can be corrected: {listed}."), code="field", field="field")
    return CORRECTORS.get(name, _said_by_the_round)(at, name)


def _submitted_on(at: Situation, name: str) -> Effect:
    day = _past_day(at)
    if at.step.done_on and day > at.step.done_on:
        raise _wrong(Text("Sau ngày hoàn thành.", "After the day of completion."), "after-done")
    return _effect(at, name, _iso(at.step.submitted_on), day.isoformat(), {"submitted_on": day})


def _done_on(at: Situation, name: str) -> Effect:
    day = _past_day(at)
    if at.step.submitted_on and day < at.step.submitted_on:
        raise _wrong(Text("Trước ngày nộp.", "Before the day of submission."), "before-submitted")
    return _effect(at, name, _iso(at.step.done_on), day.isoformat(), {"done_on": day})


def _extension(at: Situation, name: str) -> Effect:
    """The date of the extension that holds: another one, or the one before it, which takes the extension back."""
    day, before = given.required_day(at.payload, "value"), at.stored.get("before")
    if at.stored.get("ledger") not in EXTENDED or before is None:
        raise Invalid(
            Text("Hạn đã đổi vì lý do khác sau khi gia hạn.", "The date has changed for another reason since the extension."),
            code="overtaken",
            field="field",
            hint=Text("Gia hạn lại, hoặc ghi hạn mới bằng văn bản.", "Grant another extension with its document."),
        )
    if day < before:
        raise _wrong(Text(f"Không trước hạn cũ {before:%d/%m/%Y}.", f"Not before the date it extended, {before:%d/%m/%Y}."), "too-early")
    changes: dict[str, Any] = {"due_on": day}
    if day == before:
        changes |= {"extensions": at.step.extensions - 1, "previous_due_on": at.stored.get("previous")}
    reason = given.text(at.payload, "reason")
    ledger = Ledger(TAKEN_BACK if day == before else CORRECTION, day, given.text(at.payload, "document"), reason)
    return _effect(at, name, _iso(at.step.due_on), day.isoformat(), changes, ledger)


def _said_by_the_round(at: Situation, name: str) -> Effect:
    """A number, date or figure of the last round."""
    value: Any = given.text(at.payload, "value")
    figure = next((f for f in at.definition.figures if name == f"figures.{f.code}"), None)
    if figure:
        value = figures.value_of(figure, value, field="value")
    elif name.endswith(".date"):
        value = given.required_day(at.payload, "value").isoformat()
    elif len(value) > LONGEST_NUMBER:
        raise _wrong(Text(f"Dài quá {LONGEST_NUMBER} ký tự.", f"Longer than {LONGEST_NUMBER} characters."), "too-long")
    return _effect(at, name, value_of(at.stored.get("body", {}), name), value, {})


def _effect(at: Situation, name: str, old: Any, new: Any, changes: dict[str, Any], ledger: Ledger | None = None) -> Effect:
    if old == new:
        raise _wrong(Text("Đang đúng là giá trị này.", "That is what it says already."), "same")
    fact = Fact("step.corrected", {"field": name, "old": old, "new": new, "round": at.step.round})
    return Effect(changes, (fact,), given.text(at.payload, "reason"), ledger=ledger)


def _past_day(at: Situation) -> date:
    day = given.required_day(at.payload, "value")
    if day > at.today:
        raise _wrong(Text("Ngày ở tương lai.", "That day is in the future."), "future")
    return day


def _wrong(text: Text, code: str) -> Invalid:
    return Invalid(text, code=code, field="value")


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


CORRECTORS: dict[str, Callable[[Situation, str], Effect]] = {
    "submitted_on": _submitted_on,
    "done_on": _done_on,
    "extension": _extension,
}
