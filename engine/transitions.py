"""What can be done to a step, by whom, from which status to which: the whole state machine is the table below.

Buttons, refusals, API errors, the documentation and the diagram are made from it. To change what a person may do, change a row.
Source: NĐ 138/2016 for the single lead unit and for confirmation by the assigning authority.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from engine.action_words import WORDS
from engine.definition import Text
from engine.statuses import NOT_SUBMITTED, UNFINISHED, VOID, WITH_UNIT, WorkStatus

S = WorkStatus


class Action(StrEnum):
    OPEN = "open"
    OPEN_EARLY = "open-early"
    ACCEPT = "accept"
    REFUSE = "refuse"
    PROGRESS = "progress"
    NAME_HANDLER = "name-handler"
    SUBMIT = "submit"
    RECALL = "recall"
    APPROVE = "approve"
    RETURN = "return"
    REASSIGN = "reassign"
    SUSPEND = "suspend"
    RESUME = "resume"
    MARK_NOT_APPLICABLE = "mark-not-applicable"
    CANCEL = "cancel"
    REOPEN = "reopen"
    CORRECT = "correct"
    COMMENT = "comment"
    ATTACH = "attach"
    DETACH = "detach"
    CONTRIBUTE = "contribute"
    CHOOSE_DAY = "choose-day"
    REQUEST_EXTENSION = "request-extension"
    GRANT_EXTENSION = "grant-extension"
    REFUSE_EXTENSION = "refuse-extension"
    CHASE = "chase"
    CLOSE_JOIN = "close-join"
    RECORD = "record"
    SAVE_DRAFT = "save-draft"
    CONSOLIDATE = "consolidate"


class Relation(StrEnum):
    """How a person stands to a step; `engine.access` works it out."""

    LEAD = "lead"
    COORDINATING = "coordinating"
    APPROVER = "approver"  # of the current link of the chain
    CHAIN = "chain"  # approves in some link, whether or not it is its turn
    AGENCY = "agency"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    SYSTEM = "system"


A, R = Action, Relation
UNIT = frozenset({R.LEAD})
APPROVERS = frozenset({R.APPROVER})
AGENCY = frozenset({R.AGENCY})
CONCERNED = frozenset({R.LEAD, R.COORDINATING, R.CHAIN, R.AGENCY, R.SUPERVISOR})
SAME: frozenset[WorkStatus] = frozenset()


@dataclass(frozen=True, slots=True)
class Transition:
    """One row. ``to``: the status it can end in (several where the situation decides; empty: the status stays).

    ``needs``: what must be given. ``checks_version``: a stale page is told so.

    ``wakes``: the workflow's flow run has something to see. ``label`` is the button, ``then`` says what happens next.
    """

    action: Action
    sources: frozenset[WorkStatus]
    to: frozenset[WorkStatus]
    who: frozenset[Relation]
    label: Text
    then: Text
    needs: tuple[str, ...] = ()
    checks_version: bool = True
    wakes: bool = True


def _row(
    action: Action,
    sources: Iterable[WorkStatus],
    to: Iterable[WorkStatus],
    who: frozenset[Relation],
    *,
    needs: tuple[str, ...] = (),
    free: bool = False,
    wakes: bool = True,
    words: str = "",
) -> Transition:
    label, then = WORDS[words or action.value]
    return Transition(action, frozenset(sources), frozenset(to), who, label, then, needs, not free, wakes)


# fmt: off
TABLE: tuple[Transition, ...] = (
    _row(A.OPEN, {S.WAITING}, {S.OPEN}, frozenset({R.SYSTEM})),
    _row(A.OPEN_EARLY, {S.WAITING}, {S.OPEN}, AGENCY, needs=("reason",)),
    _row(A.CLOSE_JOIN, {S.WAITING}, {S.OPEN}, AGENCY, needs=("units", "reason")),
    _row(A.ACCEPT, {S.OPEN}, {S.IN_PROGRESS}, UNIT),
    _row(A.REFUSE, {S.OPEN}, {S.REFUSED}, UNIT, needs=("reason",)),
    _row(A.PROGRESS, {S.OPEN}, {S.IN_PROGRESS}, UNIT, needs=("text",), free=True),
    _row(A.PROGRESS, {S.IN_PROGRESS, S.RETURNED}, SAME, UNIT, needs=("text",), free=True, wakes=False),
    _row(A.NAME_HANDLER, NOT_SUBMITTED | {S.SUBMITTED}, SAME, UNIT, free=True, wakes=False),
    _row(A.SUBMIT, WITH_UNIT, {S.SUBMITTED, S.DONE}, UNIT),
    _row(A.RECALL, {S.SUBMITTED}, {S.IN_PROGRESS}, UNIT),
    _row(A.APPROVE, {S.SUBMITTED}, {S.SUBMITTED, S.DONE}, APPROVERS),
    _row(A.RETURN, {S.SUBMITTED}, {S.RETURNED}, APPROVERS, needs=("reason",)),
    _row(A.RECORD, WITH_UNIT, {S.SUBMITTED, S.DONE}, AGENCY, needs=("number", "date", "signer")),
    _row(A.RECORD, {S.SUBMITTED}, {S.SUBMITTED, S.DONE, S.RETURNED}, AGENCY, needs=("number", "date", "signer"), words="record-decision"),
    _row(A.REASSIGN, UNFINISHED - {S.REFUSED, S.SUBMITTED}, SAME, AGENCY, needs=("lead", "reason")),
    _row(A.REASSIGN, {S.REFUSED}, {S.OPEN}, AGENCY, needs=("lead", "reason"), words="reassign-refused"),
    _row(A.SUSPEND, NOT_SUBMITTED | {S.REFUSED}, {S.SUSPENDED}, AGENCY, needs=("reason",)),
    _row(A.RESUME, {S.SUSPENDED}, NOT_SUBMITTED | {S.REFUSED}, AGENCY),
    _row(A.MARK_NOT_APPLICABLE, UNFINISHED, {S.NOT_APPLICABLE}, AGENCY, needs=("reason",)),
    _row(A.CANCEL, UNFINISHED, {S.CANCELLED}, AGENCY, needs=("reason",)),
    _row(A.REOPEN, {S.DONE} | (VOID - {S.PRIOR}), {S.IN_PROGRESS}, AGENCY, needs=("reason",)),
    _row(A.CORRECT, NOT_SUBMITTED | {S.SUBMITTED}, SAME, AGENCY, needs=("field", "value", "reason")),
    _row(A.CORRECT, {S.DONE}, SAME, AGENCY, needs=("field", "value", "reason"), wakes=False),
    _row(A.CHOOSE_DAY, NOT_SUBMITTED, SAME, UNIT, needs=("day",)),
    _row(A.REQUEST_EXTENSION, NOT_SUBMITTED, SAME, UNIT, needs=("until", "reason"), wakes=False),
    _row(A.GRANT_EXTENSION, NOT_SUBMITTED, SAME, AGENCY, needs=("until",)),
    _row(A.REFUSE_EXTENSION, NOT_SUBMITTED, SAME, AGENCY, needs=("reason",), wakes=False),
    _row(A.ATTACH, NOT_SUBMITTED, SAME, frozenset({R.LEAD, R.COORDINATING, R.AGENCY}), needs=("files",), free=True, wakes=False),
    _row(A.DETACH, NOT_SUBMITTED, SAME, frozenset({R.LEAD, R.COORDINATING, R.AGENCY}), needs=("file",), free=True, wakes=False),
    _row(A.SAVE_DRAFT, NOT_SUBMITTED, SAME, UNIT, free=True, wakes=False),
    _row(A.CONSOLIDATE, NOT_SUBMITTED, SAME, UNIT, free=True, wakes=False),
    _row(A.CONTRIBUTE, NOT_SUBMITTED, SAME, frozenset({R.COORDINATING}), needs=("text",), free=True, wakes=False),
    _row(A.COMMENT, frozenset(S), SAME, CONCERNED, needs=("text",), free=True, wakes=False),
    _row(A.CHASE, UNFINISHED, SAME, AGENCY, free=True, wakes=False),
)
# fmt: on

_BY_KEY = {(row.action, source): row for row in TABLE for source in row.sources}


def find(action: Action, status: WorkStatus) -> Transition | None:
    """The row for ``action`` from ``status``, or None if the table has none."""
    return _BY_KEY.get((action, status))


def sources(action: Action) -> frozenset[WorkStatus]:
    """Every status from which ``action`` is possible."""
    return frozenset(status for a, status in _BY_KEY if a == action)


def rows_from(status: WorkStatus) -> tuple[Transition, ...]:
    """Every row that starts in ``status``, in the table's order."""
    return tuple(row for row in TABLE if status in row.sources)
