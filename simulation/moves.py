"""The table of moves: what may be meant, in which statuses it still makes sense, and who does it.

Each move takes the stage, the step as it is now, the instant and what was noted with the intent; it returns what its action led to, or
None when it came to nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.statuses import NOT_SUBMITTED, UNFINISHED, WITH_UNIT, WorkStatus
from engine.step_state import StepState
from services.act import ActionResult
from simulation import agency, approvers, handling, reports, slips, units
from simulation.stage import Stage

S = WorkStatus
Perform = Callable[[Stage, StepState, datetime, dict[str, Any]], ActionResult | None]


@dataclass(frozen=True, slots=True)
class Move:
    """``while_``: the statuses in which the move makes sense."""

    while_: frozenset[WorkStatus]
    perform: Perform


MOVES: dict[str, Move] = {
    "accept": Move(frozenset({S.OPEN}), units.accept),
    "refuse": Move(frozenset({S.OPEN}), units.refuse),
    "progress": Move(WITH_UNIT, units.progress),
    "name-handler": Move(NOT_SUBMITTED | {S.SUBMITTED}, handling.name_handler),
    "choose-day": Move(NOT_SUBMITTED, units.choose_day),
    "contribute": Move(WITH_UNIT, units.contribute),
    "ask": Move(WITH_UNIT, units.ask),
    "submit": Move(WITH_UNIT, units.submit),
    "recall": Move(frozenset({S.SUBMITTED}), units.recall),
    "decide": Move(frozenset({S.SUBMITTED}), approvers.decide),
    "answer": Move(NOT_SUBMITTED, agency.answer),
    "comment": Move(UNFINISHED, agency.comment),
    "chase": Move(WITH_UNIT, agency.chase),
    "suspend": Move(NOT_SUBMITTED, agency.suspend),
    "resume": Move(frozenset({S.SUSPENDED}), agency.resume),
    "void": Move(NOT_SUBMITTED, agency.void),
    "reassign": Move(frozenset({S.REFUSED}), agency.reassign),
    "hand-over": Move(WITH_UNIT, agency.hand_over),
    "close-join": Move(frozenset({S.WAITING}), agency.close_join),
    "open-early": Move(frozenset({S.WAITING}), agency.open_early),
    "reopen": Move(frozenset({S.DONE, S.CANCELLED, S.NOT_APPLICABLE}), agency.reopen),
    "save-draft": Move(WITH_UNIT, reports.save_draft),
    "correct-figure": Move(frozenset({S.DONE}), reports.correct_figure),
    "correct": Move(frozenset({S.DONE}), agency.correct),
    "wrong-file": Move(WITH_UNIT, slips.wrong_file),
    "take-out": Move(WITH_UNIT, slips.take_out),
    "destroy": Move(UNFINISHED, slips.destroy),
    "correct-day": Move(frozenset({S.DONE}), slips.correct_day),
    "correct-extension": Move(NOT_SUBMITTED, slips.correct_extension),
}
