"""How far every workflow's journal is: what live pages compare to know that something happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from engine.access import Actor
from models.tables import clock, workflow
from models.visible import visible


def heads(connection: Connection) -> dict[int, int]:
    """Workflow id → number of its last journal entry. Per stream, since ids are not committed in their order."""
    return {row.id: row.seq for row in connection.execute(select(workflow.c.id, workflow.c.seq))}


def known(connection: Connection, actor: Actor, ids: Iterable[int]) -> frozenset[int]:
    """Those of ``ids`` that ``actor`` may know of."""
    query = visible(select(workflow.c.id).where(workflow.c.id.in_(sorted(ids))), actor)
    return frozenset(connection.execute(query).scalars())


def simulated_at(connection: Connection) -> datetime | None:
    """The simulated business time (UTC); None where the clock is the machine's."""
    return connection.execute(select(clock.c.at)).scalar_one_or_none()
