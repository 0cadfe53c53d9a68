"""People come and go: absences with a deputy who acts meanwhile, somebody leaving after everything was handed over, a password forgotten.

Looked at on Mondays before the day begins. Only in the simulation: the demonstration keeps the people that its sign-in page offers.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from engine.access import SYSTEM, Actor, Membership
from engine.instants import Now, local_day
from engine.people import refusal
from models.deputies import of_the_day
from services.accounts import actor_of, create_account, everyone
from services.acting_for import acting_for
from services.deputies import absences, name_deputy
from services.hand_over import hand_over
from services.invitations import give_code
from simulation.people import DOMAIN
from simulation.stage import Stage
from simulation.temper import draw

MONDAY = 0
AWAY, LEAVES, FORGETS = 0.008, 0.0006, 0.002  # a week and person


def night(stage: Stage, at: datetime) -> None:
    """Who stands in for whom today; on Mondays also who will be away or leave in the days to come."""
    if not stage.people_change:
        return
    today, now = local_day(at), Now(at, at)
    if today.weekday() == MONDAY:
        for actor in stage.staff.everyone():
            rng = draw(stage.seed, "staffing", actor.account_id, today)
            if not actor.memberships or len(stage.staff.of(actor.memberships[0].unit)) < 2:
                continue
            if stage.rarely(rng, LEAVES):
                _leave(stage, actor, now, today + timedelta(days=rng.randint(1, 5)))
            elif stage.rarely(rng, AWAY):
                _be_away(stage, actor, now, today + timedelta(days=rng.randint(0, 3)), rng.randint(0, 9))
            elif stage.rarely(rng, FORGETS):
                _forget_password(stage, actor, now)
    _stand_in(stage, today)


def _be_away(stage: Stage, actor: Actor, now: Now, first: date, days: int) -> None:
    """The next colleague of those whom the page offers stands in, if neither is away or stands in already. Whoever begins only in some
    days neither is one yet nor can be away."""
    unit, page = actor.memberships[0].unit, absences(stage.db, actor, now)
    busy = {person for line in page.lines for person in (line.away_id, line.deputy_id)}
    here = {colleague.account_id for colleague in page.colleagues}
    others = [a for a in stage.staff.of(unit) if a.account_id in here - busy - {actor.account_id}]
    free = [a for a in others if not absences(stage.db, a, now).lines]
    if actor.account_id not in here - busy or not free:
        return
    last = first + timedelta(days=days)
    form: dict[str, Any] = {"unit": unit, "deputy": free[0].account_id, "from": first.isoformat(), "to": last.isoformat()}
    name_deputy(stage.db, actor, form, now=now)
    stage.done["name-deputy"] += 1


def _leave(stage: Stage, actor: Actor, now: Now, first_away: date) -> None:
    """A new account with the same place; everything is handed over to it, and it acts from now on."""
    place: Membership = actor.memberships[0]
    number = sum(1 for person in everyone(stage.db) if person.login.startswith(f"{place.unit}-moi-")) + 1
    login = f"{place.unit}-moi-{number}"
    new = create_account(stage.db, login=login, name=f"{actor.name} (mới {number})", address=f"{login}@{DOMAIN}", roles=sorted(actor.roles))
    form = {"successor": login, "first_away": first_away.isoformat()}
    hand_over(stage.db, SYSTEM, actor.account_id, form, now=now, confirmed=True)
    stage.staff.replace(actor.account_id, actor_of(stage.db, new))
    stage.done["hand-over-account"] += 1


def _forget_password(stage: Stage, actor: Actor, now: Now) -> None:
    """Whoever keeps the people of their unit gives them a one-time code; the office itself helps its own and the heads."""
    person = actor_of(stage.db, actor.account_id)  # as they stand today: units may have changed since they were employed
    held = [place.role for place in person.memberships]
    others = [actor_of(stage.db, a.account_id) for a in stage.staff.of(actor.memberships[0].unit) if a.account_id != actor.account_id]
    helper = next((a for a in others if refusal(a, person.units, office_roles=person.roles, held=held) is None), SYSTEM)
    give_code(stage.db, helper, actor.account_id, now=now)
    stage.done["give-code"] += 1


def _stand_in(stage: Stage, today: date) -> None:
    with stage.db.read() as connection:
        deputies = {row.deputy_id for row in of_the_day(connection, today)}
    found = {}
    for actor in (a for a in stage.staff.everyone() if a.account_id in deputies):
        for place in acting_for(stage.db, actor.account_id, today):
            found[place.account_id, place.unit] = place.actor(actor)
    stage.staff.stand_in(found)
