"""Looking once more, just before a message leaves or is gathered anew, whether what it says still holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from models import outbox as sql
from notifications.contexts import Item
from notifications.relevance import Cause, gone


def steps_of(connection: Connection, items: Iterable[Item]) -> dict[int, Any]:
    """The steps that ``items`` are about, as they are now, in one read."""
    return dict(sql.steps_by_id(connection, (id_ for item in items for id_ in item.step_ids)))


def why_gone(item: Item, steps: Mapping[int, Any]) -> str:
    """Why ``item`` need not be said any more, as a short code; "" while it holds for at least one of its steps, or is about none."""
    if not item.step_ids:
        return ""
    cause = Cause(item.kind, item.due_version, item.lead, item.round, item.link)
    reasons = [gone(cause, steps[id_]) if id_ in steps else "no-step" for id_ in item.step_ids]
    return "" if "" in reasons else reasons[0]
