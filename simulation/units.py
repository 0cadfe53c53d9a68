"""What lead and coordinating units do with a step that is theirs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from engine.definition import Shift
from engine.instants import local_day
from engine.statuses import WorkStatus
from engine.step_state import StepState
from services.act import ActionResult
from simulation import handling, papers, reports
from simulation.stage import Stage
from simulation.story import FAR
from simulation.temper import CHRONIC, lateness

S = WorkStatus


# ── meaning to ───────────────────────────────────────────────────────────────


def take_on(stage: Stage, step: StepState, at: datetime) -> None:
    """A step has come to its lead unit: when it accepts, reports, perhaps asks for more time, and hands in."""
    rng, office = stage.rng(step, "take-on"), stage.office
    turn = stage.turn(step)
    if not turn and step.lead != stage.definition.standing_agency and stage.rarely(rng, 0.006):
        stage.mean(step, "refuse", office.after(rng, at, 0, 2))
    handling.as_told(stage, step)
    finish = _finish(stage, step, at, rng)
    if finish is None:
        stage.mean(step, "accept", office.after(rng, at, 0, 2))
        return
    accept = office.after(rng, at, 0, 3)
    if rng.random() < 0.85 and accept < finish:
        stage.mean(step, "accept", accept)
    middle = at + (finish - at) * rng.uniform(0.3, 0.8)
    if rng.random() < 0.2:
        stage.mean(step, "progress", office.after(rng, middle, 0, 0))
    if stage.definition_of(step).coordinating and rng.random() < 0.25:
        stage.mean(step, "contribute", office.after(rng, middle, 0, 1))
    handling.look_ahead(stage, step, at, finish)
    reports.draft_ahead(stage, step, at, finish)
    stage.mean(step, "submit", finish)


def redo(stage: Stage, step: StepState, at: datetime) -> None:
    """A step was handed back, recalled or reopened: when it is handed in again."""
    rng = stage.rng(step, "redo")
    slow = rng.random() < stage.temper(step).late
    stage.mean(step, "submit", stage.office.after(rng, at, 3 if slow else 1, 8 if slow else 2))


def _finish(stage: Stage, step: StepState, at: datetime, rng: Random) -> datetime | None:
    """When the unit hands in. None: the story says not for now."""
    turn = stage.turn(step)
    if turn and turn.ask_on and turn.until:
        stage.mean(step, "ask", stage.office.on(rng, turn.ask_on), until=turn.until)
    if turn and turn.submit_on:
        return None if turn.submit_on == FAR else max(stage.office.on(rng, turn.submit_on), stage.office.after(rng, at, 0, 0))
    opened, due_on = local_day(at), step.due_on
    if due_on is None:
        return stage.office.after(rng, at, 2, 12)
    temper = stage.temper(step)
    late = rng.random() < temper.late
    if temper is not CHRONIC and not late and due_on <= opened:
        return stage.office.after(rng, at, 1, 5)
    if late:
        day = max(due_on, opened) + timedelta(days=lateness(rng, temper))
    elif step.window_first:
        return max(stage.office.on_the_day(rng, due_on), stage.office.after(rng, at, 0, 0))  # held on the very day
    else:
        day = _in_time(stage, opened, due_on, rng)
    if rng.random() < temper.asks and due_on > opened + timedelta(days=6):
        day = _asks(stage, step, at, rng)
    return max(stage.office.on(rng, day), stage.office.after(rng, at, 0, 1))


def _in_time(stage: Stage, opened: date, due_on: date, rng: Random) -> date:
    """Rather towards the end, however long the time."""
    share = rng.triangular(0.5, 1.0, 0.95) if (due_on - opened).days > 60 else rng.triangular(0.1, 1.0, 0.85)
    return stage.calendar.shift(opened + timedelta(days=round((due_on - opened).days * share)), Shift.PREVIOUS)


def _asks(stage: Stage, step: StepState, at: datetime, rng: Random) -> date:
    """Ask for more time, mostly before the date; the day on which the unit then means to be done."""
    assert step.due_on is not None
    asked = stage.calendar.add(step.due_on, rng.choice((-5, -4, -3, -2, -1, -1, 2)))
    until = stage.calendar.add(step.due_on, rng.randint(5, 12))
    stage.mean(step, "ask", max(stage.office.on(rng, asked), stage.office.after(rng, at, 0, 1)), until=until)
    return stage.calendar.add(until, -rng.randint(0, 3))


def look_ahead(stage: Stage, step: StepState, at: datetime) -> None:
    """A step with a window has been planned: when its unit picks the day, and perhaps another one later."""
    if step.window_first is None or step.window_last is None or step.status is not S.WAITING:
        return
    rng = stage.rng(step, "window")
    last = max(step.choose_by or step.window_first, local_day(at) + timedelta(days=4))
    days = max(1, (last - local_day(at)).days)
    picked = local_day(at) + timedelta(days=rng.randint(days // 2, days))
    stage.mean(step, "choose-day", stage.office.on(rng, picked), lapses=False)
    if rng.random() < 0.08:
        stage.mean(step, "choose-day", stage.office.on(rng, picked + timedelta(days=rng.randint(3, 12))), lapses=False)


# ── doing ────────────────────────────────────────────────────────────────────


def accept(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult:
    """The focal point takes the step on."""
    return stage.act(stage.staff.officer(step.lead), step, "accept", at)


def refuse(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult:
    """The unit says that it is not theirs."""
    return stage.act(stage.staff.officer(step.lead), step, "refuse", at, {"reason": stage.rng(step, "refuse").choice(papers.REFUSALS)})


def progress(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult:
    """A line about how it goes."""
    return stage.act(stage.staff.officer(step.lead), step, "progress", at, {"text": stage.rng(step, "progress").choice(papers.PROGRESS)})


def contribute(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult:
    """A coordinating unit adds its part."""
    rng = stage.rng(step, "contribute")
    unit = rng.choice(stage.definition_of(step).coordinating)
    return stage.act(stage.staff.officer(unit), step, "contribute", at, {"text": rng.choice(papers.CONTRIBUTIONS)})


def choose_day(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult | None:
    """Pick a day of the window, rather a weekend; nothing if the window has passed."""
    rng, today = stage.rng(step, "day", at), local_day(at)
    assert step.window_first and step.window_last
    first = max(step.window_first, today + timedelta(days=1))
    days = [first + timedelta(days=n) for n in range((step.window_last - first).days + 1)]
    if not days:
        return None
    day = rng.choices(days, [3 if d.weekday() >= 5 else 1 for d in days])[0]
    late = step.choose_by is not None and today > step.choose_by
    payload = {"day": day.isoformat(), **({"reason": "Lịch làm việc của địa phương thay đổi."} if late or step.chosen_on else {})}
    return stage.act(stage.staff.officer(step.lead), step, "choose-day", at, payload)


def ask(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult | None:
    """File the request for more time, unless the date, or the day, has moved past it meanwhile."""
    if step.extension or step.due_on is None or data["until"] <= step.due_on or data["until"] < local_day(at):
        return None
    rng = stage.rng(step, "ask")
    result = stage.act(
        stage.staff.officer(step.lead), step, "request-extension", at,
        {"until": data["until"].isoformat(), "reason": rng.choice(papers.EXTENSIONS)},
    )  # fmt: skip
    turn = stage.turn(step)
    stage.mean(step, "answer", stage.office.on(rng, turn.decide_on) if turn and turn.decide_on else stage.office.after(rng, at, 0, 3))
    return result


def submit(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult:
    """Hand in; now and then on paper, which the standing agency then enters."""
    rng, today = stage.rng(step, "submit"), local_day(at)
    agency, definition = stage.definition.standing_agency, stage.definition_of(step)
    if step.lead != agency and not stage.turn(step) and stage.rarely(rng, 0.01):
        dated = max(step.opened_on or today, today - timedelta(days=rng.randint(0, 3)))
        paper = {"number": papers.number(rng), "date": dated.isoformat(), "signer": "Chủ tịch"}
        return stage.act(
            stage.staff.officer(agency), step, "record", at, {**paper, **papers.submission(rng, definition, dated, paper=True)}
        )
    sums = reports.take_over(stage, step, at)
    return stage.act(stage.staff.officer(step.lead), step, "submit", at, papers.submission(rng, definition, today, sums=sums))


def recall(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult | None:
    """Take the submission back, if nobody has decided yet."""
    if step.link or step.link_approved:
        return None
    return stage.act(stage.staff.officer(step.lead), step, "recall", at)
