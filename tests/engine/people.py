"""Two people of every unit of the festival, those who oversee it, a deputy and a stranger; and what each action asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from engine.access import Actor
from engine.definition import PlanDefinition
from engine.step_state import StepState
from engine.transitions import Action
from tests.engine.office import Office
from tests.factories import AGENCY, festival, person

PLAN = festival()
START = date(2024, 5, 2)


def staff(plan: PlanDefinition) -> dict[str, tuple[Actor, Actor]]:
    """Two people of each unit."""
    return {u.code: (person(100 + n, u.code), person(200 + n, u.code)) for n, u in enumerate(plan.units)}


STAFF = staff(PLAN)
OVERSIGHT = (person(301, roles=("supervisor",)), person(302, roles=("auditor",)), person(303, roles=("administrator",)))
BOTH = person(304, AGENCY, "mttq")  # of two units
DEPUTY = replace(person(305, AGENCY), represented_id=STAFF[AGENCY][0].account_id)
STRANGER = person(306, "so-la")
EVERYBODY = (*(p for pair in STAFF.values() for p in pair), *OVERSIGHT, BOTH, DEPUTY, STRANGER)


def sensible(step: StepState, today: date) -> dict[str, Any]:
    """A right value for everything that any action on ``step`` may ask for."""
    day = today.isoformat()
    return {
        "handler": "khong-co-ai",
        "reason": "vì mưa lũ", "text": "đã làm một nửa", "until": ((step.due_on or today) + timedelta(days=9)).isoformat(), "lead": "mttq",
        "units": list(PLAN.groups[0].units), "day": (step.window_last or today).isoformat(), "number": "12/BC", "date": day,
        "signer": "Chủ tịch", "field": "submitted_on", "value": day, "evidence": {"kh": {"number": "12/KH", "date": "2024-05-01"}},
        "figures": {"so": 4},
        "files": [{"evidence": "", "name": "a.pdf", "media_type": "application/pdf", "size": 1, "sha256": "0" * 64}],
    }  # fmt: skip


def payloads(office: Office, step: StepState) -> st.SearchStrategy[dict[str, Any]]:
    """Everything that any action on ``step`` may ask for; each action takes what is its own."""
    due = step.due_on or office.today
    first, last = step.window_first or office.today, step.window_last or office.today
    districts = list(PLAN.groups[0].units)
    recently = st.integers(0, 5).map(lambda n: (office.today - timedelta(days=n)).isoformat())
    varied = st.fixed_dictionaries(
        {
            "until": st.integers(1, 40).map(lambda n: (due + timedelta(days=n)).isoformat()),
            "lead": st.sampled_from([u.code for u in PLAN.units]),
            "units": st.one_of(st.just(districts), st.lists(st.sampled_from(districts), min_size=1, unique=True)),
            "day": st.dates(min(first, last), max(first, last)).map(date.isoformat),
            "date": recently,
            "value": recently,
        }
    )
    return varied.map(lambda found: {**sensible(step, office.today), **found})


def complete(office: Office) -> None:
    """Whoever's turn it is does the obvious thing until all is done; AssertionError if that leads nowhere."""
    for _ in range(120):
        if not office.unfinished:
            return
        for step in office.unfinished:
            _move_on(office, step)
        office.wait(3)
    stuck = [(s.code, s.slot, s.status.value) for s in office.unfinished]
    raise AssertionError(f"cannot be completed: {stuck}")


def _move_on(office: Office, step: StepState) -> None:
    place, agency = (step.code, step.slot), STAFF[AGENCY][0]
    match step.status:
        case "refused":
            office.try_(agency, Action.REASSIGN, place, {"lead": step.lead, "reason": "vẫn của đơn vị"})
        case "suspended":
            office.try_(agency, Action.RESUME, place, {})
        case "open" | "in-progress" | "returned":
            given = {"evidence": {"kh": {"number": "1/KH", "date": "2024-05-01"}}, "figures": {"so": 1}}
            office.try_(STAFF[step.lead][0], Action.SUBMIT, place, given)
        case "submitted":
            office.try_(_approver(office, step), Action.APPROVE, place, {})


def _approver(office: Office, step: StepState) -> Actor:
    """Somebody of a unit whose approval is still wanted, and who neither submitted nor was represented."""
    links = office.chain(step)
    wanted = [unit for unit in links[step.link].units if unit not in step.link_approved]
    return next(p for p in STAFF[wanted[0]] if p.account_id not in {step.submitted_by, step.submitted_for})
