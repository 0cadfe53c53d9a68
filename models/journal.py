"""The journal: append-only, one entry per action, hash-chained per stream.

Free text stands beside the entry, which holds only its salted hash: erasing the text keeps the chain.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, text
from sqlmodel import Field, SQLModel

from models.base import Utc, json_type

BIG_ID = BigInteger().with_variant(Integer(), "sqlite")
KEYED = text("idem_key IS NOT NULL")


class JournalEntry(SQLModel, table=True):
    """One action's facts. ``body`` is exactly what was hashed. ``idem_key`` with ``idem_hash`` answers a repeated request."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        Index("ux_journal_entry_key", "account_id", "idem_key", unique=True, postgresql_where=KEYED, sqlite_where=KEYED),
        Index("ix_journal_entry_step", "step_id"),
    )
    stream: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    account_id: int
    represented_id: int | None = None
    action: str
    step_id: int | None = None
    at: datetime = Field(sa_column=Column(Utc, nullable=False))
    body: dict[str, Any] = Field(sa_column=Column(json_type(), nullable=False))
    hash: str
    text: str | None = None
    salt: str | None = None
    idem_key: str | None = None
    idem_hash: str | None = None


class JournalStream(SQLModel, table=True):
    """The end of a stream that is not a workflow: ``plan:1``, ``office``."""

    __tablename__ = "journal_stream"
    name: str = Field(primary_key=True)
    seq: int = 0
    head: str = ""
