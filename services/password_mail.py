"""The mails that carry a password link. The outbox keeps half of it; the rest is made when the mail leaves (`notifications.sealing`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from engine.instants import Now
from models import linking as sql
from models import outbox
from notifications.audience import Person
from notifications.contexts import Item, MessageContext
from notifications.policy import URGENT
from notifications.render import Site
from services.expand import row_of

KEY = "password-link:"


def put_link_into_outbox(
    connection: Connection, token_hash: str, half: str, kind: str, person: Person, login: str, *, by: str, now: Now, site: Site
) -> None:
    """Make the message that brings a link to ``person``; it leaves at any hour. ``by``: who invites.

    ``token_hash`` is its key: a database may give the number of a link that is gone to another.
    """
    item = Item(
        notice_id=0, kind=kind, audience="account", step_ids=(), path=f"/password/{half}", place=login, unit="", capacity="", by=by
    )  # fmt: skip
    context = MessageContext(person.name, person.language, now.today, (item,))
    outbox.add_messages(connection, [row_of(f"{KEY}{token_hash}", kind, person, context, now, site, URGENT)])


def links_that_are_over(connection: Connection, keys: Sequence[str], at: datetime) -> set[str]:
    """Which of these messages bring a link that opens nothing any more at ``at``: used, replaced or expired."""
    hashes = {key.removeprefix(KEY): key for key in keys if key.startswith(KEY)}
    if not hashes:
        return set()
    still = sql.open_ones(connection, hashes, at)
    return {key for token_hash, key in hashes.items() if token_hash not in still}
