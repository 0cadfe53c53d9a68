"""Slips and what is done about them: a wrong file taken out or destroyed, a day or an extension corrected.

Files are handed in on trial only: a demonstration would show files whose bytes nobody wrote.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from engine.instants import Now
from engine.statuses import WorkStatus
from engine.step_state import StepState
from models.correcting import ledger
from models.purging import held
from services import purge
from services.act import ActionResult
from simulation import papers
from simulation.stage import Stage

NOWHERE = Path("khong-co-tep")  # no bytes were ever written
EXTENDED = ("extension", "correction")


def begin(stage: Stage, step: StepState, at: datetime) -> None:
    """A step has come to its unit: now and then the wrong file goes into its draft."""
    rng = stage.rng(step, "slips")
    if stage.twice and not stage.turn(step) and stage.rarely(rng, 0.01):
        stage.mean(step, "wrong-file", stage.office.after(rng, at, 0, 2))


def settle(stage: Stage, step: StepState, at: datetime) -> None:
    """A step is done: now and then a day in it proves to be wrong."""
    rng = stage.rng(step, "slips")
    if step.status is WorkStatus.DONE and not stage.turn(step) and stage.rarely(rng, 0.004):
        stage.mean(step, "correct-day", stage.office.after(rng, at, 1, 12))


def after_extension(stage: Stage, step: StepState, at: datetime) -> None:
    """An extension was granted: now and then its date was mistyped."""
    rng = stage.rng(step, "extended", step.due_version)
    if not stage.turn(step) and stage.rarely(rng, 0.03):
        stage.mean(step, "correct-extension", stage.office.after(rng, at, 0, 1))


def wrong_file(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult:
    """A file goes in; soon after it is taken out, or should be destroyed."""
    rng = stage.rng(step, "wrong-file")
    digest = sha256(f"{stage.seed} {stage.name(step)} {at}".encode()).hexdigest()
    file = {"evidence": "", "name": "nham.pdf", "media_type": "application/pdf", "size": 1, "sha256": digest}
    stage.mean(step, rng.choice(("take-out", "take-out", "destroy")), at + timedelta(minutes=rng.randint(5, 50)), sha256=digest)
    return stage.act(stage.staff.officer(step.lead), step, "attach", at, {"files": [file]})


def take_out(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult | None:
    """The file leaves the draft, if it is still in it."""
    held = step.draft.get("evidence", {}).get("", {}).get("files", ())
    if all(file["sha256"] != data["sha256"] for file in held):
        return None
    return stage.act(stage.staff.officer(step.lead), step, "detach", at, {"evidence_code": "", "file": data["sha256"]})


def destroy(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> None:
    """The unit proposes to destroy the file, the standing agency confirms or not."""
    proposer, now = stage.staff.officer(step.lead), Now(at, at)
    with stage.db.read() as connection:
        file = held(connection, data["sha256"])[0].id
    number = purge.propose(stage.db, proposer, file, "Đính kèm nhầm hồ sơ có thông tin cá nhân.", now=now)
    decider = stage.staff.other_than(stage.definition.standing_agency, {proposer.account_id})
    confirm = stage.rng(step, "destroy").random() < 0.8
    purge.decide(stage.db, NOWHERE, decider, number, confirm=confirm, seen=(file,), now=now)
    stage.done["purge"] += 1


def correct_day(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult | None:
    """The day of submission was some days earlier."""
    rng = stage.rng(step, "correct-day")
    if step.submitted_on is None:
        return None
    day = step.submitted_on - timedelta(days=rng.randint(1, 4))
    return _corrected(stage, step, at, "submitted_on", day.isoformat(), rng.choice(papers.CORRECTIONS))


def correct_extension(stage: Stage, step: StepState, at: datetime, data: dict[str, Any]) -> ActionResult | None:
    """The date of the extension was meant to be another one, or the extension was meant for another step."""
    rng = stage.rng(step, "correct-extension")
    with stage.db.read() as connection:
        lines = ledger(connection, step.id)
    if step.due_on is None or step.extension or lines[-1][0] not in EXTENDED:
        return None
    before = lines[max(n for n, (kind, _) in enumerate(lines) if kind == "extension") - 1][1]
    day = before if before and rng.random() < 0.3 else step.due_on + timedelta(days=rng.randint(1, 5))
    if day == step.due_on:
        return None
    return _corrected(stage, step, at, "extension", day.isoformat(), rng.choice(papers.CORRECTIONS))


def _corrected(stage: Stage, step: StepState, at: datetime, field: str, value: str, reason: str) -> ActionResult:
    agency = stage.staff.officer(stage.definition.standing_agency)
    return stage.act(agency, step, "correct", at, {"field": field, "value": value, "reason": reason})
