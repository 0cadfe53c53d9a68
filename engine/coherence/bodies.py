"""Units and groups: known, named, alive, and told apart by name at any time."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from datetime import date
from itertools import combinations

from engine.coherence.problems import Report, did_you_mean, nearest
from engine.definition import GroupDefinition, PlanDefinition, Text, UnitDefinition

Interval = tuple[date, date]


def check_bodies(plan: PlanDefinition, report: Report) -> None:
    """Adds the problems of the plan's units, of its groups and of the three bodies that it names."""
    report.duplicates([unit.code for unit in plan.units], "units", ".code")
    report.duplicates([group.code for group in plan.groups], "groups", ".code")
    for key in ("standing_agency", "steering_committee", "authority"):
        known_unit(plan, getattr(plan, key), f"plan.{key}", report)
    if plan.standing_agency == plan.steering_committee:
        message = Text("Cơ quan thường trực và Ban Chỉ đạo là một đơn vị", "The standing agency and the Steering Committee are one unit")
        hint = Text(
            "Việc của cơ quan thường trực phải do đơn vị khác xác nhận.", "Another unit must confirm what the standing agency does."
        )
        report.error("plan.steering_committee", "approver-is-lead", message, hint)
    for i, unit in enumerate(plan.units):
        _check_unit(plan, unit, f"units[{i}]", report)
    _check_parents(plan, report)
    _check_names(plan, report)
    for i, group in enumerate(plan.groups):
        _check_group(plan, group, f"groups[{i}]", report)


def known_unit(plan: PlanDefinition, code: str, path: str, report: Report) -> bool:
    """Whether ``code`` is a unit's; otherwise an error at ``path`` offers the nearest one, by code or by name."""
    if any(unit.code == code for unit in plan.units):
        return True
    if any(group.code == code for group in plan.groups):
        hint = Text(
            f"“{code}” là một nhóm: dùng for_each để giao cho từng đơn vị.", f"“{code}” is a group: use for_each to give it to each unit."
        )
    else:
        spellings = {name: u.code for u in plan.units for n in u.names for name in (n.name.vi, n.short.vi)} | {
            u.code: u.code for u in plan.units
        }
        found = nearest(code, spellings)
        hint = did_you_mean(spellings.get(found, ""), Text("Khai báo đơn vị trong units.", "Declare the unit under units."))
    report.error(path, "unknown-unit", Text(f"Không có đơn vị “{code}”", f"There is no unit “{code}”"), hint)
    return False


def _check_unit(plan: PlanDefinition, unit: UnitDefinition, path: str, report: Report) -> None:
    if not unit.names:
        report.error(f"{path}.names", "no-name", Text(f"Đơn vị “{unit.code}” không có tên", f"The unit “{unit.code}” has no name"))
        return
    for i, (before, after) in enumerate(zip(unit.names, unit.names[1:], strict=False), start=1):
        if after.from_ <= before.from_:
            message = Text("Tên sau phải bắt đầu sau tên trước", "A later name must start after the one before it")
            report.error(f"{path}.names[{i}].from", "name-order", message)
    if unit.ends_on and unit.ends_on <= unit.names[0].from_:
        message = Text("Đơn vị kết thúc trước khi có tên", "The unit ends before its first name starts")
        report.error(f"{path}.ends_on", "period-reversed", message)
    if unit.parent is not None:
        known_unit(plan, unit.parent, f"{path}.parent", report)


def _check_parents(plan: PlanDefinition, report: Report) -> None:
    parents = {unit.code: unit.parent for unit in plan.units}
    cleared: set[str] = set()
    for i, unit in enumerate(plan.units):
        path: list[str] = []
        code: str | None = unit.code
        while code is not None and code not in path and code not in cleared:
            path.append(code)
            code = parents.get(code)
        if code in path:
            circle = " → ".join([*path[path.index(code) :], code])
            report.error(f"units[{i}].parent", "cycle", Text(f"Cấp trên đi vòng: {circle}", f"Parents go round: {circle}"))
        cleared.update(path)


def _check_names(plan: PlanDefinition, report: Report) -> None:
    """Two units under one parent must not bear one name on one day. Under different parents they may: communes do."""
    bearers: dict[tuple[str | None, str], list[tuple[int, Interval]]] = defaultdict(list)
    for i, unit in enumerate(plan.units):
        ends = [name.from_ for name in unit.names[1:]] + [unit.ends_on or date.max]
        for borne, end in zip(unit.names, ends, strict=False):
            key = (unit.parent, unicodedata.normalize("NFC", borne.name.vi).casefold())
            bearers[key].append((i, (borne.from_, end)))
    for same in bearers.values():
        for (i, one), (j, other) in combinations(same, 2):
            if i != j and max(one[0], other[0]) < min(one[1], other[1]):
                first, second = plan.units[i], plan.units[j]
                day = max(one[0], other[0])
                name = second.name_on(day).name.vi
                message = Text(
                    f"“{first.code}” và “{second.code}” cùng mang tên “{name}” từ {day:%d/%m/%Y}",
                    f"“{first.code}” and “{second.code}” both bear the name “{name}” from {day:%d/%m/%Y}",
                )
                report.error(f"units[{j}].names", "name-clash", message)


def _check_group(plan: PlanDefinition, group: GroupDefinition, path: str, report: Report) -> None:
    report.duplicates(group.units, f"{path}.units")
    if not group.units:
        report.error(
            f"{path}.units", "empty-group", Text(f"Nhóm “{group.code}” không có đơn vị nào", f"The group “{group.code}” has no unit")
        )
    ends = {unit.code: unit.ends_on for unit in plan.units}
    for i, code in enumerate(group.units):
        if not known_unit(plan, code, f"{path}.units[{i}]", report):
            continue
        end = ends[code]
        if end and end <= max(plan.from_, plan.issued_on):
            message = Text(
                f"“{code}” đã kết thúc ngày {end:%d/%m/%Y}, trước khi kế hoạch bắt đầu",
                f"“{code}” ended on {end:%d/%m/%Y}, before the plan begins",
            )
            report.warning(
                f"{path}.units[{i}]",
                "ended-unit",
                message,
                Text("Bỏ khỏi nhóm hoặc thay đơn vị kế thừa.", "Remove it or name its successor."),
            )
