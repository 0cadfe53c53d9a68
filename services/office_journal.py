"""What is done to the office as a whole rather than to a workflow: entries of its own stream of the journal."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from engine.access import Actor
from engine.facts import Fact
from engine.instants import Now
from models import streams
from services.journaling import entry
from services.working_days import OFFICE


def lock(connection: Connection) -> None:
    """Let nobody else change the office until the transaction ends. Call it before reading what the change depends on."""
    streams.lock(connection, OFFICE)


def note(connection: Connection, actor: Actor, action: str, facts: Sequence[Fact], now: Now, text: str = "") -> None:
    """Append one entry: ``actor`` did ``action``, and ``facts`` happened; ``text`` is what they wrote about it."""
    seq, head = streams.lock(connection, OFFICE)
    streams.append(connection, entry(OFFICE, seq + 1, head, actor=actor, action=action, facts=facts, now=now, text=text))
