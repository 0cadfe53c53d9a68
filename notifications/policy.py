"""Which fact makes which notices: the whole policy is the table below.

A fact without a line is a mistake and raises; a fact that nobody need be mailed about has an empty line, so that it was decided.
``docs/notices.md`` is generated from this table.
"""

from __future__ import annotations

from dataclasses import dataclass

IMMEDIATE = "immediate"  # in a mail of its own, within office hours
DIGEST = "digest"  # gathered into the one mail of the day
URGENT = "urgent"  # at once, also at night and on days off; only a sender can ask for it


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """One notice that a fact makes. ``kind`` is unique within a fact.

    ``audience`` is a relation to the step, looked up when the notice leaves: lead | head (of the lead unit) | former (the unit named in
    the notice's ``unit``) | approver (of the current link) | agency | coordinating | holder (whoever's clock runs) |
    agency-head | committee (of the plan) | mentioned (the people that the fact names, as far as they read the step) | handler (whom the
    fact names, while they handle the step).
    """

    kind: str
    audience: str
    urgency: str


def _(kind: str, audience: str, urgency: str = DIGEST) -> NoticeRule:
    return NoticeRule(kind, audience, urgency)


# fmt: off
POLICY: dict[str, tuple[NoticeRule, ...]] = {
    "step.opened": (_("assigned", "lead", IMMEDIATE), _("coordinating", "coordinating")),
    "step.opened-early": (),  # the opening itself tells
    "step.join-closed": (),
    "step.waiting-again": (_("waiting-again", "lead"),),
    "step.flagged": (_("flagged", "lead", IMMEDIATE),),
    "step.approval-overdue": (),  # likewise
    "step.rung": (),  # the sweep writes its notice itself
    "step.due-soon": (),  # the rungs of the ladder tell
    "step.overdue": (),
    "step.accepted": (),
    "step.refused": (_("refused-assignment", "agency", IMMEDIATE),),
    "step.progressed": (),
    "step.handler-named": (_("to-handle", "handler", IMMEDIATE),),
    "step.handler-released": (),
    "step.completed": (),  # handed in where nobody confirms
    "step.submitted": (_("approval-wanted", "approver", IMMEDIATE),),
    "step.approval-given": (),  # the others of the same link were asked already
    "step.link-approved": (_("approval-wanted", "approver", IMMEDIATE),),
    "step.approved": (_("approved", "lead"),),
    "step.returned": (_("returned", "lead", IMMEDIATE),),
    "step.recalled": (_("recalled", "approver"),),
    "step.reassigned": (_("reassigned", "lead", IMMEDIATE), _("handed-over", "former")),
    "step.suspended": (_("suspended", "lead"),),
    "step.resumed": (_("resumed", "lead", IMMEDIATE),),
    "step.not-applicable": (_("not-applicable", "lead"),),
    "step.cancelled": (_("cancelled", "lead"),),
    "step.reopened": (_("reopened", "lead", IMMEDIATE),),
    "step.corrected": (_("corrected", "lead"),),
    "step.commented": (_("commented", "lead"),),
    "step.mentioned": (_("mentioned", "mentioned", IMMEDIATE),),
    "step.attached": (),
    "step.detached": (),
    "file.purge-proposed": (),
    "file.purge-refused": (),
    "file.purged": (),
    "step.draft-saved": (),  # not handed in
    "step.consolidated": (),
    "step.sources-corrected": (_("sources-corrected", "lead", IMMEDIATE),),
    "step.contributed": (_("contributed", "lead"),),
    "step.day-chosen": (),
    "step.extension-requested": (_("extension-requested", "agency", IMMEDIATE),),
    "step.extension-granted": (_("extension-granted", "lead", IMMEDIATE),),
    "step.extension-refused": (_("extension-refused", "lead", IMMEDIATE),),
    "step.chased": (_("chased", "holder", IMMEDIATE),),
    "step.chase-recorded": (),  # it was said outside
    "step.due-shifted": (_("due-shifted", "lead"),),
    "step.approval-shifted": (_("approval-shifted", "approver"),),
    "step.prior-recorded": (),  # what was due before tracking began concerns nobody any more
    "step.added": (),  # its opening tells
    "step.removed": (_("removed", "lead"),),
    "step.restored": (_("restored", "lead"),),
    "step.due-amended": (_("due-amended", "lead"),),
    "step.lead-amended": (_("lead-amended", "lead"), _("handed-over", "former")),
    "step.amended": (_("amended", "lead"),),
    "step.reworded": (),
    "step.escalated": (_("escalated", "agency-head", IMMEDIATE),),
    "step.escalated-to-committee": (_("escalated", "committee", IMMEDIATE),),
    "step.escalation-put-off": (),
    "step.succeeded": (_("succeeded", "lead"),),
    "step.approver-succeeded": (_("approver-succeeded", "approver"),),
    "workflow.units-changed": (),  # the steps that it moves tell, gathered
    "plan.units-changed": (),
    "units.planned": (),
    "units.withdrawn": (),
    "units.changed": (),
    "workflow.opened": (),
    "workflow.assigned": (),  # the opening of its steps tells
    "workflow.finished": (),
    "workflow.amended": (),  # the steps that it changes tell, gathered
    "workflow.closed": (),  # its steps tell
    "workflow.reopened": (),
    "step.carried-over": (_("carried-over", "lead"),),
    "step.carried-into-next": (_("carried-into-next", "lead"),),
    "step.left-unfinished": (_("left-unfinished", "lead"),),
    "step.taken-up-again": (_("resumed", "lead", IMMEDIATE),),
    "plan.published": (),
    "journal.anchored": (),  # auditors get a message of its own, which is about no step
    "account.erased": (),
    "account.password-changed": (),
    "account.created": (),  # its person is invited by a message of their own
    "account.invited": (),
    "account.code-given": (),
    "account.disabled": (),
    "account.enabled": (),
    "account.second-factor-on": (),
    "account.second-factor-off": (),
    "account.provider-linked": (),
    "account.provider-unlinked": (),
    "account.recovery-code-used": (),
    "account.recovery-codes-renewed": (),
    "token.made": (),
    "token.revoked": (),
    "unit.unreachable": (_("unreachable", "agency"),),
    "people.deputy-named": (),
    "people.deputy-ended": (),
    "plan.amended": (),
    "people.handed-over": (),  # the inbox of the successor tells
    "people.joined": (),
    "people.left-unit": (),
    "calendar.kept": (),
    "calendar.changed": (),  # the dates that it moves tell, gathered
    "webhook.added": (),
    "webhook.events-chosen": (),
    "webhook.removed": (),
    "message.resent": (),
}
# fmt: on

# Rungs of a ladder come from the sweep; their audience stands on the rung (`engine.ladder`).
RUNG_URGENCY: dict[str, str] = {
    "due-soon": DIGEST,
    "overdue": DIGEST,
    "escalation": DIGEST,
    "approval-due": DIGEST,
    "approval-overdue": DIGEST,
}


def rules_for(fact_kind: str) -> tuple[NoticeRule, ...]:
    """The notices that a fact makes; () for one that nobody is mailed about.

    Raises KeyError for a kind without a line: silence must be decided, not forgotten.
    """
    try:
        return POLICY[fact_kind]
    except KeyError:
        raise KeyError(f"notifications/policy.py has no line for the fact {fact_kind!r}") from None


def notice_kinds() -> tuple[str, ...]:
    """Every kind of notice, facts first, each once."""
    of_facts = [rule.kind for rules in POLICY.values() for rule in rules]
    return tuple(dict.fromkeys([*of_facts, *RUNG_URGENCY]))
