"""The plan's own dates, its key tasks and its workflows, without looking into their steps."""

from __future__ import annotations

from datetime import date

from engine.coherence.bodies import known_unit
from engine.coherence.problems import Report
from engine.dates import FIRST_YEAR, LAST_YEAR
from engine.definition import KeyTaskDefinition, PlanDefinition, Text, WorkflowDefinition

LONGEST = 20  # years; a longer period is a slip of the finger
MOST_STEPS = 500


def check_tasks(plan: PlanDefinition, report: Report) -> None:
    """Adds the problems of the plan's calendar, and of key tasks and workflows as a list."""
    _check_overrides(plan, report)
    if not plan.key_tasks and not plan.plan_workflows:
        report.error("key_tasks", "no-key-tasks", Text("Kế hoạch không có nhiệm vụ nào", "The plan has no key task"))
    report.duplicates([task.code for task in plan.key_tasks], "key_tasks", ".code")
    for i, task in enumerate(plan.key_tasks):
        _check_key_task(plan, task, f"key_tasks[{i}]", report)
    report.duplicates([workflow.code for workflow in plan.plan_workflows], "plan_workflows", ".code")
    for j, workflow in enumerate(plan.plan_workflows):
        _check_workflow(plan, workflow, f"plan_workflows[{j}]", report)


def check_period(plan: PlanDefinition, report: Report) -> None:
    """Adds the problems of the plan's four dates."""
    for key, day in (("issued_on", plan.issued_on), ("from", plan.from_), ("to", plan.to), ("tracked_from", plan.tracked_from)):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            message = Text(f"Năm {day.year} nằm ngoài {FIRST_YEAR}-{LAST_YEAR}", f"The year {day.year} is outside {FIRST_YEAR}-{LAST_YEAR}")
            report.error(f"plan.{key}", "bad-year", message)
    if plan.to < plan.from_:
        message = Text(
            f"Kỳ kế hoạch kết thúc ({_shown(plan.to)}) trước khi bắt đầu ({_shown(plan.from_)})", "The period ends before it begins"
        )
        report.error("plan.to", "period-reversed", message, Text("Đổi chỗ from và to?", "Swap from and to?"))
    elif plan.to.year - plan.from_.year > LONGEST:
        report.error("plan.to", "period-too-long", Text(f"Kỳ kế hoạch dài hơn {LONGEST} năm", f"The period is longer than {LONGEST} years"))
    if plan.issued_on > plan.to:
        message = Text(
            f"Kế hoạch ban hành ({_shown(plan.issued_on)}) sau khi kỳ kế hoạch kết thúc", "The plan is issued after its period ends"
        )
        report.error("plan.issued_on", "issued-after-end", message)
    if plan.tracked_from > plan.to:
        message = Text("Việc theo dõi bắt đầu sau khi kỳ kế hoạch kết thúc", "Tracking begins after the period ends")
        report.error("plan.tracked_from", "tracked-after-end", message)


def _check_overrides(plan: PlanDefinition, report: Report) -> None:
    seen: set[date] = set()
    for i, override in enumerate(plan.calendar):
        if override.day in seen:
            message = Text(
                f"Ngày {_shown(override.day)} được khai báo hai lần; mục sau có hiệu lực",
                f"{_shown(override.day)} is listed twice; the later holds",
            )
            report.warning(f"calendar[{i}].day", "duplicate-day", message)
        seen.add(override.day)


def _check_key_task(plan: PlanDefinition, task: KeyTaskDefinition, path: str, report: Report) -> None:
    known_unit(plan, task.lead, f"{path}.lead", report)
    if not task.source.strip():
        message = Text(f"{task.code} không trích nguồn", f"{task.code} quotes no source")
        report.warning(f"{path}.source", "no-source", message, Text("Trích nguyên văn từ văn bản.", "Quote the document word for word."))
    if not task.workflows:
        report.error(f"{path}.workflows", "no-workflows", Text(f"{task.code} không có quy trình nào", f"{task.code} has no workflow"))
    report.duplicates([workflow.code for workflow in task.workflows], f"{path}.workflows", ".code")
    for j, workflow in enumerate(task.workflows):
        _check_workflow(plan, workflow, f"{path}.workflows[{j}]", report)


def _check_workflow(plan: PlanDefinition, workflow: WorkflowDefinition, path: str, report: Report) -> None:
    known_unit(plan, workflow.lead, f"{path}.lead", report)
    if not workflow.steps:
        report.error(f"{path}.steps", "no-steps", Text(f"“{workflow.code}” không có bước nào", f"“{workflow.code}” has no step"))
    if len(workflow.steps) > MOST_STEPS:
        message = Text(f"“{workflow.code}” có quá {MOST_STEPS} bước", f"“{workflow.code}” has more than {MOST_STEPS} steps")
        report.error(f"{path}.steps", "too-many-steps", message, Text("Chia thành nhiều quy trình.", "Split it into several workflows."))


def _shown(day: date) -> str:
    return f"{day:%d/%m/%Y}"
