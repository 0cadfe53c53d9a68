"""Whether each date rule fits where it stands: its kind, the workflow's cycle, the anchor it counts from."""

from __future__ import annotations

from collections.abc import Iterator

from engine.coherence.problems import Report
from engine.dates import period_of
from engine.definition import DateRule, DueKind, Every, PlanDefinition, Text, WorkflowDefinition

FIXED = frozenset({DueKind.ANCHOR, DueKind.DAY, DueKind.PERIOD_END, DueKind.ISSUE})
ANYTHING = FIXED | {DueKind.AFTER, DueKind.NONE}
ANCHORS = FIXED - {DueKind.ANCHOR}


def check_rules(plan: PlanDefinition, workflow: WorkflowDefinition, path: str, report: Report) -> None:
    """Adds a problem for each rule of ``workflow`` that can name no day, or the same day in every cycle."""
    for where, rule, allowed in _rules(workflow, path):
        if rule.kind not in allowed:
            message = Text(
                f"“{rule.text}” không dùng được ở đây: nó không tự xác định một ngày", f"“{rule.text}” names no day by itself here"
            )
            hint = Text("Ví dụ: T-15, 31/01, quarter-end-month/14", "For example: T-15, 31/01, quarter-end-month/14")
            report.error(where, "rule-kind", message, hint)
        elif rule.kind is DueKind.ANCHOR and workflow.anchor is None:
            message = Text(
                f"“{rule.text}” cần ngày T, nhưng quy trình không có anchor", f"“{rule.text}” needs T, but the workflow has no anchor"
            )
            report.error(
                where, "no-anchor", message, Text("Thêm vào quy trình, ví dụ anchor: 19/08", "Add to the workflow, say, anchor: 19/08")
            )
        elif rule.kind is DueKind.PERIOD_END and period_of(rule) is not workflow.every:
            _period_misfit(workflow, where, rule, report)
        elif rule.kind is DueKind.DAY:
            _check_day(plan, workflow, where, rule, report)


def _rules(workflow: WorkflowDefinition, path: str) -> Iterator[tuple[str, DateRule, frozenset[DueKind]]]:
    """Every rule with its path and the kinds that make sense there."""
    if workflow.anchor:
        yield f"{path}.anchor", workflow.anchor, ANCHORS
    if workflow.opens:
        yield f"{path}.opens", workflow.opens, FIXED
    for i, step in enumerate(workflow.steps):
        where = f"{path}.steps[{i}]"
        yield f"{where}.due", step.due, ANYTHING
        if step.not_before:
            yield f"{where}.not_before", step.not_before, FIXED
        if step.window:
            yield f"{where}.window.from", step.window.first, FIXED
            yield f"{where}.window.to", step.window.last, FIXED
            if step.window.choose_by:
                yield f"{where}.window.choose_by", step.window.choose_by, FIXED


def _period_misfit(workflow: WorkflowDefinition, path: str, rule: DateRule, report: Report) -> None:
    message = Text(
        f"“{rule.text}” không khớp chu kỳ {workflow.every} của quy trình",
        f"“{rule.text}” does not fit the workflow, which is every: {workflow.every}",
    )
    if workflow.every is Every.ONCE:
        hint = Text(
            "Quy trình một lần: viết ngày kèm năm, ví dụ 30/06/2024.", "In a workflow done once write a day with its year: 30/06/2024."
        )
    else:
        right = f"{workflow.every}-end-month/{rule.day:02}"
        hint = Text(f"Có phải là “{right}”?", f"Did you mean “{right}”?")
    report.error(path, "period-misfit", message, hint)


def _check_day(plan: PlanDefinition, workflow: WorkflowDefinition, path: str, rule: DateRule, report: Report) -> None:
    """A day of the year fits yearly cycles, and with its own year what is done once."""
    short = rule.text[:5]
    if workflow.every is Every.ONCE:
        if rule.year is None and plan.from_.year != plan.to.year:
            year = plan.from_.year + rule.years
            message = Text(
                f"“{rule.text}” được hiểu là {short}/{year}, năm đầu của kế hoạch",
                f"“{rule.text}” is read as {short}/{year}, the plan's first year",
            )
            report.warning(path, "year-missing", message, Text(f"Viết rõ năm: {short}/{year}", f"Write the year: {short}/{year}"))
    elif rule.year is not None:
        message = Text(f"“{rule.text}” là cùng một ngày trong mọi chu kỳ", f"“{rule.text}” is the same day in every cycle")
        report.error(path, "year-in-recurring", message, Text(f"Bỏ năm: {short}", f"Leave out the year: {short}"))
    elif workflow.every is not Every.YEAR:
        right = f"{workflow.every}-end-month/{rule.day:02}"
        message = Text(
            f"“{rule.text}” là cùng một ngày trong mọi chu kỳ của năm", f"“{rule.text}” is the same day in every cycle of the year"
        )
        report.error(path, "day-in-short-cycle", message, Text(f"Có phải là “{right}”?", f"Did you mean “{right}”?"))
