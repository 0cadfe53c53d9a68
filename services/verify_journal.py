"""Verifying the journal: every stream's chain, and that it ends where its owner says."""

from __future__ import annotations

from dataclasses import dataclass

from engine.journal import first_fault
from models import verifying as sql
from models.database import Database


@dataclass(frozen=True, slots=True)
class Verification:
    """``faults``: (stream, what is wrong)."""

    streams: int
    entries: int
    faults: tuple[tuple[str, str], ...]


def verify(db: Database) -> Verification:
    """Check all streams against their hashes, in one snapshot."""
    faults, entries = [], 0
    with db.read() as connection:
        ends = sql.ends(connection)
        for stream, (seq, head) in ends.items():
            found = sql.entries_of(connection, stream)
            entries += len(found)
            fault = first_fault(found, seq, head)
            if fault:
                faults.append((stream, fault))
        faults += [(stream, "nobody owns this stream") for stream in sql.unowned(connection, set(ends))]
    return Verification(len(ends), entries, tuple(faults))
