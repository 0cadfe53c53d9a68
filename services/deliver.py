"""Delivering: messages leave in claimed groups over one connection, and what came of each is written down.

No transaction is open while the network is. A message is claimed with a lease before anything leaves; whoever dies with a claim leaves it
to be found as *ambiguous*: it may or may not have arrived. Such a message is sent once more under the same Message-ID, or held, by setting.
With no server to be reached nothing is claimed, so that a day without mail loses nothing and counts no attempts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engine.instants import Now
from models import deliveries as sql
from models.database import Database
from notifications.channels.transport import Outcome, Result, Session, Transport, Unreachable
from notifications.hours import OfficeHours, minute_of_day
from notifications.render import Site
from services.letters import Letter, prepare, write

GROUP = 20
PER_CONNECTION = 25  # groups; servers close a connection that goes on for ever
BACKOFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240))
GIVE_UP_AFTER = 20  # attempts: about three days of "not now"
AGAIN_AFTER = timedelta(minutes=5)
LEASE = timedelta(minutes=10)
FRUITLESS = 3  # connections in a row that carried nothing


@dataclass(frozen=True, slots=True)
class MailRules:
    """How mail leaves. ``per_minute``: most mails a minute, 0 for no limit. ``send_again``: what is done about an ambiguous one."""

    hours: OfficeHours
    site: Site
    per_minute: int = 0
    send_again: bool = True


@dataclass
class DeliverySummary:
    """What a run came to. ``unreachable``: why it stopped early, "" if it did not. ``waiting``: messages that are still to leave;
    ``kept``: until there is a mail server.
    """

    sent: int = 0
    refused: int = 0
    retried: int = 0
    ambiguous: int = 0
    cancelled: int = 0
    waiting: int = 0
    unreachable: str = ""
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Timing:
    """How time passes while a run lasts; tests hand in their own."""

    elapsed: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def deliver(
    db: Database, *, now: Now, transport: Transport | None, rules: MailRules, limit: int = 100_000, timing: Timing | None = None,
    stopping: Callable[[], bool] = bool,
) -> DeliverySummary:  # fmt: skip
    """Send what may leave at ``now``. Safe to run twice and by two at once.

    ``stopping`` is asked between two messages: once it says so the rest is left as if it had never been claimed.
    ``transport`` None: everything counts as sent at once, which is what a replay without mail needs.
    """
    run = _Run(db, now, rules, timing or Timing(), stopping)
    run.tidy()
    if transport is None:
        with db.write() as connection:
            run.summary.sent = sql.send_all(connection, now.system, now.business, all_urgencies=run.open, minute=run.minute)
    else:
        run.send(transport, limit)
    with db.read() as connection:
        run.summary.waiting = sql.waiting(connection)
    return run.summary


def keep(db: Database) -> DeliverySummary:
    """What `deliver` comes to where the office has no mail server: nothing is tried, nothing counts as sent, everything waits."""
    with db.read() as connection:
        return DeliverySummary(waiting=sql.waiting(connection), kept=True)


@dataclass
class _Run:
    """One call of `deliver`."""

    db: Database
    now: Now
    rules: MailRules
    timing: Timing
    stopping: Callable[[], bool]
    summary: DeliverySummary = field(default_factory=DeliverySummary)

    def __post_init__(self) -> None:
        self.open = self.rules.hours.open_at(self.now.business)
        self.minute = minute_of_day(self.now.business)
        self.started = self.timing.elapsed()
        self.next_at = self.started
        self.left = 0

    def system(self) -> datetime:
        """System time: that of the call, and what has passed since."""
        return self.now.system + timedelta(seconds=self.timing.elapsed() - self.started)

    def tidy(self) -> None:
        """Find what was left by those who died with a claim, and what may be sent once more."""
        if not self._due():
            return
        with self.db.write() as connection:
            self.summary.ambiguous += len(sql.expire_leases(connection, self.now.system))
            if self.rules.send_again:
                sql.send_again(connection, self.now.system)

    def send(self, transport: Transport, limit: int) -> None:
        """Connection after connection until nothing is due, the limit is reached, or the server does not take anything."""
        self.left, fruitless = limit, 0
        while self.left > 0 and fruitless < FRUITLESS and not self._ends() and self._due(claimable=True):
            before = self.summary.sent + self.summary.refused + self.summary.cancelled
            try:
                with transport.connect() as session:
                    trouble = self._over(session)
            except Unreachable as none:
                self.summary.unreachable = none.detail
                return
            fruitless = fruitless + 1 if self.summary.sent + self.summary.refused + self.summary.cancelled == before else 0
            if fruitless == FRUITLESS:
                self.summary.unreachable = trouble

    def _ends(self) -> bool:
        """Whether nothing more shall be begun: no server, or we are told to stop."""
        return bool(self.summary.unreachable) or self.stopping()

    def _due(self, *, claimable: bool = False) -> bool:
        with self.db.read() as connection:
            if claimable:
                return sql.any_claimable(connection, self.system(), all_urgencies=self.open, minute=self.minute)
            return sql.any_due(connection, self.system(), all_urgencies=self.open, minute=self.minute)

    def _over(self, session: Session) -> str:
        """Groups over one connection, until it breaks or nothing is left; the last trouble met."""
        for _ in range(PER_CONNECTION):
            size = min(GROUP, self.left, self.rules.per_minute or GROUP)
            group, lease = self._claim(size)
            if not group:
                return ""
            outcomes, usable = self._send_group(session, group)
            self._settle(group, outcomes, lease)
            if not usable or self.left <= 0 or self._ends():
                return next((o.detail for o in reversed(outcomes) if o.detail), "")
        return ""

    def _claim(self, size: int) -> tuple[list[Letter], datetime]:
        """The next letters and the end of their lease; none when nothing is left. Claims whose reason is gone are cancelled on the way."""
        while True:
            at = self.system()
            lease = at + LEASE
            with self.db.write() as connection:
                ids = sql.claim(connection, at, lease, all_urgencies=self.open, minute=self.minute, limit=size)
                claimed = sql.claimed(connection, ids, self.now.today) if ids else []
                letters, cancelled = prepare(connection, claimed, self.rules.site, at) if ids else ([], 0)
            self.summary.cancelled += cancelled
            self.left -= len(ids)
            if letters or not ids or self.left <= 0:
                return letters, lease

    def _send_group(self, session: Session, group: list[Letter]) -> tuple[list[Outcome], bool]:
        """What came of each letter; those behind a broken connection were not tried. Whether the connection still works."""
        outcomes: list[Outcome] = []
        usable = True
        for letter in group:
            if not usable or self.stopping():
                outcomes.append(Outcome(Result.UNTRIED))
                continue
            self._pace()
            outcome = write(letter, session, at=self.now.business, site=self.rules.site)
            outcomes.append(outcome)
            if outcome.stops:
                self.summary.unreachable = outcome.detail
            usable = outcome.usable and not outcome.stops
        return outcomes, usable

    def _pace(self) -> None:
        """Wait for the next moment that the limit allows."""
        if self.rules.per_minute:
            at = self.timing.elapsed()
            if at < self.next_at:
                self.timing.sleep(self.next_at - at)
            self.next_at = max(at, self.next_at) + 60 / self.rules.per_minute

    def _settle(self, group: list[Letter], outcomes: list[Outcome], lease: datetime) -> None:
        at = self.system()
        results = list(zip(group, outcomes, strict=True))
        with self.db.write() as connection:
            sql.settle(connection, [self._settled(letter, outcome, at, lease) for letter, outcome in results])
            tried = [(letter, o) for letter, o in results if o.result is not Result.UNTRIED]
            attempts = [{"message_id": x.id, "at": at, "outcome": o.result.value, "code": o.code, "detail": o.detail} for x, o in tried]
            sql.add_deliveries(connection, attempts)
        for _, outcome in tried:
            self._count(outcome.result)

    def _settled(self, letter: Letter, outcome: Outcome, at: datetime, lease: datetime) -> dict[str, Any]:
        """The row that an outcome makes of a claimed message."""
        state, reason, next_at = STATES[outcome.result], outcome.detail, at
        if outcome.result is Result.RETRY:
            if letter.attempts >= GIVE_UP_AFTER:
                state = "refused"
            next_at = at + BACKOFF[min(letter.attempts, len(BACKOFF)) - 1]
        elif outcome.result is Result.AMBIGUOUS:
            next_at = at + AGAIN_AFTER
        elif outcome.result is Result.SENT:
            reason = ""
        return {
            "id_": letter.id,
            "lease": lease,
            "state_": state,
            "reason_": reason,
            "next_try_at_": next_at,
            "sent_at_": self.now.business if state == "sent" else None,
            "subject_": letter.subject,
            "data_": letter.data,
            "untried": int(outcome.result is Result.UNTRIED),
            "lost_": int(outcome.result is Result.AMBIGUOUS),
        }

    def _count(self, result: Result) -> None:
        name = {Result.SENT: "sent", Result.REFUSED: "refused", Result.RETRY: "retried", Result.AMBIGUOUS: "ambiguous"}[result]
        setattr(self.summary, name, getattr(self.summary, name) + 1)


STATES = {
    Result.SENT: "sent",
    Result.REFUSED: "refused",
    Result.RETRY: "pending",
    Result.AMBIGUOUS: "ambiguous",
    Result.UNTRIED: "pending",
}
