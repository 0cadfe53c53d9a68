"""What an amendment of a plan may not change at all, with where such a change belongs instead."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from engine.definition import PlanDefinition, Text, WorkflowDefinition

UNIT_CHANGE = Text("Dùng chức năng thay đổi đơn vị.", "Record a change of units instead.")
OFFICE_CALENDAR = Text("Ghi ở trang Lịch làm việc.", "Record it on the page of the office's calendar.")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something cannot be amended. ``code`` and ``slot`` name a step of a running workflow, "" where it is about more than one."""

    reason: Text
    hint: Text = field(default_factory=lambda: Text(""))
    code: str = ""
    slot: str = ""


def plan_refusals(old: PlanDefinition, new: PlanDefinition, running: Collection[tuple[str, str]]) -> tuple[Refusal, ...]:
    """Why ``new`` cannot follow ``old``. ``running``: (key task or "", code) of every workflow that has an unfinished cycle."""
    return (*_identity(old, new), *_units(old, new), *_workflows(old, new, running))


def _identity(old: PlanDefinition, new: PlanDefinition) -> Iterator[Refusal]:
    fields = {
        "number": Text("Số kế hoạch", "The plan's number"),
        "issued_on": Text("Ngày ban hành", "The day of issue"),
        "from_": Text("Ngày bắt đầu", "The first day"),
        "tracked_from": Text("Ngày bắt đầu theo dõi", "The day tracking began"),
        "standing_agency": Text("Cơ quan thường trực", "The standing agency"),
        "steering_committee": Text("Ban chỉ đạo", "The Steering Committee"),
        "authority": Text("Cơ quan quyết định", "The authority"),
    }
    for name, label in fields.items():
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            reason = Text(f"{label.vi} không sửa được: {was} → {now}.", f"{label.en} cannot be amended: {was} → {now}.")
            yield Refusal(reason, Text("Công bố kế hoạch mới, hoặc giữ nguyên.", "Publish another plan, or leave it as it is."))
    if set(old.calendar) != set(new.calendar):
        yield Refusal(Text("Ngày nghỉ, ngày làm bù không sửa ở đây.", "Days off and make-up days are not amended here."), OFFICE_CALENDAR)


def _units(old: PlanDefinition, new: PlanDefinition) -> Iterator[Refusal]:
    units = {u.code: u for u in new.units}
    for unit in old.units:
        if units.get(unit.code) != unit:
            reason = Text(f"Đơn vị “{unit.code}” bị bỏ hoặc bị sửa.", f"The unit “{unit.code}” was removed or changed.")
            yield Refusal(reason, UNIT_CHANGE)
    if old.unit_changes != new.unit_changes:
        yield Refusal(Text("Thay đổi đơn vị không sửa ở đây.", "Changes of units are not amended here."), UNIT_CHANGE)
    groups = {g.code: g for g in new.groups}
    for group in old.groups:
        if group.code not in groups or groups[group.code].units != group.units:
            reason = Text(f"Nhóm “{group.code}” bị bỏ hoặc đổi thành phần.", f"The group “{group.code}” was removed or has other units.")
            yield Refusal(reason, UNIT_CHANGE)


def _workflows(old: PlanDefinition, new: PlanDefinition, running: Collection[tuple[str, str]]) -> Iterator[Refusal]:
    left = {(task or "", w.code): w for task, w in new.workflows()}
    for task, workflow in old.workflows():
        place = (task or "", workflow.code)
        if place in running and place not in left:
            yield Refusal(
                Text(f"Quy trình {_name(place)} đang chạy nên không bỏ được.", f"The workflow {_name(place)} runs and cannot be removed."),
                Text("Hủy các bước còn lại trước.", "Cancel what is left of it first."),
            )
        elif place in running:
            yield from _running_workflow(_name(place), workflow, left[place])


def _running_workflow(name: str, old: WorkflowDefinition, new: WorkflowDefinition) -> Iterator[Refusal]:
    hint = Text("Thêm quy trình mới với mã khác cho các chu kỳ sau.", "Add a workflow with another code for the cycles to come.")
    if old.every is not new.every:
        yield Refusal(Text(f"{name}: đang chạy nên không đổi được chu kỳ.", f"{name}: it runs, so how often cannot change."), hint)
    if old.anchor != new.anchor:
        reason = Text(f"{name}: ngày T đã dùng cho chu kỳ đang chạy nên không đổi được.", f"{name}: day T of a running cycle cannot move.")
        yield Refusal(reason, hint)


def _name(place: tuple[str, str]) -> str:
    return "/".join(part for part in place if part)
