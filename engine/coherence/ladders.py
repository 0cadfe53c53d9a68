"""Ladders of reminders: no rung twice, and each tells somebody who holds the clock that it counts from."""

from __future__ import annotations

from collections.abc import Iterator

from engine.coherence.problems import Report, places
from engine.definition import PlanDefinition, Text
from engine.rungs import UPWARD, Rung


def check_ladders(plan: PlanDefinition, report: Report) -> None:
    """Adds the problems of every ladder of ``plan``."""
    for path, ladder in _all(plan):
        seen: dict[tuple[str, str], int] = {}
        for i, rung in enumerate(ladder or ()):
            first = seen.setdefault((rung.code, rung.audience), i)
            if first != i:
                message = Text(f"Bậc này đã có ở mục thứ {first + 1}", f"This rung is already entry {first + 1}")
                report.error(f"{path}[{i}].at", "equal-rungs", message, Text("Bỏ một, hoặc nhắc người khác.", "Drop one, or tell others."))
            if rung.of_approval != (rung.audience == "approver"):
                report.error(f"{path}[{i}]", "rung-clock", *_other_clock(rung))
            elif rung.proposed and rung.audience not in UPWARD:
                message = Text("Chỉ đề nghị được với agency hoặc committee", "Only what tells agency or committee can be proposed")
                report.error(f"{path}[{i}].propose", "not-upward", message, Text("Bỏ propose.", "Drop propose."))


def _other_clock(rung: Rung) -> tuple[Text, Text]:
    if rung.of_approval:
        message = Text(
            "Bậc tính theo hạn xác nhận (A) chỉ nhắc người xác nhận", "A rung of the day for confirming (A) tells the approver only"
        )
        return message, Text("Viết tell: approver, hoặc tính theo D.", "Write tell: approver, or count from D.")
    message = Text("Người xác nhận được nhắc theo hạn xác nhận (A)", "An approver is reminded by the day for confirming (A)")
    return message, Text("Viết at: A+1wd.", "Write at: A+1wd.")


def _all(plan: PlanDefinition) -> Iterator[tuple[str, tuple[Rung, ...] | None]]:
    yield "plan.ladder", plan.ladder
    for i, task in enumerate(plan.key_tasks):
        yield f"key_tasks[{i}].ladder", task.ladder
    for path, workflow in places(plan):
        yield f"{path}.ladder", workflow.ladder
        for i, step in enumerate(workflow.steps):
            yield f"{path}.steps[{i}].ladder", step.ladder
