"""Taking an anchor of the journal, and sending it to those who keep it elsewhere: the auditors."""

from __future__ import annotations

import secrets

from sqlalchemy import Connection

from engine.access import SYSTEM
from engine.anchor import ANCHORED, STREAM, Anchor, changed_since
from engine.errors import NotFound
from engine.facts import Fact
from engine.instants import Now
from engine.journal import GENESIS
from models import outbox, streams
from models import verifying as sql
from models.database import Database
from models.reading import accounts
from notifications.audience import Person
from notifications.contexts import Item, MessageContext
from notifications.policy import IMMEDIATE
from notifications.render import Site
from services.expand import row_of
from services.journaling import entry

AUDITOR = "auditor"
KIND = "anchored"


def take_anchor(db: Database, *, now: Now, site: Site) -> Anchor | None:
    """Anchor every stream that has changed since the last anchor, and mail it to every auditor; None if nothing has changed.

    One transaction: the anchor, its place in the chain of anchors, and the mails.
    """
    with db.write() as connection:
        seq, head = streams.lock(connection, STREAM)
        before = anchors_in(connection)
        changed = changed_since(sql.ends(connection), before)
        if not changed:
            return None
        office = before[0].office if before else secrets.token_hex(8)
        fact = Fact(ANCHORED, {"office": office, "streams": changed})
        made = entry(STREAM, seq + 1, head, actor=SYSTEM, action="anchor", facts=(fact,), now=now)
        streams.append(connection, made)
        anchor = Anchor(seq + 1, made["hash"], head, made["body"])
        _tell(connection, anchor, now, site)
    return anchor


def anchors(db: Database) -> list[Anchor]:
    """Every anchor, oldest first."""
    with db.read() as connection:
        return anchors_in(connection)


def one_anchor(db: Database, number: int) -> Anchor:
    """The anchor ``number``. Raises `NotFound`."""
    found = next((anchor for anchor in anchors(db) if anchor.number == number), None)
    if found is None:
        raise NotFound(f"anchor {number}")
    return found


def anchors_in(connection: Connection) -> list[Anchor]:
    """Every anchor, oldest first, each with the hash before it."""
    found: list[Anchor] = []
    for row in sql.rows_of(connection, STREAM):
        found.append(Anchor(row.seq, row.hash, found[-1].hash if found else GENESIS, row.body))
    return found


def _tell(connection: Connection, anchor: Anchor, now: Now, site: Site) -> None:
    """Mail the anchor. Those of earlier days that have not left need not: its hash stands for theirs."""
    rows = []
    for person in _auditors(connection):
        english = person.language == "en"
        place = f"Anchor {anchor.number} of the journal" if english else f"Neo nhật ký số {anchor.number}"
        item = Item(
            notice_id=0, kind=KIND, audience="auditors", step_ids=(), path=f"/journal/anchors/{anchor.number}", place=place,
            unit="", capacity="", note=anchor.hash, count=len(anchor.ends),
        )  # fmt: skip
        context = MessageContext(person.name, person.language, now.today, (item,))
        rows.append(row_of(f"anchor:{anchor.number}:{person.id}", KIND, person, context, now, site, IMMEDIATE))
    older = outbox.unsent_of_kind(connection, KIND)
    outbox.add_messages(connection, rows)
    outbox.cancel_messages(connection, older, "superseded")


def _auditors(connection: Connection) -> list[Person]:
    people = {row.id: row for row in accounts.everyone(connection) if AUDITOR in row.roles}
    return [Person(row.id, row.name, row.address, row.language) for row in people.values()]
