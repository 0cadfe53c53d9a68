"""The one gathered mail of the day: reminders and news for one person, the worst first.

Made once per person and local day (the key says so), from 07:30 on a working day. What comes later waits for the next one. A gathered mail
that could not leave yesterday is not sent beside today's: it is cancelled, and what still holds of it stands in today's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from engine.instants import Now
from models import outbox as sql
from models.database import Database
from models.deliveries import drop_told
from notifications.audience import Person
from notifications.choices import NONE
from notifications.contexts import Item, MessageContext, from_json
from notifications.hours import OfficeHours
from notifications.keys import digest_key
from notifications.policy import DIGEST
from notifications.relevance import family
from notifications.render import Site
from notifications.words import SECTIONS, section
from services.expand import ExpandResult, close, row_of, told_row, unsent_row, way_of
from services.inbox import enter
from services.recheck import steps_of, why_gone
from services.telling import Line, Teller, Told

MOST = 10_000


@dataclass(frozen=True, slots=True)
class Older:
    """A gathered mail that has not left: its id and what it says."""

    id: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Mail:
    """A gathered mail to be: its row, the lines that are new in it, and the ids of the mails whose place it takes."""

    row: dict[str, Any]
    lines: Sequence[Line]
    instead_of: Sequence[int]


def gather(db: Database, *, now: Now, hours: OfficeHours, site: Site) -> ExpandResult:
    """Make today's gathered mail for everyone for whom something waits; nothing outside working days and hours, or when nothing waits."""
    if not hours.digest_at(now.business):
        return ExpandResult()
    with db.read() as connection:
        if not (sql.any_pending(connection, (DIGEST,)) or sql.unsent_digests(connection) or sql.any_deferred(connection)):
            return ExpandResult()
    with db.write() as connection:
        sql.alone(connection)
        return _Gathering(connection, now, site).run()


class _Gathering:
    """One morning's work, in one transaction."""

    def __init__(self, connection: Connection, now: Now, site: Site) -> None:
        self.connection, self.now, self.site = connection, now, site
        self.deferred = sql.deferred(connection)
        self.notices = [*sql.notices_by_id(connection, self.deferred), *sql.pending_notices(connection, (DIGEST,), MOST)]
        self.teller = Teller(connection, self.notices, now)
        self.told: Told = self.teller.tell()
        self.older = _older(connection, now.today)
        self.steps = steps_of(connection, (item for mails in self.older.values() for mail in mails for item in mail.items))

    def run(self) -> ExpandResult:
        enter(self.connection, self.notices, self.told.lines, self.now)
        lines = self._lines()
        accounts = lines.keys() | self.older.keys()
        made_today = sql.existing_keys(self.connection, (digest_key(a, self.now.today) for a in accounts))
        later = {a for a in accounts if digest_key(a, self.now.today) in made_today}
        self._settle_deferred(later, lines)
        made = self._send([mail for a in sorted(accounts - later) if (mail := self._mail(a, lines.get(a, [])))])
        waiting = {line.notice["id"] for a in later for line in lines.get(a, [])}
        close(self.connection, self.told)
        sql.close_notices(self.connection, (n["id"] for n in self.notices if n["id"] not in waiting), "expanded")
        return ExpandResult(len(self.notices) - len(waiting), made, len(self.told.closed), len(self.told.passed_over))

    def _lines(self) -> dict[int, list[Line]]:
        """What is new, by account. What somebody wants no mail about is recorded as such."""
        done = sql.told(self.connection, (n["id"] for n in self.notices))
        found: dict[int, list[Line]] = {}
        muted: list[Line] = []
        for line in self.told.lines:
            notice, account = line.notice["id"], line.hearer.person.id
            if account in self.deferred.get(notice, ()):
                found.setdefault(account, []).append(line)
            elif (notice, account) not in done and notice not in self.deferred:
                wanted = way_of(line) != NONE
                (found.setdefault(account, []) if wanted else muted).append(line)
        sql.add_told(self.connection, [unsent_row(line, "muted") for line in muted])
        return found

    def _settle_deferred(self, later: set[int], lines: Mapping[int, list[Line]]) -> None:
        """What was put off until now is said now; of what need not be said any more that is recorded. For ``later`` it waits on."""
        pairs = [(n, a) for n, accounts in self.deferred.items() for a in accounts if a not in later]
        sql.settle_deferred(self.connection, pairs)
        said = {(line.notice["id"], a) for a, own in lines.items() for line in own} | set(self.told.passed_over)
        gone = [{"notice_id": n, "account_id": a, "message_id": None, "state": "cancelled"} for n, a in pairs if (n, a) not in said]
        sql.add_told(self.connection, gone)

    def _mail(self, account: int, lines: list[Line]) -> Mail | None:
        """One person's mail of today, in the place of older ones that did not leave; None when there is nothing to say."""
        mails = self.older.get(account, [])
        person = self.teller.directory.people.get(account)
        kept = self._kept(lines, mails) if person else []
        for mail in mails:
            why = self._left_out(mail, {item.notice_id for item in kept})
            sql.cancel_messages(self.connection, [mail.id], "left" if person is None else "superseded" if kept else why)
        return Mail(self._row(person, kept), lines, [mail.id for mail in mails]) if person and kept else None

    def _left_out(self, mail: Older, kept: set[int]) -> str:
        """Record what of an older mail nobody will be told: untrue by now, or said by something newer. Why, of the first that is untrue."""
        gone = {item.notice_id: reason for item in mail.items if (reason := why_gone(item, self.steps))}
        newer = {item.notice_id for item in mail.items} - gone.keys() - kept
        for notices, state in ((gone, "cancelled"), (newer, "passed-over")):
            if notices:
                drop_told(self.connection, mail.id, notices, state)
        return next(iter(gone.values()), "superseded")

    def _send(self, mails: Sequence[Mail]) -> int:
        """Put today's mails into the outbox, all at once; how many."""
        made = sql.add_messages(self.connection, [mail.row for mail in mails])
        sql.add_told(self.connection, [told_row(line, made[mail.row["key"]]) for mail in mails for line in mail.lines])
        for mail in mails:
            if mail.instead_of:
                sql.move_told(self.connection, mail.instead_of, made[mail.row["key"]])
        return len(made)

    def _kept(self, lines: list[Line], mails: Iterable[Older]) -> list[Item]:
        """What to say: the new lines, and of older mails what still holds and no newer line speaks for."""
        items = [line.item for line in lines]
        said = {about for item in items for about in _about(item)}
        for mail in mails:
            for item in mail.items:
                about = _about(item)
                if (not about or about - said) and not why_gone(item, self.steps):
                    items.append(_aged(item, self.now.today))
                    said |= about
        return sorted(items, key=_urgency)

    def _row(self, person: Person, items: list[Item]) -> dict[str, Any]:
        context = MessageContext(person.name, person.language, self.now.today, tuple(items))
        return row_of(digest_key(person.id, self.now.today), "digest", person, context, self.now, self.site, DIGEST)


def _older(connection: Connection, today: date) -> Mapping[int, list[Older]]:
    """Gathered mails of earlier days that have not left, by account, newest first."""
    found: dict[int, list[Older]] = {}
    for row in reversed(sql.unsent_digests(connection)):
        if row.key != digest_key(row.account_id, today):
            found.setdefault(row.account_id, []).append(Older(row.id, from_json(row.data).items))
    return found


def _about(item: Item) -> set[tuple[str, int]]:
    """What a newer line speaks for: a family and a step. Empty for an item that no other replaces."""
    of = family(item.kind, proposed=item.proposed)
    return {(of, step) for step in item.step_ids} if of else set()


def _aged(item: Item, today: date) -> Item:
    return replace(item, days=(item.due_on - today).days if item.due_on else None)


def _urgency(item: Item) -> tuple[int, int, int]:
    """Late before soon before confirmations before news; the longest late first."""
    return SECTIONS.index(section(item)), item.days if item.days is not None else 0, item.notice_id
