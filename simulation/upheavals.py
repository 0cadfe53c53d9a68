"""Units that merge, split, end or are renamed while the plan is lived through: now and then, in seeds where rare things happen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

from engine.access import SYSTEM
from engine.definition import PlanDefinition, Text
from engine.instants import Now, local_day
from engine.units import ChangeKind, ChangePart, Share, UnitChange, UnitDefinition, UnitName
from services.unit_change import plan_change, propose, withdraw
from simulation.stage import Stage
from simulation.temper import draw

MOST = 3
TAKEN_BACK = 0.2  # of what is planned


def upheaval_days(stage: Stage, first: date) -> frozenset[date]:
    """The days on which a change of units is planned; none in an ordinary play."""
    if stage.rare <= 1:
        return frozenset()
    rng, length = draw(stage.seed, "upheavals"), (stage.definition.to - first).days
    return frozenset(first + timedelta(days=rng.randint(30, max(31, length - 30))) for _ in range(rng.randint(1, MOST)))


def plan_upheaval(stage: Stage, at: datetime) -> None:
    """Plan a change that the rules allow, some days ahead; now and then it is taken back at once. Nothing if none is found."""
    rng, now = draw(stage.seed, "upheaval", local_day(at)), Now(at, at)
    for _ in range(10):
        change = _change(stage.definition, rng, local_day(at) + timedelta(days=rng.randint(1, 9)))
        if change is None or propose(stage.db, change, now=now).errors:
            continue
        number = plan_change(stage.db, change, actor=SYSTEM, key=at.isoformat(), now=now)
        stage.done["change-units"] += 1
        if rng.random() < TAKEN_BACK:
            withdraw(stage.db, number, actor=SYSTEM, now=now)
        return


def _change(plan: PlanDefinition, rng: Random, on: date) -> UnitChange | None:
    bodies = {plan.standing_agency, plan.steering_committee, plan.authority}
    grouped = {unit for group in plan.groups for unit in group.units} - bodies
    units = [unit for unit in plan.units if unit.code in grouped and unit.exists_on(on)]
    if len(units) < 4:
        return None
    one, other, third = (unit.code for unit in rng.sample(units, 3))
    new = _new(f"don-vi-{on:%Y%m%d}", plan, rng, on)
    made: tuple[Callable[[], tuple[ChangePart, tuple[UnitDefinition, ...]]], ...] = (
        lambda: (ChangePart(ChangeKind.MERGE, (one, other), (Share(new.code),)), (new,)),
        lambda: (ChangePart(ChangeKind.MERGE, (one, other), (Share(other),)), ()),
        lambda: (ChangePart(ChangeKind.END, (one,), (Share(other), Share(third, _some_steps(plan, rng)))), ()),
        lambda: (ChangePart(ChangeKind.SPLIT, (one,), (Share(new.code), Share(other, _some_steps(plan, rng)))), (new,)),
        lambda: (ChangePart(ChangeKind.RENAME, (one,), name=new.names[0]), ()),
    )
    part, begins = rng.choice(made)()
    return UnitChange(on, f"Quyết định {rng.randint(100, 999)}/QĐ-UBND", (part,), begins)


def _new(code: str, plan: PlanDefinition, rng: Random, on: date) -> UnitDefinition:
    name = Text(f"Đơn vị lập ngày {on:%d/%m/%Y} số {rng.randint(1, 99)}")
    return UnitDefinition(code, (UnitName(name, name, on, "sở"),), parent=plan.authority)


def _some_steps(plan: PlanDefinition, rng: Random) -> tuple[str, ...]:
    """A workflow's steps, named as a change names them."""
    task, workflow = rng.choice(plan.workflows())
    return tuple("/".join(part for part in (task, workflow.code, step.code) if part) for step in workflow.steps)
