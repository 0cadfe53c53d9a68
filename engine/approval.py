"""Who confirms a step: the chain of its definition, or the default of Vietnamese practice.

Source: the assigning authority, not the doer, confirms completion (NĐ 138/2016). Without a chain the standing agency confirms; the
Steering Committee if the standing agency leads; nobody if the Steering Committee or the issuing authority itself leads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.definition import ApprovalLink, JoinKind, PlanDefinition, StepDefinition

WITHIN = 3  # working days that an approver has by default


@dataclass(frozen=True, slots=True)
class Outcome:
    """What approvals lead to. ``waits_for``: the units whose turn it is then, () once it is done; with ``any_of`` one of them is enough.

    ``same``: still in the same link, which wants more of its units.
    """

    waits_for: tuple[str, ...]
    same: bool = False
    any_of: bool = False


def chain(step: StepDefinition, lead: str, plan: PlanDefinition) -> tuple[ApprovalLink, ...]:
    """The approval links for a step that ``lead`` now leads; () where nobody confirms.

    A unit never confirms its own work: after a reassignment that would make it so, the default for that lead takes the link's place.
    """
    if step.approve is None:
        return default_chain(lead, plan)
    links: list[ApprovalLink] = []
    for link in step.approve:
        others = tuple(unit for unit in link.units if unit != lead)
        if others:
            links.append(link if others == link.units else ApprovalLink(others, link.mode, link.within))
        else:
            links.extend(default_chain(lead, plan))
    return tuple(links)


def default_chain(lead: str, plan: PlanDefinition) -> tuple[ApprovalLink, ...]:
    """The chain for a step whose definition names none."""
    if lead in (plan.steering_committee, plan.authority):
        return ()
    by = plan.steering_committee if lead == plan.standing_agency else plan.standing_agency
    return (ApprovalLink((by,), JoinKind.ALL, WITHIN),)


def is_complete(link: ApprovalLink, approved: frozenset[str]) -> bool:
    """Whether ``approved`` units are enough for ``link``."""
    units = frozenset(link.units)
    return bool(approved & units) if link.mode is JoinKind.ANY else units <= approved


def outcome(links: Sequence[ApprovalLink], number: int, approved: frozenset[str]) -> Outcome:
    """What it leads to that the units ``approved`` have approved the link ``number``."""
    link = links[number]
    if not is_complete(link, approved):
        return Outcome(tuple(unit for unit in link.units if unit not in approved), same=True)
    following = links[number + 1] if number + 1 < len(links) else None
    return Outcome(following.units, any_of=following.mode is JoinKind.ANY) if following else Outcome(())
