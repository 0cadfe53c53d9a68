"""Who in a unit handles a step: named, now and then somebody else, or nobody again. By the dice only where people change, as
`simulation.staffing`; in the demonstration as its story tells."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.step_state import StepState
from services.act import ActionResult
from services.queries.colleagues import colleagues
from simulation.stage import Stage

NAMES, AGAIN, RELEASES = 0.08, 0.3, 0.2


def as_told(stage: Stage, step: StepState) -> None:
    """A step has come to its unit: when the story has it named who handles it."""
    turn = stage.turn(step)
    if turn and turn.named_on:
        stage.mean(step, "name-handler", stage.office.on(stage.rng(step, "named"), turn.named_on), whom=turn.handler)


def look_ahead(stage: Stage, step: StepState, at: datetime, finish: datetime) -> None:
    """A step has come to its unit, which means to be done at ``finish``: when it says who handles it."""
    if not stage.people_change:
        return
    rng = stage.rng(step, "handler")
    if stage.rarely(rng, NAMES):
        for _ in range(2 if rng.random() < AGAIN else 1):
            stage.mean(step, "name-handler", stage.office.after(rng, at + (finish - at) * rng.uniform(0, 1.1), 0, 1))


def name_handler(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult | None:
    """Name whom the story tells, else one of those whom the page offers; sometimes nobody any more. Nothing where there is nobody else."""
    rng, officer = stage.rng(step, "whom", at), stage.staff.officer(step.lead)
    if "whom" in data:
        return stage.act(officer, step, "name-handler", at, {"handler": data["whom"]})
    others = [c.login for c in colleagues(stage.db, officer) if step.lead in c.units and c.account_id != step.handler]
    if step.handler is not None and (not others or rng.random() < RELEASES):
        return stage.act(officer, step, "name-handler", at, {"handler": ""})
    if not others:
        return None
    return stage.act(officer, step, "name-handler", at, {"handler": rng.choice(others), "note": "Nhờ làm giúp."})
