"""Verifying the journal: every stream's chain, that it ends where its owner says, and that it is still what the anchors saw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.anchor import Anchor, contradiction, missed, points_of
from engine.journal import first_fault
from models import verifying as sql
from models.database import Database
from services.anchors import anchors_in

# The columns of an entry that pages read, and where the hashed body says the same.
REPEATED = {"account_id": "account", "represented_id": "for", "action": "action", "step_id": "step"}


@dataclass(frozen=True, slots=True)
class Verification:
    """``faults``: (stream, what is wrong); ``anchors``: how many were compared with the entries that they saw."""

    streams: int
    entries: int
    faults: tuple[tuple[str, str], ...]
    anchors: int = 0


def verify(db: Database, *, kept: Anchor | None = None, on_progress: Callable[[float], None] | None = None) -> Verification:
    """Check all streams in one snapshot. ``kept``: an anchor that was kept outside the database, which alone shows that everything in it,
    anchors included, was written anew."""
    faults, entries = [], 0
    with db.snapshot() as connection:
        ends = sql.ends(connection)
        stored = anchors_in(connection)
        points = points_of([*stored, *([kept] if kept else [])])
        for number, (stream, (seq, head)) in enumerate(sorted(ends.items()), 1):
            rows = sql.rows_of(connection, stream)
            entries, seen = entries + len(rows), points.pop(stream, [])
            fault = first_fault(((r.seq, r.body, r.hash, r.text, r.salt) for r in rows), seq, head) or _columns(rows, stream)
            fault = fault or missed(seen, {r.seq: r.hash for r in rows})
            if fault:
                faults.append((stream, fault))
            if on_progress:
                on_progress(number / len(ends))
        faults += [(stream, "nobody owns this stream") for stream in sql.unowned(connection, set(ends))]
    faults += [(stream, f"gone, and anchor {places[0][2]} saw it") for stream, places in sorted(points.items())]
    told = contradiction(kept, {anchor.number: anchor for anchor in stored}) if kept else None
    if told:
        faults.insert(0, ("anchor", told))
    return Verification(len(ends), entries, tuple(faults), len(stored))


def _columns(rows: Sequence[Any], stream: str) -> str | None:
    """An entry whose columns say otherwise than its body, which alone is hashed."""
    for row in rows:
        body = row.body
        same = body.get("stream") == stream and body.get("seq") == row.seq and _instant(body.get("at")) == row.at
        if not same or any(getattr(row, column) != body.get(name) for column, name in REPEATED.items()):
            return f"the columns of entry {row.seq} differ from what was hashed"
    return None


def _instant(written: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(written))
    except ValueError:
        return None
