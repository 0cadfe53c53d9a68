"""Now and then the plan itself is amended: a date moves, a paper is asked for, a step is added or taken out; sometimes it is taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from engine.amending.merge import without_withdrawn
from engine.dates import parse_rule
from engine.definition import DueKind, Evidence, PlanDefinition, Predecessor, Shift, StepDefinition, Text, WorkflowDefinition
from engine.errors import DondocError
from engine.instants import Now, local_day
from engine.statuses import WorkStatus
from services.amend import apply, propose
from services.amend_undo import undo
from simulation.stage import Stage, Surprise
from simulation.temper import draw

CHANCE = 0.001  # a day, in an ordinary play
TAKEN_BACK = 0.3
Edit = Callable[[Random, WorkflowDefinition], WorkflowDefinition | None]


def amend_now_and_then(stage: Stage, at: datetime) -> list[int] | None:
    """Amend the plan if the dice say so; the steps that opened by it, None if nothing was amended."""
    rng = draw(stage.seed, "amend", local_day(at))
    if not stage.rare > 1 or not stage.rarely(rng, CHANCE):
        return None
    next_ = _edited(rng, stage.definition)
    if next_ is None:
        return None
    before = stage.statuses()
    now, actor = Now(at, at), stage.staff.officer(stage.definition.standing_agency)
    try:
        preview = propose(stage.db, stage.plan_id, next_, now=now, calendar=stage.calendar)
        if preview.refusals or preview.same:
            return None
        made = apply(
            stage.db, stage.plan_id, next_, document=f"Kế hoạch {rng.randint(10, 99)}/KH-UBND", actor=actor, key=f"amend:{at.isoformat()}",
            now=now, calendar=stage.calendar, leave_refused=True, seen=preview.seen,
        )  # fmt: skip
        stage.done["amend"] += 1
        if not preview.starts and rng.random() < TAKEN_BACK:
            key = f"undo:{at.isoformat()}"
            undo(
                stage.db, made, document="Thu hồi", actor=actor, key=key, now=now, calendar=stage.calendar, leave_refused=True
            )  # fmt: skip
            stage.done["undo-amendment"] += 1
    except DondocError as refusal:
        raise Surprise(f"an amendment was refused after its preview: {refusal.text.en} {refusal.hint.en}") from refusal
    stage.look_again()
    return [id_ for id_, status in stage.statuses().items() if status is WorkStatus.OPEN and before.get(id_) is not WorkStatus.OPEN]


def _edited(rng: Random, plan: PlanDefinition) -> PlanDefinition | None:
    """The plan with one thing changed in one workflow."""
    plan = without_withdrawn(plan)
    task = rng.choice(plan.key_tasks)
    flow = rng.choice(task.workflows)
    changed = rng.choice(EDITS)(rng, flow)
    if changed is None:
        return None
    flows = tuple(changed if w.code == flow.code else w for w in task.workflows)
    tasks = tuple(replace(k, workflows=flows) if k.code == task.code else k for k in plan.key_tasks)
    return replace(plan, key_tasks=tasks)


def _with(flow: WorkflowDefinition, step: StepDefinition) -> WorkflowDefinition:
    return replace(flow, steps=tuple(step if s.code == step.code else s for s in flow.steps))


def later_date(rng: Random, flow: WorkflowDefinition) -> WorkflowDefinition | None:
    """A step gets another date, some days later or earlier."""
    step, days = rng.choice(flow.steps), rng.choice((-3, 2, 5, 10))
    rule = step.due
    if rule.kind is DueKind.AFTER and rule.working_days:
        return _with(flow, replace(step, due=parse_rule(f"+{max(1, rule.offset + days)}wd")))
    if rule.kind is DueKind.DAY and not rule.years and rule.year is None and rule.month and rule.day:
        other = date(2023, rule.month, rule.day) + timedelta(days=days)
        return _with(flow, replace(step, due=parse_rule(f"{other:%d/%m}"))) if other.year == 2023 else None
    if rule.kind is DueKind.ANCHOR and rule.offset and not rule.working_days:
        return _with(flow, replace(step, due=parse_rule(f"T{rule.offset + days:+d}"))) if rule.offset + days else None
    return None


def another_paper(rng: Random, flow: WorkflowDefinition) -> WorkflowDefinition:
    """A step asks for one more paper."""
    step = rng.choice(flow.steps)
    paper = Evidence(f"phu-luc-{len(step.evidence) + 1}", Text("Phụ lục"), rng.random() < 0.5, rng.random() < 0.5)
    return _with(flow, replace(step, evidence=(*step.evidence, paper)))


def one_more_step(rng: Random, flow: WorkflowDefinition) -> WorkflowDefinition:
    """A step is added at the end of something, for one department."""
    last = flow.steps[-1]
    code = f"bo-sung-{rng.randint(1, 10**6)}"
    made = StepDefinition(
        code, Text("Báo cáo bổ sung"), parse_rule("none"), lead=flow.lead, after=(Predecessor(last.code),), shift=Shift.NEXT
    )  # fmt: skip
    return replace(flow, steps=(*flow.steps, made))


def one_step_less(rng: Random, flow: WorkflowDefinition) -> WorkflowDefinition | None:
    """A step that nothing waits for is taken out."""
    waited_for = {p.step for s in flow.steps for p in s.after}
    free = [s for s in flow.steps if s.code not in waited_for]
    if len(flow.steps) < 3 or not free:
        return None
    gone = rng.choice(free)
    return replace(flow, steps=tuple(s for s in flow.steps if s.code != gone.code))


EDITS: tuple[Edit, ...] = (later_date, later_date, another_paper, one_more_step, one_step_less)
