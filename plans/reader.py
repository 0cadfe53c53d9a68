"""From a folder of YAML files to a plan's definition, or to every problem it has, each with its file and line.

Reading goes on past every fault: files one by one (`plans.files`, `plans.tree`), their shape (`plans.checks`), then, over what
could be made sense of (`plans.salvage`), the coherence of the whole (`engine.coherence`), whose findings that merely follow from
an earlier fault are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path as FilePath
from typing import Any

from engine.calendar import WorkCalendar
from engine.coherence import check
from engine.definition import CalendarOverride, PlanDefinition, Text
from engine.errors import PackError, PackProblem
from plans.build import Parts, definition
from plans.checks import check_shape
from plans.files import read_files
from plans.places import Places
from plans.salvage import Salvaged, salvage
from plans.shape import FileShape
from plans.tree import parse

MAX_PROBLEMS = 1000  # somebody's other YAML, not a pack with slips

CalendarOf = Callable[[Iterable[CalendarOverride]], WorkCalendar]


def read_pack(folder: FilePath, calendar_of: CalendarOf | None = None) -> PlanDefinition:
    """The plan that ``folder`` describes. Raises PackError with every problem if there is an error among them."""
    plan, problems = check_pack(folder, calendar_of)
    if plan is None:
        raise PackError(problems)
    return plan


def check_pack(folder: FilePath, calendar_of: CalendarOf | None = None) -> tuple[PlanDefinition | None, list[PackProblem]]:
    """The plan (None if there is an error) and all problems, by file and line; warnings do not keep a plan from being used.

    ``calendar_of`` builds the calendar for the dates that are compared, given the pack's own days off and days worked
    (`wiring.calendar.build_calendar`); without it every weekday is worked.
    """
    calendar_of = calendar_of or WorkCalendar().with_overrides
    files = []
    for source in read_files(folder):
        tree = parse(source)
        if tree.complete:
            check_shape(tree)
        files.append(salvage(tree))
    problems = [p for file in files for p in file.tree.problems]
    parts, plan_file = _gather(files, problems)
    plan = None
    if parts.plan is not None and plan_file is not None and len(problems) <= MAX_PROBLEMS:
        plan = definition(parts, parts.plan)
        places = Places(files, parts, plan_file.tree.file)
        problems += _includes(parts, places)
        problems += [places.located(p) for p in check(plan, calendar_of(plan.calendar)) if not places.follows(p)]
    problems.sort(key=lambda p: (p.file, p.line))
    problems[MAX_PROBLEMS:] = _and_more(problems)
    return (None if any(p.severity == "error" for p in problems) else plan), problems


def schema() -> dict[str, Any]:
    """The JSON Schema of a pack's files, for editors."""
    described = FileShape.model_json_schema(by_alias=True)
    for kind in described["$defs"].values():
        if "enum" in kind:
            kind.pop("description", None)  # written for readers of the code
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **described, "title": "Gói kế hoạch — plan pack"}


def _and_more(problems: list[PackProblem]) -> list[PackProblem]:
    """What stands for the problems beyond those that are listed."""
    if len(problems) <= MAX_PROBLEMS:
        return []
    more, last = len(problems) - MAX_PROBLEMS, problems[MAX_PROBLEMS]
    message = Text(f"Và {more} vấn đề nữa.", f"And {more} more problems.")
    hint = Text("Sửa các lỗi trên rồi kiểm tra lại.", "Mend those above, then check again.")
    return [PackProblem(last.file, last.line, message, hint, code="more")]


def _gather(files: list[Salvaged], problems: list[PackProblem]) -> tuple[Parts, Salvaged | None]:
    """The parts of all files, and the file that holds the plan itself."""
    parts = Parts()
    plan_file: Salvaged | None = None
    for file in sorted(files, key=lambda f: f.tree.file != "plan.yaml"):
        if file.shape and file.shape.plan:
            if plan_file is None:
                parts.plan, plan_file = file.shape.plan, file
            else:
                message = Text(f"Khóa plan đã có trong {plan_file.tree.file}.", f"The key plan already stands in {plan_file.tree.file}.")
                line = file.tree.line(("plan",))
                problems.append(PackProblem(file.tree.file, line, message, Text("Chỉ giữ một.", "Keep one."), code="two-plans"))
    for file in files:
        if file.shape:
            parts.add(file.tree.file, file.shape, parts.plan.standing_agency if parts.plan else "")
    if plan_file is None and not any(file.tree.may_hold("plan") for file in files):
        message = Text("Không tệp nào có khóa plan.", "No file holds the key plan.")
        hint = Text("Thêm plan.yaml với plan: {number, title, issued_on, …}.", "Add a plan.yaml with plan: {number, title, issued_on, …}.")
        problems.append(PackProblem("plan.yaml", 1, message, hint, code="no-plan"))
    return parts, plan_file


def _includes(parts: Parts, places: Places) -> list[PackProblem]:
    """Includes of groups that do not stand before the group that uses them."""
    found: list[PackProblem] = []
    seen: list[str] = []
    for i, group in enumerate(parts.groups):
        for j, code in enumerate(group.include):
            if code not in seen and not places.in_doubt("groups"):
                message = Text(
                    f"Trước nhóm “{group.code}” không có nhóm “{code}”.", f"There is no group “{code}” before the group “{group.code}”."
                )
                hint = Text("Khai báo nhóm đó phía trên.", "Declare that group above this one.")
                file, line = places.find(("groups", i, "include", j))
                found.append(PackProblem(file, line, message, hint, code="unknown-group"))
        seen.append(group.code)
    return found
