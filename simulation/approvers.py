"""What approvers do with what was handed in: most approve within days, some hand it back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from engine.definition import JoinKind
from engine.instants import local_day
from engine.step_state import StepState
from services.act import ActionResult
from simulation import papers
from simulation.stage import Stage

WORKING_DAYS, WEIGHTS = (0, 1, 2, 3, 4, 6, 9), (3, 8, 8, 5, 3, 1, 1)
MOST_ROUNDS = 3


def take_up(stage: Stage, step: StepState, at: datetime) -> None:
    """A round, or the next link of the chain, waits: who decides when."""
    link = stage.chain(step)[step.link]
    rng, turn = stage.rng(step, "take-up", step.link), stage.turn(step)
    units = [unit for unit in link.units if unit not in step.link_approved]
    if link.mode is JoinKind.ANY:
        units = [rng.choice(units)]
    for unit in units:
        days = rng.choices(WORKING_DAYS, WEIGHTS)[0]
        decided = stage.office.after(rng, at, days, days)
        if turn and turn.decide_on:
            decided = max(stage.office.on(rng, turn.decide_on), stage.office.after(rng, at, 0, 0))
        stage.mean(step, "decide", decided, unit=unit)
    if step.link == 0 and not turn and stage.rarely(rng, 0.006):
        stage.mean(step, "recall", at + timedelta(minutes=25))


def decide(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult | None:
    """Approve or return; now and then the decision was made on paper and the standing agency enters it."""
    rng, persons = stage.rng(step, "decide", step.link, data["unit"]), {step.submitted_by, step.submitted_for}
    place = {"round": step.round, "link": step.link}
    person = stage.staff.other_than(data["unit"], persons)
    if step.link == 0 and step.round < MOST_ROUNDS and not stage.turn(step) and rng.random() < stage.temper(step).returned:
        return stage.act(person, step, "return", at, {**place, "reason": rng.choice(papers.RETURNS)})
    if data["unit"] != stage.definition.standing_agency and stage.rarely(rng, 0.03):
        paper = {"number": papers.number(rng), "date": local_day(at).isoformat(), "signer": "Trưởng ban"}
        return stage.act(stage.staff.other_than(stage.definition.standing_agency, persons), step, "record", at, paper)
    note = {"note": rng.choice(papers.COMMENTS)} if rng.random() < 0.1 else {}
    return stage.act(person, step, "approve", at, {**place, **note})
