"""Each step by itself: who does it, who approves it, what it asks for."""

from __future__ import annotations

from engine.coherence.bodies import known_unit
from engine.coherence.problems import Report, did_you_mean, nearest
from engine.definition import ApprovalLink, Figure, JoinKind, PlanDefinition, StepDefinition, Text, WorkflowDefinition

FIGURE_TYPES = ("count", "number", "money", "percentage", "text", "choice")
ADDABLE = ("count", "number", "money")  # percentages of different wholes do not add up


def check_steps(plan: PlanDefinition, workflow: WorkflowDefinition, path: str, report: Report) -> None:
    """Adds the problems that can be seen in one step without its neighbours, and joins that join nothing."""
    for i, step in enumerate(workflow.steps):
        where = f"{path}.steps[{i}]"
        _check_lead(plan, step, where, report)
        _check_coordinating(plan, step, where, report)
        _check_approval(plan, step, where, report)
        report.duplicates([evidence.code for evidence in step.evidence], f"{where}.evidence", ".code")
        report.duplicates([figure.code for figure in step.figures], f"{where}.figures", ".code")
        for j, figure in enumerate(step.figures):
            _check_figure(figure, f"{where}.figures[{j}]", report)
        _check_join(plan, workflow, step, where, report)


def units_of(plan: PlanDefinition, step: StepDefinition) -> tuple[str, ...]:
    """The units that lead the step, of a fan-out all of them; () where the group is unknown."""
    if step.for_each:
        return next((group.units for group in plan.groups if group.code == step.for_each), ())
    return (step.lead,) if step.lead else ()


def _check_lead(plan: PlanDefinition, step: StepDefinition, path: str, report: Report) -> None:
    if step.lead and step.for_each:
        message = Text(
            f"Bước “{step.code}” có hai chủ trì: lead {step.lead} và for_each {step.for_each}",
            f"The step “{step.code}” has two leads: lead {step.lead} and for_each {step.for_each}",
        )
        report.error(f"{path}.for_each", "two-leads", message, Text("Giữ một trong hai.", "Keep one of the two."))
    if not step.lead and not step.for_each:
        message = Text(f"Bước “{step.code}” không có chủ trì", f"The step “{step.code}” has no lead")
        report.error(path, "no-lead", message, Text("Thêm lead: <đơn vị> hoặc for_each: <nhóm>.", "Add lead: <unit> or for_each: <group>."))
    if step.lead:
        known_unit(plan, step.lead, f"{path}.lead", report)
    codes = [group.code for group in plan.groups]
    if step.for_each and step.for_each not in codes:
        hint = did_you_mean(nearest(step.for_each, codes), Text("Khai báo nhóm trong groups.", "Declare the group under groups."))
        if any(unit.code == step.for_each for unit in plan.units):
            hint = Text(f"“{step.for_each}” là một đơn vị: dùng lead.", f"“{step.for_each}” is a unit: use lead.")
        message = Text(f"Không có nhóm “{step.for_each}”", f"There is no group “{step.for_each}”")
        report.error(f"{path}.for_each", "unknown-group", message, hint)


def _check_coordinating(plan: PlanDefinition, step: StepDefinition, path: str, report: Report) -> None:
    report.duplicates(step.coordinating, f"{path}.with")
    for i, code in enumerate(step.coordinating):
        if known_unit(plan, code, f"{path}.with[{i}]", report) and code == step.lead:
            message = Text(f"“{code}” vừa chủ trì vừa phối hợp", f"“{code}” both leads and coordinates")
            report.warning(f"{path}.with[{i}]", "lead-coordinates", message, Text("Bỏ khỏi with.", "Remove it from with."))


def _check_approval(plan: PlanDefinition, step: StepDefinition, path: str, report: Report) -> None:
    for i, link in enumerate(step.approve or ()):
        where = f"{path}.approve[{i}]"
        if not link.units:
            report.error(where, "no-approver", Text("Cấp duyệt không có đơn vị nào", "This approval link names no unit"))
        if link.within < 1:
            message = Text("Thời gian duyệt phải từ 1 ngày làm việc", "An approver needs at least one working day")
            report.error(f"{where}.within", "bad-within", message)
        if link.mode not in (JoinKind.ALL, JoinKind.ANY):
            report.error(where, "bad-mode", Text("Cấp duyệt chỉ có all hoặc any", "An approval link is all or any"))
        report.duplicates(link.units, where)
        for code in link.units:
            known_unit(plan, code, where, report)
        _check_separation(plan, step, link, where, report)


def _check_separation(plan: PlanDefinition, step: StepDefinition, link: ApprovalLink, path: str, report: Report) -> None:
    """Nobody approves their own work. In an any-link of several units the others may do it for a member of the fan-out."""
    if step.for_each and link.mode is JoinKind.ANY and len(set(link.units)) > 1:
        return
    for code in sorted(set(link.units) & set(units_of(plan, step))):
        message = Text(f"“{code}” duyệt việc do chính mình chủ trì", f"“{code}” approves what it leads itself")
        hint = Text(
            "Chọn đơn vị duyệt khác, hoặc bỏ approve để dùng xác nhận mặc định.",
            "Name another approver, or leave out approve for the default.",
        )
        report.error(path, "approver-is-lead", message, hint)


def _check_figure(figure: Figure, path: str, report: Report) -> None:
    if figure.type not in FIGURE_TYPES:
        hint = did_you_mean(nearest(figure.type, FIGURE_TYPES), Text(", ".join(FIGURE_TYPES)))
        report.error(f"{path}.type", "unknown-type", Text(f"Không có kiểu “{figure.type}”", f"There is no type “{figure.type}”"), hint)
    if figure.min is not None and figure.max is not None and figure.min > figure.max:
        report.error(f"{path}.max", "bounds-reversed", Text("max nhỏ hơn min", "max is below min"))
    if figure.sum and figure.type not in ADDABLE:
        report.error(f"{path}.sum", "sum-of-text", Text(f"Không cộng được kiểu “{figure.type}”", f"“{figure.type}” cannot be summed"))
    if figure.type == "choice" and not figure.choices:
        report.error(f"{path}.choices", "no-choices", Text("Kiểu choice cần danh sách choices", "A choice needs its choices"))


def _check_join(plan: PlanDefinition, workflow: WorkflowDefinition, step: StepDefinition, path: str, report: Report) -> None:
    join = step.join
    if join.kind is JoinKind.PERCENT and not 1 <= join.number <= 100:
        message = Text(f"{join.number} % nằm ngoài 1-100 %", f"{join.number} % is outside 1-100 %")
        report.error(f"{path}.join", "bad-percentage", message, Text("Ví dụ: 90 %", "For example: 90 %"))
    if join.kind is JoinKind.COUNT and join.number < 1:
        report.error(f"{path}.join", "bad-count", Text("Số đơn vị phải từ 1", "The count must be at least 1"))
    if join.kind is JoinKind.ALL:
        return
    before = {p.step for p in step.after if not p.soft}
    joined = [s for s in workflow.steps if s.code in before and s.for_each and s.for_each != step.for_each]
    if not joined:
        message = Text(
            f"join ở “{step.code}” không gộp gì: bước trước không chia cho nhiều đơn vị", f"The join at “{step.code}” joins nothing"
        )
        hint = Text(
            "Trong cùng một nhóm, mỗi đơn vị đi tiếp riêng; bỏ join.", "Within one group each unit goes on by itself; remove the join."
        )
        report.warning(f"{path}.join", "join-of-nothing", message, hint)
    smallest = min((len(units_of(plan, s)) for s in joined), default=0)
    if join.kind is JoinKind.COUNT and joined and join.number > smallest > 0:
        message = Text(
            f"join chờ {join.number} đơn vị, nhóm chỉ có {smallest}", f"The join waits for {join.number} units, the group has {smallest}"
        )
        report.error(f"{path}.join", "unreachable", message, Text(f"Nhiều nhất {smallest}, hoặc all.", f"At most {smallest}, or all."))
