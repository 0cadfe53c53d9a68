"""How the steps of one code stand, as a mark and in words: for the strips and boxes of a process."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.definition import Text
from engine.statuses import STATUS_TEXT, TIMELINESS_TEXT, VOID, Timeliness, WorkStatus
from services.queries import naming
from services.queries.lines import StepLine

S, T = WorkStatus, Timeliness


class Mark(StrEnum):
    """How one unit stands in a strip: the most telling of status and timeliness."""

    DONE = "done"
    DONE_LATE = "donelate"
    LATE = "late"
    SUBMITTED = "sub"
    SOON = "soon"
    WITHIN = "within"
    CHOSEN = "cal"
    WAITING = "wait"
    VOID = "na"


MARK_TEXT = {
    Mark.DONE: Text("xong đúng hạn", "done on time"),
    Mark.DONE_LATE: Text("xong quá hạn", "done late"),
    Mark.LATE: Text("quá hạn", "overdue"),
    Mark.SUBMITTED: Text("chờ xác nhận", "awaiting confirmation"),
    Mark.SOON: Text("sắp đến hạn", "due soon"),
    Mark.WITHIN: Text("trong hạn", "within deadline"),
    Mark.CHOSEN: Text("đã chọn ngày", "day chosen"),
    Mark.WAITING: Text("chưa mở", "not open yet"),
    Mark.VOID: Text("không tính", "does not count"),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One step of a fan-out (or the only one) with its mark."""

    step: StepLine
    mark: Mark


def mark_of(line: StepLine) -> Mark:
    """The mark of one step."""
    if line.status is S.DONE:
        return Mark.DONE_LATE if line.timeliness is T.DONE_LATE else Mark.DONE
    if line.status in VOID:
        return Mark.VOID
    if line.timeliness is T.OVERDUE:
        return Mark.LATE
    if line.status is S.SUBMITTED:
        return Mark.SUBMITTED
    if line.timeliness is T.DUE_SOON and line.status is not S.WAITING:
        return Mark.SOON
    if line.status is S.WAITING:
        return Mark.CHOSEN if line.chosen_on else Mark.WAITING
    return Mark.CHOSEN if line.chosen_on else Mark.WITHIN


def mark_of_all(marks: Iterable[Mark]) -> Mark:
    """The first in this order that any bears stands for all: done only when all are."""
    borne = set(marks)
    return next((mark for mark in _WORST if mark in borne), Mark.WAITING)


STANDING_OUT = (Mark.LATE, Mark.SUBMITTED, Mark.SOON)
_WORST = (Mark.LATE, Mark.SOON, Mark.SUBMITTED, Mark.WITHIN, Mark.CHOSEN, Mark.WAITING, Mark.DONE_LATE, Mark.DONE, Mark.VOID)


def one(line: StepLine) -> Text:
    """A single step in words."""
    if line.status is S.DONE:
        on = f"{line.submitted_on:%d/%m}" if line.submitted_on else ""
        if line.timeliness is T.DONE_LATE:
            return Text(f"Nộp {on}, quá hạn {line.late_days} ngày", f"Handed in {on}, {line.late_days} days late")
        return Text(f"Nộp {on}, đúng hạn", f"Handed in {on}, on time")
    if line.status in VOID:
        return STATUS_TEXT[line.status]
    parts = [_blocked_by(line)] if line.waits_for else []
    if line.status in (S.SUBMITTED, S.RETURNED, S.REFUSED, S.SUSPENDED):
        parts.append(STATUS_TEXT[line.status])
    parts.append(time_left(line))
    return naming.sentence(naming.joined(*parts))


def _blocked_by(line: StepLine) -> Text:
    numbers = ", ".join(map(str, line.waits_for))
    return Text(f"Chờ bước {numbers}", f"Waits for step {numbers}")


def time_left(line: StepLine) -> Text:
    """How far the date is: "Quá hạn 3 ngày", "Còn 18 ngày", "Hạn hôm nay"; empty without a date."""
    if line.closed:
        return Text("chưa xong khi kết sổ", "unfinished when closed")
    if line.timeliness is T.OVERDUE:
        return Text(f"quá hạn {line.late_days} ngày", f"{line.late_days} days overdue")
    if line.due_on is None:
        return Text("hạn tính từ khi mở", "due counts from opening") if line.day else Text("")
    if line.left_days is None or line.status is S.SUBMITTED:
        return Text("")
    if line.left_days == 0:
        return Text("hạn hôm nay", "due today")
    return Text(f"còn {line.left_days} ngày", f"{line.left_days} days left") if line.left_days > 0 else TIMELINESS_TEXT[line.timeliness]


def many(slots: Sequence[Slot]) -> Text:
    """A fan-out in words: how many are done of those that count, and what stands out."""
    live = [s for s in slots if s.mark is not Mark.VOID]
    if not live:
        return STATUS_TEXT[slots[0].step.status] if slots else Text("")
    number = {mark: sum(s.mark is mark for s in live) for mark in Mark}
    done = number[Mark.DONE] + number[Mark.DONE_LATE]
    progress = Text(f"{done}/{len(live)} xong", f"{done}/{len(live)} done")
    standing_out = [Text(f"{number[m]} {MARK_TEXT[m].vi}", f"{number[m]} {MARK_TEXT[m].en}") for m in STANDING_OUT if number[m]]
    if standing_out or done == len(live):
        return naming.joined(progress, *standing_out)
    chosen = sum(s.step.chosen_on is not None for s in live)
    if chosen and not done:
        return Text(f"{chosen}/{len(live)} đã chọn ngày", f"{chosen}/{len(live)} days chosen")
    unfinished = [s.step for s in live if s.step.status is not S.DONE and s.step.day]
    nearest = min(unfinished, key=lambda line: line.day or date.max, default=None)
    return naming.joined(progress, time_left(nearest)) if nearest else progress
