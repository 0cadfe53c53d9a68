"""What a person can do to a step: every action as a button with what happens next, or with why not."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.access import Actor
from engine.approval import chain, outcome
from engine.compiled import CompiledWorkflow
from engine.decide import HANDLERS, offers, relations_to
from engine.definition import Text
from engine.statuses import STATUS_TEXT
from engine.step_state import StepState
from engine.transitions import TABLE, Action, Relation, sources
from services.queries.units import UnitNames

A = Action
# Shown to everybody, also when it is somebody else's to do: they tell whose turn it is.
PRINCIPAL = (A.ACCEPT, A.SUBMIT, A.APPROVE, A.RETURN)
# The page has a place of its own for these.
ELSEWHERE = frozenset({A.ATTACH, A.DETACH, A.COMMENT, A.SAVE_DRAFT, A.CONSOLIDATE})
UNCONFIRMED = Text("Không ai phải duyệt: trình là hoàn thành.", "Nobody has to approve it: submitting completes it.")
COMPLETES = Text("Duyệt xong là bước hoàn thành.", "Your approval completes the step.")


@dataclass(frozen=True, slots=True)
class ActionOffer:
    """A button. ``then`` says what happens next; ``why`` (refused only) says why it is not possible now."""

    action: Action
    label: Text
    then: Text
    needs: tuple[str, ...]
    allowed: bool
    why: Text | None = None


@dataclass(frozen=True, slots=True)
class Offers:
    """``can``: in the table's order. ``cannot``: what the person's role knows but the situation refuses. ``elsewhere``: names."""

    can: tuple[ActionOffer, ...]
    cannot: tuple[ActionOffer, ...]
    elsewhere: frozenset[Action]


def step_offers(step: StepState, workflow: CompiledWorkflow, actor: Actor, units: UnitNames) -> Offers:
    """The buttons of ``step`` for ``actor``, which say what happens next in this very case."""
    held = relations_to(step, workflow, actor)
    found = {o.action: ActionOffer(o.action, o.row.label, o.row.then, o.row.needs, o.allowed, o.why) for o in offers(step, workflow, actor)}
    can = tuple(_here(o, step, workflow, actor, units) for o in found.values() if o.allowed and o.action not in ELSEWHERE)
    refused = [found.get(action) or _from_elsewhere(action) for action in HANDLERS if action not in ELSEWHERE]
    cannot = tuple(o for o in refused if not o.allowed and (o.action in PRINCIPAL or _known_to(o.action, held)))
    return Offers(can, cannot, frozenset(a for a in ELSEWHERE if a in found and found[a].allowed))


def _here(offer: ActionOffer, step: StepState, workflow: CompiledWorkflow, actor: Actor, units: UnitNames) -> ActionOffer:
    """``offer`` with the one of the table's outcomes that it has at ``step``."""
    links = chain(workflow.steps[step.code], step.lead, workflow.plan)
    if offer.action is A.SUBMIT and not links:
        return replace(offer, then=UNCONFIRMED)
    if offer.action is not A.APPROVE:
        return offer
    led_to = outcome(links, step.link, frozenset(step.link_approved) | actor.units & frozenset(links[step.link].units))
    if not led_to.waits_for:
        return replace(offer, then=COMPLETES)
    vi = ", ".join(units.name(code).vi for code in led_to.waits_for)
    en = ", ".join(units.name(code).in_("en") for code in led_to.waits_for)
    if led_to.same:
        return replace(offer, then=Text(f"Còn chờ {vi} cùng duyệt.", f"Still waits for the approval of {en}."))
    if led_to.any_of and len(led_to.waits_for) > 1:
        vi, en = f"một trong các đơn vị {vi}", f"one of {en}"
    return replace(offer, then=Text(f"Chuyển {vi} duyệt tiếp; bước chưa hoàn thành.", f"Goes on to {en}; the step is not done yet."))


def _known_to(action: Action, held: frozenset[Relation]) -> bool:
    """Whether the table ever gives ``action`` to somebody in one of the relations ``held``."""
    return any(row.action is action and row.who & held for row in TABLE)


def _from_elsewhere(action: Action) -> ActionOffer:
    """The refusal of an action that this status does not have."""
    row = next(r for r in TABLE if r.action is action)
    possible = sorted(sources(action))
    why = Text(
        "Chỉ được khi: " + ", ".join(STATUS_TEXT[s].vi for s in possible) + ".",
        "Possible when: " + ", ".join(STATUS_TEXT[s].en for s in possible) + ".",
    )
    return ActionOffer(action, row.label, row.then, row.needs, False, why)
