"""What people do with figures: draft them, take sums over, correct a digit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.consolidation import consolidated
from engine.step_state import StepState
from services.act import ActionResult
from services.figure_inputs import reports_of
from simulation import papers
from simulation.stage import Stage

DRAFTED = 0.15


def draft_ahead(stage: Stage, step: StepState, at: datetime, finish: datetime) -> None:
    """Now and then the figures are filled in before the report is ready."""
    rng = stage.rng(step, "draft")
    if stage.definition_of(step).figures and rng.random() < DRAFTED:
        stage.mean(step, "save-draft", stage.office.after(rng, at + (finish - at) * 0.6, 0, 0))


def settle(stage: Stage, step: StepState, at: datetime) -> None:
    """A report is done: rarely a figure in it proves to be mistyped."""
    rng = stage.rng(step, "figures")
    if not stage.turn(step) and _counted(stage, step) and stage.rarely(rng, 0.01):
        stage.mean(step, "correct-figure", stage.office.after(rng, at, 1, 20))


def save_draft(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult:
    """What is known so far."""
    rng = stage.rng(step, "save-draft")
    figures = papers.submission(rng, stage.definition_of(step), at.date(), sums=_sums(stage, step))["figures"]
    known = {code: value for code, value in figures.items() if rng.random() < 0.6}
    return stage.act(stage.staff.officer(step.lead), step, "save-draft", at, {"figures": known})


def take_over(stage: Stage, step: StepState, at: datetime) -> frozenset[str]:
    """Take the sums over that the step consolidates, if any unit reported one; the codes that need not be typed."""
    running = stage.work[step.id].running
    sums = running.workflow.sums.get(step.code, ())
    if not sums:
        return frozenset()
    with stage.db.read() as connection:
        figures, _ = consolidated(sums, reports_of(connection, running.id, {s.source for s in sums}))
    if figures:
        stage.act(stage.staff.officer(step.lead), step, "consolidate", at)
    return _sums(stage, step)


def correct_figure(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult | None:
    """One figure gets its right value; nothing if it says so already, or was never given."""
    rng = stage.rng(step, "correct-figure")
    figure = rng.choice(_counted(stage, step))
    with stage.db.read() as connection:
        now = reports_of(connection, stage.work[step.id].running.id, [step.code])[step.code][step.slot].figures.get(figure.code)
    value = papers.figure(rng, figure)
    if now is None or value == now:
        return None
    payload = {"field": f"figures.{figure.code}", "value": str(value), "reason": rng.choice(papers.CORRECTIONS)}
    return stage.act(stage.staff.officer(stage.definition.standing_agency), step, "correct", at, payload)


def _counted(stage: Stage, step: StepState) -> list[Any]:
    return [f for f in stage.definition_of(step).figures if f.type == "count" and f.code not in _sums(stage, step)]


def _sums(stage: Stage, step: StepState) -> frozenset[str]:
    return frozenset(s.code for s in stage.work[step.id].running.workflow.sums.get(step.code, ()))
