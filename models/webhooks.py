"""Webhooks: who is told by HTTP, what is on its way to them, and up to where the journal has been told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from models.base import Utc, json_type
from models.journal import BIG_ID
from models.notices import UNSENT


class Webhook(SQLModel, table=True):
    """An address that hears of ``kinds`` of events. ``salt`` makes its secret (`notifications.signing`), which is stored nowhere.

    ``failures``: attempts in a row that found nobody there, or nobody ready; until ``rests_until`` (system time) no other is made.
    ``removed_at``: it hears nothing any more; the row stays for what was sent.
    """

    __tablename__ = "webhook"
    id: int | None = Field(default=None, primary_key=True)
    name: str
    url: str
    kinds: list[str] = Field(sa_column=Column(json_type(), nullable=False))
    salt: str
    account_id: int
    created_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    removed_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    failures: int = 0
    trouble: str = ""
    rests_until: datetime | None = Field(default=None, sa_column=Column(Utc))


class WebhookMessage(SQLModel, table=True):
    """One event for one webhook; ``key`` is unique, so it is made once. States, attempts, leases as of `models.notices.Message`."""

    __tablename__ = "webhook_message"
    __table_args__ = (Index("ix_webhook_message_unsent", "webhook_id", "id", postgresql_where=UNSENT, sqlite_where=UNSENT),)
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True))
    key: str = Field(unique=True)
    webhook_id: int = Field(foreign_key="webhook.id", index=True)
    kind: str
    data: dict[str, Any] = Field(sa_column=Column(json_type(), nullable=False))
    business_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    created_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    state: str = "pending"
    reason: str = ""
    code: int | None = None
    attempts: int = 0
    lost: int = 0
    next_try_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    lease_until: datetime | None = Field(default=None, sa_column=Column(Utc))
    sent_at: datetime | None = Field(default=None, sa_column=Column(Utc))


class WebhookMark(SQLModel, table=True):
    """How far a stream of the journal has been told to webhooks: the number of the last entry that was looked at."""

    __tablename__ = "webhook_mark"
    stream: str = Field(primary_key=True)
    seq: int
