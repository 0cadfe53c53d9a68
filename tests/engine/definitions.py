"""Small plans for tests: what a test does not name is there, valid and of no account."""

from __future__ import annotations

from datetime import date
from typing import Any

from engine.dates import default_shift, parse_rule
from engine.definition import (
    Every,
    GroupDefinition,
    KeyTaskDefinition,
    PlanDefinition,
    Predecessor,
    StepDefinition,
    Text,
    UnitDefinition,
    UnitName,
    Window,
    WorkflowDefinition,
)

START = date(2022, 7, 28)
DISTRICTS = ("bu-dang", "bu-dop", "loc-ninh")


def unit(code: str, name: str = "", **fields: Any) -> UnitDefinition:
    shown = Text(name or code)
    return UnitDefinition(code=code, **{"names": (UnitName(shown, shown, date(2000, 1, 1)),), **fields})


def step(code: str, due: str = "none", *, after: str | tuple[str, ...] = (), **fields: Any) -> StepDefinition:
    """A step of cong-an-tinh unless ``lead`` or ``for_each`` says otherwise; ``after`` names hard predecessors."""
    rule = parse_rule(due)
    before = (after,) if isinstance(after, str) else after
    if "lead" not in fields and "for_each" not in fields:
        fields["lead"] = "cong-an-tinh"
    given = {"title": Text(code), "shift": default_shift(rule), "after": tuple(Predecessor(p) for p in before), **fields}
    return StepDefinition(code=code, due=rule, **given)


def workflow(*steps: StepDefinition, every: Every = Every.YEAR, anchor: str = "", opens: str = "", **fields: Any) -> WorkflowDefinition:
    return WorkflowDefinition(
        **{"code": "ngay-hoi", "title": Text("Ngày hội"), "lead": "cong-an-tinh", **fields},
        every=every,
        steps=steps,
        anchor=parse_rule(anchor) if anchor else None,
        opens=parse_rule(opens) if opens else None,
    )


def plan(*workflows: WorkflowDefinition, **fields: Any) -> PlanDefinition:
    """A plan of 28/07/2022-31/12/2025 with one key task, three districts in the group ``cap-huyen`` and four bodies."""
    bodies = ("cong-an-tinh", "ban-chi-dao", "ubnd-tinh", "so-noi-vu")
    task = KeyTaskDefinition(
        "NV4", Text("Ngày hội"), "Tổ chức Ngày hội", "cong-an-tinh", workflows or (workflow(step("ke-hoach", "15/01")),)
    )
    given: dict[str, Any] = {
        "number": "222/KH-UBND",
        "title": Text("Kế hoạch"),
        "issuer": Text("UBND tỉnh"),
        "issued_on": START,
        "from_": START,
        "to": date(2025, 12, 31),
        "tracked_from": START,
        "standing_agency": "cong-an-tinh",
        "steering_committee": "ban-chi-dao",
        "authority": "ubnd-tinh",
        "units": tuple(unit(code) for code in (*bodies, *DISTRICTS)),
        "groups": (GroupDefinition("cap-huyen", Text("Cấp huyện"), DISTRICTS),),
        "key_tasks": (task,),
    }
    return PlanDefinition(**{**given, **fields})


def festival() -> WorkflowDefinition:
    """NV4 of the domain: planned backward from 19/08, three fan-outs, a window, a report that is consolidated."""
    days = Window(parse_rule("T-9"), parse_rule("T"), parse_rule("T-24"))
    return workflow(
        step("ke-hoach", "T-60"),
        step("ke-hoach-don-vi", "T-45", for_each="cap-huyen", after="ke-hoach"),
        step("san-sang", "T-30", for_each="cap-huyen", after="ke-hoach-don-vi"),
        step("khen-thuong", "T-14", lead="ubnd-tinh", after="san-sang"),
        step("kiem-tra", "T-7", for_each="cap-huyen", after="san-sang"),
        step("to-chuc", "none", for_each="cap-huyen", after="ke-hoach-don-vi", window=days, not_before=parse_rule("T-15")),
        step("bao-cao", "T+10", for_each="cap-huyen", after="to-chuc"),
        step("tong-hop", "+5wd", after="bao-cao"),
        anchor="19/08",
        opens="T-75",
    )
