"""Three sentences for somebody's first visit, by what they are here for; shown until they put them away or act for the first time."""

from __future__ import annotations

from enum import StrEnum

from engine.access import Actor
from engine.instants import Now
from models import introductions as sql
from models.database import Database


class Part(StrEnum):
    """What somebody is mainly here for."""

    AGENCY = "agency"
    ADMINISTRATOR = "administrator"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    APPROVER = "approver"
    OFFICER = "officer"


BY_ROLE = (Part.AGENCY, Part.SUPERVISOR, Part.AUDITOR, Part.ADMINISTRATOR)  # of several the first counts


def part_of(actor: Actor, *, approves: bool) -> Part | None:
    """The part of ``actor``; None for an account with neither a role nor a unit. ``approves``: something waits for their approval."""
    found = next((part for part in BY_ROLE if part in actor.roles), None)
    if found is not None or not actor.units:
        return found
    return Part.APPROVER if actor.heads or approves else Part.OFFICER


def introduction(db: Database, actor: Actor, *, approves: bool) -> Part | None:
    """As whom ``actor`` is introduced now; None where no introduction is needed (any more)."""
    part = part_of(actor, approves=approves)
    if part is None or actor.represented_id is not None:
        return None
    with db.read() as connection:
        return part if sql.is_new(connection, actor.account_id) else None


def put_away(db: Database, actor: Actor, *, now: Now) -> None:
    """``actor`` needs no introduction any more, in any browser. Safe to say twice."""
    with db.write() as connection:
        sql.put_away(connection, actor.account_id, now.today)


def put_away_for_who_acted(db: Database, *, now: Now) -> None:
    """Nobody who has acted so far needs an introduction. For a replay: its people act without a key, by which `introduction` would know."""
    with db.write() as connection:
        sql.put_away_for_who_acted(connection, now.today)
