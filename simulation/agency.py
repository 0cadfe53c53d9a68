"""What the standing agency does: chase, grant or refuse more time, and the rare things that only it may do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from engine.approval import chain
from engine.corrected import value_of
from engine.instants import end_of_day, local_day
from engine.statuses import UNFINISHED, WorkStatus
from engine.step_state import StepState
from models.readers import readers
from services.act import ActionResult
from services.correcting import what_stands
from simulation import papers
from simulation.stage import Stage

S = WorkStatus
PATIENCE = 2  # a join is closed without at most so many units


# ── meaning to ───────────────────────────────────────────────────────────────


def watch(stage: Stage, step: StepState, at: datetime) -> None:
    """A step has come to its unit: chase it once it is late, say something, and now and then stop or void it."""
    rng, office = stage.rng(step, "watch"), stage.office
    if step.due_on is not None:
        for days, chance in ((2, 0.6), (9, 0.4), (20, 0.4)):
            if rng.random() < chance:
                later = max(at, end_of_day(step.due_on))
                stage.mean(step, "chase", office.after(rng, later, days, days + 2))
    if rng.random() < 0.06:
        stage.mean(step, "comment", office.after(rng, at, 1, 8))
    if stage.turn(step):
        return
    for kind, chance in (("suspend", 0.004), ("void", 0.003), ("hand-over", 0.003)):
        if stage.rarely(rng, chance):
            stage.mean(step, kind, office.after(rng, at, 2, 6))


def look_ahead(stage: Stage, step: StepState, at: datetime, planned: datetime) -> None:
    """A step waits until about ``planned``: the standing agency may lose patience with a join, or open it before its time.

    Nothing is meant for a time before ``at``: what was planned to begin soon may have come to its time already.
    """
    if step.status is not S.WAITING or stage.turn(step):
        return
    rng = stage.rng(step, "ahead")
    if _fan_out_before(stage, step) and rng.random() < 0.35:
        stage.mean(step, "close-join", stage.office.after(rng, planned, 2, 6), lapses=False)
    for kind, chance in (("suspend", 0.001), ("void", 0.001)):
        if stage.rarely(rng, chance):
            stage.mean(step, kind, stage.office.after(rng, max(at, planned - timedelta(days=15)), 0, 8))
    if stage.rarely(rng, 0.005):
        stage.mean(step, "open-early", stage.office.after(rng, max(at, planned - timedelta(days=20)), 0, 5), lapses=False)


def settle(stage: Stage, step: StepState, at: datetime) -> None:
    """A step is done or void: now and then it proves not to be."""
    rng = stage.rng(step, "settle")
    if stage.turn(step):
        return
    if stage.rarely(rng, 0.004 if step.status is S.DONE else 0.02):
        stage.mean(step, "reopen", stage.office.after(rng, at, 3, 15))
    elif step.status is S.DONE and stage.rarely(rng, 0.006) and stage.definition_of(step).evidence:
        stage.mean(step, "correct", stage.office.after(rng, at, 1, 10))


def _fan_out_before(stage: Stage, step: StepState) -> str | None:
    """The fan-out that ``step`` waits for, if it waits for that alone."""
    workflow = stage.work[step.id].running.workflow
    into = workflow.into[step.code]
    single = into[0] if len(into) == 1 and not into[0].per_slot else None
    return single.before if single and workflow.steps[single.before].for_each else None


# ── doing ────────────────────────────────────────────────────────────────────


def _by_agency(stage: Stage, step: StepState, action: str, at: datetime, payload: dict[str, Any] | None = None) -> ActionResult:
    return stage.act(stage.staff.officer(stage.definition.standing_agency), step, action, at, payload)


def answer(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult | None:
    """The standing agency answers: the date asked for, or no."""
    if not step.extension:
        return None
    rng = stage.rng(step, "answer")
    if stage.turn(step) or rng.random() < 0.75:
        document = papers.number(rng)
        return _by_agency(stage, step, "grant-extension", at, {"until": step.extension["until"], "document": document})
    return _by_agency(stage, step, "refuse-extension", at, {"reason": rng.choice(papers.NO_EXTENSION)})


def comment(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult:
    """A remark, by the standing agency or a supervisor; now and then one that names somebody who reads the step."""
    rng = stage.rng(step, "comment")
    people = [stage.staff.officer(stage.definition.standing_agency), *stage.staff.supervisors]
    by, text = rng.choice(people), rng.choice(papers.COMMENTS)
    named = [rng.choice(_readers(stage, step, at))] if rng.random() < 0.3 else []
    return stage.act(by, step, "comment", at, {"text": text, "mentions": named})


def _readers(stage: Stage, step: StepState, at: datetime) -> list[str]:
    """The sign-in names of everybody who reads the step."""
    with stage.db.read() as connection:
        return [row.login for row in readers(connection, step.id, local_day(at))]


def chase(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult | None:
    """An official reminder, if the step is late by now."""
    if step.due_at is None or step.due_at > at:
        return None
    return _by_agency(stage, step, "chase", at, {"text": stage.rng(step, "chase").choice(papers.CHASES)})


def suspend(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult:
    """The clock is stopped."""
    return _by_agency(stage, step, "suspend", at, {"reason": stage.rng(step, "suspend").choice(papers.SUSPENSIONS)})


def resume(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult:
    """It goes on."""
    return _by_agency(stage, step, "resume", at)


def void(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult:
    """It turns out that there is nothing to do."""
    rng = stage.rng(step, "void")
    action = rng.choice(("mark-not-applicable", "mark-not-applicable", "cancel"))
    return _by_agency(stage, step, action, at, {"reason": rng.choice(papers.VOIDS)})


def reassign(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult:
    """Answer a refusal: insist, or for a step of one department name another one."""
    rng = stage.rng(step, "reassign")
    others = [] if step.slot else _could_lead(stage, step)
    lead = rng.choice(others) if others and rng.random() < 0.4 else step.lead
    return _by_agency(stage, step, "reassign", at, {"lead": lead, "reason": papers.REASSIGNMENTS[lead == step.lead]})


def hand_over(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult | None:
    """Give a department's step to another one although nobody refused."""
    others = [] if step.slot else _could_lead(stage, step)
    if not others:
        return None
    lead = stage.rng(step, "hand-over").choice(others)
    return _by_agency(stage, step, "reassign", at, {"lead": lead, "reason": papers.REASSIGNMENTS[0]})


def _could_lead(stage: Stage, step: StepState) -> list[str]:
    plan, definition = stage.definition, stage.definition_of(step)
    if step.lead in (plan.standing_agency, plan.steering_committee, plan.authority):
        return []
    grouped = {unit for group in plan.groups for unit in group.units}
    return [
        unit.code for unit in plan.units
        if unit.code in grouped and unit.code != step.lead and unit.ends_on is None
        and not any(unit.code in link.units for link in chain(definition, unit.code, plan))
    ]  # fmt: skip


def close_join(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult | None:
    """Stop waiting if it is only for one unit or two."""
    before = _fan_out_before(stage, step)
    if before is None:
        return None
    slots = stage.slots(step, before)
    missing = [slot for slot, status in slots.items() if status in UNFINISHED]
    if not 0 < len(missing) <= PATIENCE or len(missing) == len(slots):
        return None
    reason = stage.rng(step, "close").choice(papers.CLOSINGS)
    return _by_agency(stage, step, "close-join", at, {"units": missing, "reason": reason})


def open_early(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult:
    """The unit is ready before its turn."""
    return _by_agency(stage, step, "open-early", at, {"reason": "Đơn vị đã sẵn sàng, cho làm trước."})


def reopen(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult:
    """Something was wrong after all."""
    return _by_agency(stage, step, "reopen", at, {"reason": stage.rng(step, "reopen").choice(papers.REOPENINGS)})


def correct(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult | None:
    """A document's number was mistyped."""
    rng = stage.rng(step, "correct")
    document = rng.choice(stage.definition_of(step).evidence).code
    field, value = f"evidence.{document}.number", papers.number(rng, document)
    with stage.db.read() as connection:
        said = value_of(what_stands(connection, step, field)["body"], field)
    if value == said:  # the dice fell alike
        return None
    return _by_agency(stage, step, "correct", at, {"field": field, "value": value, "reason": rng.choice(papers.CORRECTIONS)})


def after_suspending(stage: Stage, step: StepState, at: datetime) -> None:
    """A step is suspended: when it goes on."""
    stage.mean(step, "resume", stage.office.after(stage.rng(step, "resume"), at, 4, 15))


def after_refusal(stage: Stage, step: StepState, at: datetime) -> None:
    """A unit refused a step: when the standing agency answers."""
    stage.mean(step, "reassign", stage.office.after(stage.rng(step, "refused"), at, 1, 3))
