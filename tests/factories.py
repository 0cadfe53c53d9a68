"""A small plan with every shape that the engine knows, and people who act in it."""

from __future__ import annotations

from datetime import date

from engine.access import Actor, Membership
from engine.calendar import WorkCalendar
from engine.dates import parse_rule
from engine.definition import (
    ApprovalLink,
    Every,
    Evidence,
    Figure,
    GroupDefinition,
    Join,
    JoinKind,
    KeyTaskDefinition,
    PlanDefinition,
    Predecessor,
    Shift,
    StepDefinition,
    Text,
    UnitDefinition,
    UnitName,
    Window,
    WorkflowDefinition,
)  # fmt: skip
from engine.instants import Now, at_local

AGENCY, COMMITTEE, AUTHORITY = "cong-an-tinh", "ban-chi-dao", "ubnd-tinh"
ISSUED = date(2024, 1, 2)
CALENDAR = WorkCalendar()


def unit(code: str) -> UnitDefinition:
    """A unit whose name is its code."""
    return UnitDefinition(code, (UnitName(Text(code), Text(code), ISSUED),))


def step(code: str, *, due: str = "none", after: tuple[str, ...] = (), soft: tuple[str, ...] = (), **more: object) -> StepDefinition:
    """A step; ``after`` are hard predecessors, ``soft`` only an order."""
    before = (*(Predecessor(a) for a in after), *(Predecessor(s, soft=True) for s in soft))
    defaults: dict[str, object] = {"lead": AGENCY} if "for_each" not in more and "lead" not in more else {}
    return StepDefinition(code, Text(code), parse_rule(due), after=before, **{"shift": Shift.NEXT, **defaults, **more})  # type: ignore[arg-type]


def festival(units: int = 3) -> PlanDefinition:
    """One key task like NV4: a plan, each unit's plan (per unit), each unit's event by date, reports (figures), a join, a decision."""
    group = tuple(f"huyen-{n:02}" for n in range(1, units + 1))
    steps = (
        step("ke-hoach", due="T-60", approve=(ApprovalLink((COMMITTEE,)),), evidence=(Evidence("kh", Text("Kế hoạch"), True, True),)),
        step("ke-hoach-huyen", due="+10wd", after=("ke-hoach",), for_each="cap-huyen"),
        step(
            "to-chuc", due="T", after=("ke-hoach-huyen",), for_each="cap-huyen", not_before=parse_rule("T-15"),
            window=Window(parse_rule("T-9"), parse_rule("T"), parse_rule("T-24")), shift=Shift.NONE,
        ),
        step(
            "bao-cao", due="T+10", after=("to-chuc",), for_each="cap-huyen",
            figures=(Figure("so", Text("Số đơn vị"), min=0, required=True, sum=True),),
        ),
        step("tong-hop", due="T+15", after=("bao-cao",), join=Join(JoinKind.ALL)),
        step("gop-y", due="31/07", for_each="cap-huyen", approve=(), coordinating=("mttq",)),
        step("so-bo", due="none", after=("gop-y",), join=Join(JoinKind.PERCENT, 50), lead="mttq"),
        step("quyet-dinh", due="+5wd", after=("tong-hop",), lead="so-noi-vu", approve=(
            ApprovalLink((AGENCY, "mttq"), JoinKind.ALL, 2), ApprovalLink((COMMITTEE, AUTHORITY), JoinKind.ANY, 3))),
        step("luu", after=("quyet-dinh",), soft=("so-bo",), lead=COMMITTEE),
    )  # fmt: skip
    workflow = WorkflowDefinition("ngay-hoi", Text("Ngày hội"), Every.YEAR, AGENCY, steps, anchor=parse_rule("19/08"))
    key_task = KeyTaskDefinition("NV4", Text("Ngày hội toàn dân"), "Tổ chức Ngày hội", AGENCY, (workflow,))
    units_ = tuple(unit(c) for c in (AGENCY, COMMITTEE, AUTHORITY, "mttq", "so-noi-vu", *group))
    return PlanDefinition(
        number="1/KH-TEST", title=Text("Kế hoạch thử"), issuer=Text("UBND"), issued_on=ISSUED, from_=ISSUED, to=date(2024, 12, 31),
        tracked_from=ISSUED, standing_agency=AGENCY, steering_committee=COMMITTEE, authority=AUTHORITY, units=units_,
        groups=(GroupDefinition("cap-huyen", Text("Cấp huyện"), group),), key_tasks=(key_task,),
    )  # fmt: skip


def person(account_id: int, *units: str, roles: tuple[str, ...] = ()) -> Actor:
    """An officer of ``units``; of the standing agency also with its role."""
    found = frozenset({*roles, *(("agency",) if AGENCY in units else ())})
    return Actor(account_id, f"account {account_id}", tuple(Membership(u) for u in units), found)


def at(day: date, hour: int = 9, minute: int = 0) -> Now:
    """Both clocks at a local time of ``day``."""
    instant = at_local(day, hour, minute)
    return Now(instant, instant)


OFFICER, OTHER_OFFICER = person(101, AGENCY), person(102, AGENCY)
MEMBER, OTHER_MEMBER = person(103, COMMITTEE), person(104, AUTHORITY)
FRONT, CLERK = person(105, "mttq"), person(106, "so-noi-vu")


def district(n: int) -> Actor:
    """The officer of the n-th district."""
    return person(200 + n, f"huyen-{n:02}")
