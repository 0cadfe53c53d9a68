"""Changes of units: who ends has successors that exist, nobody succeeds in a circle, and no step goes to two units."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date

from engine.coherence.problems import Report, did_you_mean, nearest
from engine.definition import PlanDefinition, Text, UnitDefinition
from engine.succession import units_after
from engine.units import ChangeKind, ChangePart, UnitChange, step_place

Units = Mapping[str, UnitDefinition]
LEAST_UNITS = {ChangeKind.MERGE: 2}
LEAST_SHARES = {ChangeKind.MERGE: 1, ChangeKind.SPLIT: 2}
ONE_SUCCESSOR = frozenset({ChangeKind.MERGE})
NAMES = {
    ChangeKind.RENAME: Text("đổi tên", "a rename"), ChangeKind.MERGE: Text("sáp nhập", "a merger"),
    ChangeKind.SPLIT: Text("chia tách", "a split"), ChangeKind.END: Text("kết thúc", "an end"),
}  # fmt: skip


def check_changes(plan: PlanDefinition, report: Report) -> None:
    """Adds the problems of the plan's own changes, each judged by the units as the earlier ones leave them."""
    known = step_places(plan)
    units = {unit.code: unit for unit in plan.units}
    for i, change in sorted(enumerate(plan.unit_changes), key=lambda pair: pair[1].on):
        check_change(change, units, known, f"unit_changes[{i}]", report)
        units = {unit.code: unit for unit in units_after(units.values(), change)}


def step_places(plan: PlanDefinition) -> frozenset[str]:
    """How a change may name the steps of ``plan``."""
    return frozenset(step_place(task, workflow.code, step.code) for task, workflow in plan.workflows() for step in workflow.steps)


def check_change(change: UnitChange, units: Units, known_places: Collection[str], path: str, report: Report) -> None:
    """Adds every problem of ``change``. ``units``: all that exist or have existed; ``known_places``: the steps that may be named."""
    if not change.document.strip():
        message = Text("Chưa ghi văn bản quyết định", "The document is missing")
        report.error(f"{path}.document", "no-document", message, Text("Ghi số, ngày, cơ quan ban hành.", "Number, date, who issued it."))
    if not change.parts:
        report.error(f"{path}.parts", "no-parts", Text("Không có thay đổi nào", "Nothing is changed"))
    _check_new_units(change, units, path, report)
    after = {unit.code: unit for unit in units_after(units.values(), change)}
    times = Counter(unit for part in change.parts for unit in set(part.ending) | (set(part.units) - set(part.ending)))
    for j, part in enumerate(change.parts):
        where = f"{path}.parts[{j}]"
        _check_shape(part, where, report)
        for unit in part.units:
            _check_unit(unit, units, change.on, where, report)
            if times[unit] > 1:
                message = Text(f"“{unit}” đã có trong một mục khác", f"“{unit}” stands in another part as well")
                report.error(where, "twice", message, Text("Mỗi đơn vị chỉ thay đổi một lần.", "A unit changes once."))
        _check_shares(part, change, units, after, known_places, where, report)
    _check_circles(change, path, report)
    _check_names(change, after, path, report)


def _check_new_units(change: UnitChange, units: Units, path: str, report: Report) -> None:
    report.duplicates([unit.code for unit in change.new_units], f"{path}.new_units", ".code")
    official = {unit.official_code: unit.code for unit in units.values() if unit.official_code and unit.exists_on(change.on)}
    for k, unit in enumerate(change.new_units):
        where = f"{path}.new_units[{k}]"
        if unit.code in units:
            message = Text(f"Mã “{unit.code}” đã dùng cho một đơn vị", f"The code “{unit.code}” is another unit's")
            report.error(f"{where}.code", "duplicate-code", message, Text("Đặt mã khác.", "Choose another code."))
        holder = official.get(unit.official_code) if unit.official_code else None
        if holder and holder not in change.heirs:
            message = Text(f"Mã thống kê {unit.official_code} là của “{holder}”", f"The code {unit.official_code} is that of “{holder}”")
            report.error(f"{where}.official_code", "duplicate-official-code", message)


def _check_shape(part: ChangePart, where: str, report: Report) -> None:
    """Whether there are as many units and successors as the kind of change needs."""
    kind = NAMES[part.kind]
    if len({*part.units, *(share.unit for share in part.into)}) < LEAST_UNITS.get(part.kind, 1):
        message = Text(f"Cần ít nhất hai đơn vị để {kind.vi}", f"It takes two units at least for {kind.en}")
        report.error(where, "too-few", message)
    if len({share.unit for share in part.into}) < LEAST_SHARES.get(part.kind, 0):
        number = LEAST_SHARES[part.kind]
        message = Text(f"{kind.vi.capitalize()} cần ít nhất {number} đơn vị kế thừa", f"For {kind.en} name {number} successor(s) at least")
        report.error(where, "no-successor", message)
    if part.kind in ONE_SUCCESSOR and len(part.into) > 1:
        report.error(where, "two-successors", Text("Sáp nhập vào một đơn vị", "A merger makes one unit"))
    if part.kind is ChangeKind.RENAME and part.name is None:
        report.error(where, "no-name", Text("Chưa ghi tên mới", "The new name is missing"))


def _check_unit(code: str, units: Units, on: date, where: str, report: Report) -> None:
    unit = units.get(code)
    if unit is None:
        _unknown(code, units, where, report)
    elif not unit.exists_on(on):
        report.error(where, "ended-unit", *_not_there(unit, on))


def _check_shares(
    part: ChangePart, change: UnitChange, units: Units, after: Units, known_places: Collection[str], where: str, report: Report
) -> None:  # fmt: skip
    ending = set(change.heirs)
    seen: dict[str, str] = {}
    report.duplicates([share.unit for share in part.into], f"{where}.into", ".unit")
    for k, share in enumerate(part.into):
        spot = f"{where}.into[{k}]"
        unit = after.get(share.unit)
        if unit is None:
            _unknown(share.unit, after, spot, report)
        elif share.unit in ending:
            message = Text(f"“{share.unit}” kết thúc cùng ngày, không kế thừa được", f"“{share.unit}” ends on the same day")
            report.error(spot, "successor-ends", message, Text("Ghi thẳng đơn vị cuối cùng.", "Name the unit that remains."))
        elif not unit.exists_on(change.on):
            report.error(spot, "ended-successor", *_not_there(unit, change.on))
        for step in share.steps:
            _check_step(step, share.unit, seen, known_places, f"{spot}.steps", report)


def _check_step(step: str, unit: str, seen: dict[str, str], known_places: Collection[str], where: str, report: Report) -> None:
    if not step.startswith("#") and step not in known_places:
        hint = did_you_mean(nearest(step, known_places), Text("Viết NV4/ngay-hoi/bao-cao.", "Write NV4/ngay-hoi/bao-cao."))
        report.error(where, "unknown-step", Text(f"Không có bước “{step}”", f"There is no step “{step}”"), hint)
    other = seen.setdefault(step, unit)
    if other != unit:
        message = Text(f"Bước “{step}” giao cho cả “{other}” và “{unit}”", f"The step “{step}” goes to both “{other}” and “{unit}”")
        report.error(where, "overlap", message, Text("Mỗi bước chỉ một đơn vị chủ trì.", "A step has one lead."))


def _check_circles(change: UnitChange, path: str, report: Report) -> None:
    """A unit that would be succeeded, in the end, by itself."""
    heirs = {unit: shares[0].unit for unit, shares in change.heirs.items() if shares}
    told: set[str] = set()
    for start in heirs:
        walk = [start]
        while walk[-1] in heirs and heirs[walk[-1]] not in walk:
            walk.append(heirs[walk[-1]])
        end = heirs.get(walk[-1])
        if end in walk and end not in told:
            circle = [*walk[walk.index(end) :], end]
            told |= set(circle)
            shown = " → ".join(circle)
            report.error(f"{path}.parts", "cycle", Text(f"Kế thừa đi vòng: {shown}", f"Successors go round: {shown}"))


def _check_names(change: UnitChange, after: Units, path: str, report: Report) -> None:
    """Nobody begins under a name that another unit with the same parent bears."""
    bearers: dict[tuple[str | None, str], str] = {}
    changed = {unit.code for unit in change.new_units} | {u for p in change.parts if p.kind is ChangeKind.RENAME for u in p.units}
    for unit in sorted((u for u in after.values() if u.exists_on(change.on)), key=lambda u: u.code in changed):
        name = unit.name_on(change.on).name.vi
        other = bearers.setdefault((unit.parent, unicodedata.normalize("NFC", name).casefold()), unit.code)
        if other != unit.code and unit.code in changed:
            message = Text(f"“{other}” và “{unit.code}” cùng mang tên “{name}”", f"“{other}” and “{unit.code}” both bear “{name}”")
            report.error(f"{path}.parts", "name-clash", message)


def _unknown(code: str, units: Units, where: str, report: Report) -> None:
    spellings = {n.name.vi: u.code for u in units.values() for n in u.names} | {code: code for code in units}
    hint = did_you_mean(spellings.get(nearest(code, spellings), ""), Text("Khai báo trong new_units.", "Declare it under new_units."))
    report.error(where, "unknown-unit", Text(f"Không có đơn vị “{code}”", f"There is no unit “{code}”"), hint)


def _not_there(unit: UnitDefinition, on: date) -> tuple[Text, Text]:
    if unit.ends_on is not None and unit.ends_on <= on:
        message = Text(f"“{unit.code}” đã kết thúc ngày {unit.ends_on:%d/%m/%Y}", f"“{unit.code}” ended on {unit.ends_on:%d/%m/%Y}")
        return message, Text("Chọn đơn vị kế thừa của nó.", "Choose its successor.")
    first = unit.names[0].from_
    message = Text(f"“{unit.code}” đến {first:%d/%m/%Y} mới thành lập", f"“{unit.code}” does not exist until {first:%d/%m/%Y}")
    return message, Text("Chọn đơn vị khác hoặc ngày khác.", "Choose another unit or another day.")
