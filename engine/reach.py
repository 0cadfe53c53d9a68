"""Who reaches what: the things that an address can name, and the ties to one that let an account know of it.

`engine.access.Policy` says who may use a route at all; this table says for whom the thing named by its address exists. For everybody else
the answer is the one for a number that was never given out. What a person may do to a step stands in `engine.transitions`.
"""

from __future__ import annotations

from enum import StrEnum


class Tie(StrEnum):
    """How an account stands to a thing."""

    OWNER = "owner"  # it is theirs: their message, their absence, their own account
    LEAD = "lead"  # of the unit that leads the step
    HEAD = "head"  # heads that unit
    UNIT_ADMIN = "unit-admin"  # keeps that unit's accounts
    DEPUTY = "deputy"  # acts for an absent person of that unit
    COORDINATING = "coordinating"
    APPROVER = "approver"
    PART = "part"  # takes part in the workflow by another step only
    AGENCY = "agency"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    UNRELATED = "unrelated"  # works in a unit that has nothing to do with it, or in none


class Thing(StrEnum):
    """What an address can name."""

    PLAN = "plan"
    KEY_TASK = "key-task"
    WORKFLOW = "workflow"
    STEP = "step"  # that it exists: title, unit, status and dates
    STEP_IN_FULL = "step-in-full"
    FILE = "file"
    FIGURES = "figures"  # of one report in one cycle; each unit's as far as its step is read in full
    MESSAGE = "message"
    NOTICE = "notice"  # in one's own inbox, or proposed to the standing agency
    ACCOUNT = "account"  # to keep: places in units, handing over
    SHEET = "sheet"  # of somebody's open work
    ABSENCE = "absence"
    API_TOKEN = "api-token"  # noqa: S105  (a word)
    UNIT = "unit"
    UNIT_MAIL = "unit-mail"  # what will be sent about the work of a unit
    OFFICE = "office"  # what the office keeps as a whole: webhooks, changes of units, anchors, proposals; the policy alone decides
    SECRET = "secret"  # the address itself is the key  # noqa: S105


T = Tie
EVERYTHING = frozenset({T.AGENCY, T.SUPERVISOR, T.AUDITOR})
IN_FULL = EVERYTHING | {T.LEAD, T.HEAD, T.UNIT_ADMIN, T.DEPUTY, T.COORDINATING, T.APPROVER}
TAKES_PART = IN_FULL | {T.PART}
ANYBODY = frozenset(Tie)

# fmt: off
READERS: dict[Thing, frozenset[Tie]] = {
    Thing.PLAN:         TAKES_PART,
    Thing.KEY_TASK:     TAKES_PART,
    Thing.WORKFLOW:     TAKES_PART,
    Thing.STEP:         TAKES_PART,
    Thing.STEP_IN_FULL: IN_FULL,
    Thing.FILE:         IN_FULL,
    Thing.FIGURES:      TAKES_PART,
    Thing.MESSAGE:      frozenset({T.OWNER, T.AGENCY}),
    Thing.NOTICE:       ANYBODY,  # marking as read touches one's own inbox alone, whatever the number
    Thing.ACCOUNT:      frozenset({T.HEAD, T.UNIT_ADMIN, T.ADMINISTRATOR}),
    Thing.SHEET:        EVERYTHING | {T.OWNER, T.HEAD},
    Thing.ABSENCE:      frozenset({T.OWNER, T.DEPUTY, T.HEAD, T.UNIT_ADMIN}),
    Thing.API_TOKEN:    frozenset({T.OWNER}),
    Thing.UNIT:         ANYBODY,
    Thing.UNIT_MAIL:    EVERYTHING | {T.LEAD, T.HEAD, T.UNIT_ADMIN, T.DEPUTY},
    Thing.OFFICE:       ANYBODY,
    Thing.SECRET:       ANYBODY,  # who holds the address, signed in or not
}
# fmt: on

OWN_PAGES = frozenset({Thing.WORKFLOW, Thing.STEP, Thing.STEP_IN_FULL, Thing.FILE, Thing.FIGURES})  # where a confidential title may stand


def exists_for(thing: Thing, ties: frozenset[Tie]) -> bool:
    """Whether a thing exists for an account with ``ties`` to it."""
    return bool(READERS[thing] & ties)
