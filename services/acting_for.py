"""On whose behalf somebody may act today: what a deputy is to the rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from engine.access import Actor, Membership
from models import deputies as sql
from models.database import Database


@dataclass(frozen=True, slots=True)
class ActingFor:
    """An absent person for whom somebody stands in. ``deputy_id``: the number of the deputy's row. ``last``: its last local day."""

    deputy_id: int
    account_id: int
    name: str
    unit: str
    role: str
    last: date
    agency: bool

    def actor(self, deputy: Actor) -> Actor:
        """``deputy`` as they act for the absent person: with that person's place in this one unit, and with nothing of their own.

        Whoever acts for the standing agency is stood in for as such, within the standing agency; no other role is handed on.
        """
        roles = frozenset({"agency"}) if self.agency else frozenset[str]()
        return replace(deputy, memberships=(Membership(self.unit, self.role),), roles=roles, represented_id=self.account_id)


def acting_for(db: Database, account_id: int, today: date) -> tuple[ActingFor, ...]:
    """Everybody for whom the account may act on ``today``."""
    with db.read() as connection:
        return tuple(_acting_for(row) for row in sql.for_whom(connection, account_id, today))


def may_act_for(connection: Connection, account_id: int, today: date, deputy_id: int) -> ActingFor | None:
    """The absent person of the deputy ``deputy_id`` if the account may act for them on ``today``."""
    return next((_acting_for(row) for row in sql.for_whom(connection, account_id, today) if row.id == deputy_id), None)


def _acting_for(row: Any) -> ActingFor:
    return ActingFor(row.id, row.account_id, row.away, row.unit, row.role, row.to_on, bool(row.agency) and "agency" in row.roles)
