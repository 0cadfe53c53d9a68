"""Deciding one action on one step: the table says whether, the handler says what.

`decide` is pure: the same step, definition, actor, payload and instant give the same decision. `offers` answers for buttons, with the
reason for every action that is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.access import Actor, relations
from engine.actions import assignment, closing, correcting, deadlines, drafts, handling, rounds, talk
from engine.approval import chain
from engine.calendar import WorkCalendar
from engine.compiled import CompiledWorkflow
from engine.cycle_close import closed_already
from engine.definition import Text
from engine.errors import Invalid, Refused
from engine.gates import Counts
from engine.instants import Now
from engine.objections import objection
from engine.payload import require
from engine.situation import Situation
from engine.statuses import STATUS_TEXT, WorkStatus
from engine.step_state import Effect, StepState
from engine.transitions import Action, Relation, Transition, find, sources

HANDLERS: dict[Action, Callable[[Situation], Effect]] = {
    Action.OPEN_EARLY: assignment.open_early,
    Action.CLOSE_JOIN: assignment.close_join,
    Action.ACCEPT: assignment.accept,
    Action.REFUSE: assignment.refuse,
    Action.REASSIGN: assignment.reassign,
    Action.PROGRESS: rounds.progress,
    Action.NAME_HANDLER: handling.name_handler,
    Action.SUBMIT: rounds.submit,
    Action.RECALL: rounds.recall,
    Action.APPROVE: rounds.approve,
    Action.RETURN: rounds.return_,
    Action.RECORD: rounds.record,
    Action.SUSPEND: deadlines.suspend,
    Action.RESUME: deadlines.resume,
    Action.CHOOSE_DAY: deadlines.choose_day,
    Action.REQUEST_EXTENSION: deadlines.request_extension,
    Action.GRANT_EXTENSION: deadlines.grant_extension,
    Action.REFUSE_EXTENSION: deadlines.refuse_extension,
    Action.MARK_NOT_APPLICABLE: closing.mark_not_applicable,
    Action.CANCEL: closing.cancel,
    Action.REOPEN: closing.reopen,
    Action.CORRECT: correcting.correct,
    Action.COMMENT: talk.comment,
    Action.CONTRIBUTE: talk.contribute,
    Action.ATTACH: talk.attach,
    Action.DETACH: talk.detach,
    Action.CHASE: talk.chase,
    Action.SAVE_DRAFT: drafts.save_draft,
    Action.CONSOLIDATE: drafts.consolidate,
}

DECIDING = frozenset({Action.APPROVE, Action.RETURN, Action.RECORD})  # on a round that somebody submitted

RELATION_TEXT = {
    Relation.LEAD: Text("đơn vị chủ trì", "the lead unit"),
    Relation.COORDINATING: Text("đơn vị phối hợp", "a coordinating unit"),
    Relation.APPROVER: Text("người duyệt đang giữ đồng hồ", "the approver whose turn it is"),
    Relation.CHAIN: Text("đơn vị duyệt", "an approving unit"),
    Relation.AGENCY: Text("cơ quan thường trực", "the standing agency"),
    Relation.SUPERVISOR: Text("người giám sát", "a supervisor"),
    Relation.AUDITOR: Text("kiểm tra viên", "an auditor"),
    Relation.SYSTEM: Text("hệ thống", "the system"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """An action as a page shows it. ``why`` says why it is refused (None when it is allowed)."""

    action: Action
    row: Transition
    allowed: bool
    why: Text | None = None


def relations_to(step: StepState, workflow: CompiledWorkflow, actor: Actor) -> frozenset[Relation]:
    """How ``actor`` stands to ``step`` now."""
    definition = workflow.steps[step.code]
    links = chain(definition, step.lead, workflow.plan)
    approvers = links[step.link].units if step.status is WorkStatus.SUBMITTED and step.link < len(links) else ()
    return relations(
        actor, lead=step.lead, coordinating=definition.coordinating, approvers=approvers, chain=(u for x in links for u in x.units)
    )


def decide(
    action: Action,
    step: StepState,
    workflow: CompiledWorkflow,
    *,
    actor: Actor,
    payload: dict[str, Any],
    now: Now,
    calendar: WorkCalendar,
    counts: Counts,
    stored: Mapping[str, Any] | None = None,
) -> tuple[Transition, Effect]:
    """The row taken and its effect. ``stored``: what a correction finds besides the step.

    Raises Refused (not allowed, with what would be) or Invalid (something given is wrong).
    """
    if step.closed_on is not None:
        raise closed_already(step.closed_on)
    row = find(action, step.status)
    if row is None:
        raise wrong_status(action, step.status)
    held = relations_to(step, workflow, actor)
    if not held & row.who:
        raise _wrong_person(row)
    if action not in HANDLERS:
        raise _wrong_person(row)
    against = objection(action, step, workflow, actor)
    if against is not None:
        raise against
    require(payload, row.needs)
    situation = Situation(step, workflow, row, actor, held, payload, now, calendar, counts, stored or {})
    effect = HANDLERS[action](situation)
    _stays_in_table(row, step, effect)
    return row, effect


def offers(step: StepState, workflow: CompiledWorkflow, actor: Actor) -> tuple[Offer, ...]:
    """Every action that the table knows for people in one of the actor's relations, allowed or refused with why."""
    held = relations_to(step, workflow, actor)
    found = []
    for action in HANDLERS:
        row = find(action, step.status)
        if row is None:
            continue
        against = objection(action, step, workflow, actor) if held & row.who else _wrong_person(row)
        if step.closed_on is not None:
            against = closed_already(step.closed_on)
        why = None if against is None else against.sentence
        found.append(Offer(action, row, why is None, why))
    return tuple(found)


def parse_action(name: str) -> Action:
    """The action called ``name``; Invalid listing the nearest ones otherwise."""
    try:
        return Action(name)
    except ValueError:
        known = ", ".join(a.value for a in HANDLERS)
        raise Invalid(
            Text(f"Không có thao tác {name!r}.", f"There is no action {name!r}."), code="action", hint=Text(known, known)
        ) from None


def wrong_status(action: Action, status: WorkStatus) -> Refused:
    """The refusal of ``action`` where the table has no row for it: what the status is, and in which ones it would be possible."""
    possible = sorted(sources(action))
    vi = ", ".join(STATUS_TEXT[s].vi for s in possible)
    en = ", ".join(STATUS_TEXT[s].en for s in possible)
    now = STATUS_TEXT[status]
    return Refused(
        Text(f"Không thực hiện được khi bước đang “{now.vi}”.", f"Not possible while the step is “{now.en}”."),
        code="status",
        hint=Text(f"Chỉ được khi: {vi}.", f"Possible when: {en}."),
    )


def _wrong_person(row: Transition) -> Refused:
    vi = ", ".join(RELATION_TEXT[r].vi for r in sorted(row.who))
    en = ", ".join(RELATION_TEXT[r].en for r in sorted(row.who))
    return Refused(Text(f"Chỉ dành cho {vi}.", f"Only for {en}."), code="relation")


def _stays_in_table(row: Transition, step: StepState, effect: Effect) -> None:
    """A handler that leaves the table is a defect of ours, caught before anything is written."""
    after = effect.changes.get("status", step.status)
    allowed = row.to or {step.status}
    if after not in allowed and not (row.action is Action.CLOSE_JOIN and after is step.status):
        raise AssertionError(f"{row.action} led from {step.status} to {after}, which the table does not have")
