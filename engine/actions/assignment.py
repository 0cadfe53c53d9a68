"""Being given a step: accepting, refusing, reassigning, opening early, closing a join."""

from __future__ import annotations

from engine import payload as given
from engine.definition import Text
from engine.errors import Invalid
from engine.facts import Fact
from engine.situation import Situation
from engine.statuses import WorkStatus
from engine.step_state import NO_HANDLER, Effect

S = WorkStatus


def accept(at: Situation) -> Effect:
    """The lead unit takes the step on; whoever accepts becomes its focal point."""
    return Effect({"status": S.IN_PROGRESS, "accepted_by": at.actor.account_id}, (Fact("step.accepted"),))


def refuse(at: Situation) -> Effect:
    """The lead unit says it is not theirs; the clock goes to the standing agency."""
    return Effect({"status": S.REFUSED}, (Fact("step.refused"),), given.text(at.payload, "reason"))


def reassign(at: Situation) -> Effect:
    """Another unit answers for the step from now on; its slot and its dates stay."""
    lead = given.text(at.payload, "lead")
    units = {unit.code: unit for unit in at.workflow.plan.units}
    if lead not in units:
        raise Invalid(Text(f"Không có đơn vị {lead}.", f"There is no unit {lead}."), code="unknown-unit", field="lead")
    ends_on = units[lead].ends_on
    if ends_on is not None and ends_on <= at.today:
        message = Text(f"Đơn vị này đã kết thúc từ {ends_on:%d/%m/%Y}.", f"This unit ended on {ends_on:%d/%m/%Y}.")
        raise Invalid(message, code="ended-unit", field="lead", hint=Text("Chọn đơn vị kế thừa.", "Choose its successor."))
    if lead == at.step.lead and at.step.status is not S.REFUSED:
        raise Invalid(Text("Đơn vị này đang chủ trì.", "This unit leads it already."), code="same-lead", field="lead")
    changes: dict[str, object] = {"lead": lead, "accepted_by": None, "link": 0, "link_approved": [], **NO_HANDLER}
    if at.step.status is S.REFUSED:
        changes["status"] = S.OPEN
    return Effect(changes, (Fact("step.reassigned", {"from": at.step.lead, "to": lead}),), given.text(at.payload, "reason"))


def open_early(at: Situation) -> Effect:
    """The standing agency opens a step that still waits."""
    changes = {"status": S.OPEN, "opened_on": at.today}
    return Effect(changes, (Fact("step.opened-early"),), given.text(at.payload, "reason"))


def close_join(at: Situation) -> Effect:
    """The join no longer waits for the named units; their steps stay open, and overdue.

    Raises Refused if the join would still wait for others.
    """
    units = given.codes(at.payload, "units")
    reason = given.text(at.payload, "reason")
    return Effect({}, (Fact("step.join-closed", {"units": list(units)}),), reason, excused=units)
