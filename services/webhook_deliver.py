"""Delivering to webhooks: as mail leaves, claimed in groups with a lease, no transaction open while the network is.

An address where nobody answers is left alone for a while, longer each time; its messages wait and no attempts are counted, so that days
of silence lose nothing. One that is there and refuses an event has refused it; other webhooks are not held up by either.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engine.instants import Now
from models import hooking as sql
from models.database import Database
from notifications.channels.transport import Outcome, Result
from notifications.channels.web import Web
from notifications.signing import headers, secret_of
from notifications.webhook_events import body_of
from services.deliver import AGAIN_AFTER, BACKOFF, GIVE_UP_AFTER, GROUP, LEASE, STATES, Timing


@dataclass(frozen=True, slots=True)
class WebhookWay:
    """How events leave. ``master``: the key from which secrets are worked out. ``source``: the address of this installation."""

    web: Web
    master: str = field(repr=False)
    source: str
    send_again: bool = True


@dataclass
class WebhookSummary:
    """What a run came to. ``silent``: names of webhooks where nobody, or nobody ready, answered."""

    sent: int = 0
    refused: int = 0
    retried: int = 0
    ambiguous: int = 0
    waiting: int = 0
    silent: list[str] = field(default_factory=list)


def deliver_webhooks(db: Database, *, now: Now, way: WebhookWay, limit: int = 2_000, timing: Timing | None = None) -> WebhookSummary:
    """Send what may leave at ``now``. Safe to run twice and by two at once. ``limit``: most messages to one webhook."""
    run = _Run(db, now, way, timing or Timing())
    run.tidy()
    with db.read() as connection:
        hooks = sql.ready(connection, run.system())
    for hook in hooks:
        run.tell(hook, limit)
    with db.read() as connection:
        run.summary.waiting = sql.waiting(connection)
    return run.summary


def webhooks_wait(db: Database, *, now: Now) -> bool:
    """Whether an event waits to be told, or something may leave now."""
    with db.read() as connection:
        if not sql.active(connection):
            return False
        return sql.any_behind(connection) or bool(sql.ready(connection, now.system)) or sql.any_unsettled(connection, now.system)


@dataclass
class _Run:
    """One call of `deliver_webhooks`."""

    db: Database
    now: Now
    way: WebhookWay
    timing: Timing
    summary: WebhookSummary = field(default_factory=WebhookSummary)

    def __post_init__(self) -> None:
        self.started = self.timing.elapsed()

    def system(self) -> datetime:
        """System time: that of the call, and what has passed since."""
        return self.now.system + timedelta(seconds=self.timing.elapsed() - self.started)

    def tidy(self) -> None:
        """Find what was left by those who died with a claim, and what may be sent once more."""
        with self.db.read() as connection:
            if not sql.any_unsettled(connection, self.now.system):
                return
        with self.db.write() as connection:
            self.summary.ambiguous += sql.expire_leases(connection, self.now.system)
            if self.way.send_again:
                sql.send_again(connection, self.now.system)

    def tell(self, hook: Any, limit: int) -> None:
        """Group after group to one webhook, until nothing is left or it does not take more."""
        for _ in range(-(-limit // GROUP)):
            at = self.system()
            lease = at + LEASE
            with self.db.write() as connection:
                group = sql.claim(connection, hook["id"], at, lease, GROUP)
            if not group:
                return
            outcomes, trouble = self._send_group(hook, group)
            self._settle(hook, list(zip(group, outcomes, strict=True)), lease, trouble)
            if trouble:
                self.summary.silent.append(hook["name"])
                return

    def _send_group(self, hook: Any, group: list[Any]) -> tuple[list[Outcome], str]:
        """What came of each; the trouble that ended it, "" if none. What stands behind it was not tried."""
        outcomes: list[Outcome] = []
        trouble = ""
        secret = secret_of(self.way.master, hook["salt"])
        for row in group:
            if trouble:
                outcomes.append(Outcome(Result.UNTRIED))
                continue
            body = body_of(row["data"])
            outcome = self.way.web.post(hook["url"], body, headers(secret, row["key"], self.system(), body))
            outcomes.append(outcome)
            trouble = "" if outcome.usable else outcome.detail or "no answer"
        return outcomes, trouble

    def _settle(self, hook: Any, results: list[tuple[Any, Outcome]], lease: datetime, trouble: str) -> None:
        at = self.system()
        failures = hook["failures"] + 1 if trouble else 0
        until = at + BACKOFF[min(failures, len(BACKOFF)) - 1] if trouble else None
        with self.db.write() as connection:
            sql.settle(connection, [self._settled(row, outcome, at, lease) for row, outcome in results])
            if trouble or hook["failures"]:
                sql.rest(connection, hook["id"], failures, trouble, until)
        for _, outcome in results:
            self._count(outcome.result)

    def _settled(self, row: Any, outcome: Outcome, at: datetime, lease: datetime) -> dict[str, Any]:
        """The row that an outcome makes of a claimed message."""
        state, next_at, attempts = STATES[outcome.result], at, row["attempts"]
        if outcome.result is Result.RETRY:
            state = "refused" if attempts >= GIVE_UP_AFTER else state
            next_at = at + BACKOFF[min(attempts, len(BACKOFF)) - 1]
        elif outcome.result is Result.AMBIGUOUS:
            next_at = at + AGAIN_AFTER
        return {
            "id_": row["id"],
            "lease": lease,
            "state_": state,
            "reason_": "" if state == "sent" else outcome.detail,
            "code_": outcome.code,
            "next_try_at_": next_at,
            "sent_at_": self.now.business if state == "sent" else None,
            "untried": int(outcome.result is Result.UNTRIED),
            "lost_": int(outcome.result is Result.AMBIGUOUS),
        }

    def _count(self, result: Result) -> None:
        name = {Result.SENT: "sent", Result.REFUSED: "refused", Result.RETRY: "retried", Result.AMBIGUOUS: "ambiguous"}.get(result)
        if name:
            setattr(self.summary, name, getattr(self.summary, name) + 1)
