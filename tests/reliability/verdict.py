"""What must hold after the kills, read from the database and from the mail server's folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from engine.instants import Now
from models.database import Database
from models.tables import journal_entry, message, notice, step
from notifications.channels.email import Email, Server
from notifications.hours import OfficeHours
from notifications.keys import message_id
from notifications.mailbox import Mailbox
from notifications.render import Site
from services.deliver import LEASE, MailRules, deliver
from services.digest import gather
from services.expand import expand
from services.invariants import violations
from tests.factories import CALENDAR, at
from tests.reliability.clients import Acknowledged
from tests.reliability.office import DAY

SITE = Site("http://dondoc.test", "dondoc@localhost")
RULES = MailRules(OfficeHours(CALENDAR), SITE)


def let_a_day_pass(db: Database, mail_port: int, system: datetime) -> None:
    """What happens until the next morning with nothing killed: claims of the dead run out, their mails leave once more, what is gathered
    into the mail of a day leaves too."""
    way = Email(Server("127.0.0.1", mail_port, sender=SITE.sender))
    morning = at(DAY + timedelta(days=1), 7, 30).business
    for business, later in ((at(DAY).business, LEASE * 2), (at(DAY).business, LEASE * 4), (morning, LEASE * 6), (morning, LEASE * 8)):
        now = Now(business, system + later)
        (gather if business == morning else expand)(db, now=now, hours=RULES.hours, site=SITE)
        deliver(db, now=now, transport=way, rules=RULES)


def faults(db: Database, mails: Path, acknowledged: Sequence[Acknowledged], steps: Sequence[int]) -> list[str]:
    """Everything that was promised and does not hold."""
    return [
        *_actions(db, acknowledged, steps),
        *_mails(db, Mailbox(mails)),
        *(str(broken) for broken in violations(db, now=at(DAY), calendar=CALENDAR)),
    ]


def _actions(db: Database, acknowledged: Sequence[Acknowledged], steps: Sequence[int]) -> Iterator[str]:
    """Each acknowledged action is journaled once, where the client was told; each step went through both actions once, and is done."""
    entry = journal_entry.c
    with db.read() as connection:
        rows = connection.execute(select(entry.stream, entry.seq, entry.step_id, entry.action, entry.idem_key)).all()
        states = dict(connection.execute(select(step.c.id, step.c.status)).tuples().all())
    keys = Counter(row.idem_key for row in rows if row.idem_key)
    told = {(row.stream, row.seq): row for row in rows}
    for one in acknowledged:
        row = told.get((f"workflow:{one.workflow_id}", one.seq))
        if keys[one.key] != 1:
            yield f"step {one.step_id}: {one.action} was acknowledged and is journaled {keys[one.key]} times"
        elif row is None or (row.step_id, row.action, row.idem_key) != (one.step_id, one.action, one.key):
            yield f"step {one.step_id}: {one.action} is not where the client was told, at {one.workflow_id}/{one.seq}"
    acts = Counter((row.step_id, row.action) for row in rows)
    for step_id in steps:
        if (acts[step_id, "submit"], acts[step_id, "approve"], states[step_id]) != (1, 1, "done"):
            yield f"step {step_id}: submitted {acts[step_id, 'submit']}, approved {acts[step_id, 'approve']} times, {states[step_id]}"


def _mails(db: Database, mailbox: Mailbox) -> Iterator[str]:
    """Every message has the one Message-ID of its key, and arrived: once, or again where an acknowledgement was lost."""
    with db.read() as connection:
        messages = connection.execute(select(message.c.key, message.c.message_id, message.c.state, message.c.lost)).all()
        left = list(connection.execute(select(notice.c.key).where(notice.c.state == "pending")).scalars())
    arrived = Counter(mailbox.header(found).message_id for found in mailbox.ids())
    yield from (f"the notice {key} never became a message" for key in left)
    for one in messages:
        times = arrived.pop(one.message_id, 0)
        if one.message_id != message_id(one.key):
            yield f"the message {one.key} has the Message-ID {one.message_id}"
        if one.state == "sent" and times == 0:
            yield f"the message {one.key} counts as sent and never arrived"
        if one.state in {"pending", "sending", "ambiguous"}:
            yield f"the message {one.key} is still {one.state}"
        if times > (one.state == "sent") + one.lost:
            yield f"the message {one.key} is {one.state} and arrived {times} times, {one.lost} acknowledgements were lost"
    yield from (f"a mail {found} arrived that nobody sent" for found in arrived)
