"""The outbox: notices (who should know what), messages (a notice for one person), deliveries (attempts to send)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, text
from sqlmodel import Field, SQLModel

from models.base import Utc, json_type
from models.journal import BIG_ID

PENDING = text("state = 'pending'")
UNSENT = text("state IN ('pending', 'sending', 'ambiguous')")
UNREAD = text("read_at IS NULL")
DEFERRED = text("state = 'deferred'")


class Notice(SQLModel, table=True):
    """Something that people in a relation to a step should hear. It names no person: those are found when it is expanded.

    ``step_id`` None with ``step_code``: all steps of that code that the entry (stream, seq) opened. ``audience``: see
    `notifications.policy`; ``unit`` is the former lead, for those who hear as such. ``urgency``: immediate | digest | urgent.
    ``state``: pending | expanded (messages were made) | cancelled | passed-over; ``reason`` says why of the last two.
    Of an escalation that was only proposed: released | put-off, once somebody decided. ``posted``: it
    stands in the inboxes of those who hear it, which does not wait for the hours of mail.
    """

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_pending", "id", postgresql_where=PENDING, sqlite_where=PENDING),)
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True))
    key: str = Field(unique=True)
    kind: str
    plan_id: int  # no foreign key: it would lock the plan's row in every action
    workflow_id: int | None = Field(default=None, foreign_key="workflow.id")
    step_id: int | None = Field(default=None, index=True)
    step_code: str | None = None
    stream: str
    seq: int
    audience: str
    unit: str | None = None
    rung: str | None = None
    due_version: int | None = None
    urgency: str
    data: dict[str, Any] = Field(default_factory=dict, sa_column=Column(json_type(), nullable=False))
    business_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    created_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    state: str = "pending"
    reason: str = ""
    posted: bool = False


class InboxEntry(SQLModel, table=True):
    """A notice as one account finds it in its inbox, mailed or not. What it says is read from the notice and its steps when it is shown.

    ``unit``: in whose name the account hears (``stands_in``: because nobody there can be reached). ``for_id``: the absent person for whom
    it hears as deputy. ``about``: family and step, for which a
    newer entry speaks; None where every one counts. ``read_at``: business time, None while unread.
    """

    __tablename__ = "inbox_entry"
    __table_args__ = (Index("ix_inbox_entry_unread", "account_id", postgresql_where=UNREAD, sqlite_where=UNREAD),)
    account_id: int = Field(primary_key=True, foreign_key="account.id")
    notice_id: int = Field(sa_column=Column(BIG_ID, ForeignKey("notice.id"), primary_key=True))
    unit: str
    stands_in: bool = False
    for_id: int | None = None
    step_ids: list[int] = Field(sa_column=Column(json_type(), nullable=False))
    about: str | None = None
    posted_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    read_at: datetime | None = Field(default=None, sa_column=Column(Utc))


class Message(SQLModel, table=True):
    """One notice, or one day's digest, for one person on one channel; ``key`` is unique, so it is made once.

    ``state``: pending → sending → sent | refused | ambiguous; or cancelled (its reason was gone) or skipped (no address); ``reason`` says
    why. ``attempts`` counts tries, ``lost`` the acknowledgements that never came. ``next_try_at`` and ``lease_until`` are system time.
    """

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_unsent", "next_try_at", postgresql_where=UNSENT, sqlite_where=UNSENT),)
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True))
    key: str = Field(unique=True)
    kind: str
    account_id: int = Field(foreign_key="account.id", index=True)
    address: str
    channel: str = "mail"
    language: str = "vi"
    urgency: str
    message_id: str
    subject: str = ""
    data: dict[str, Any] = Field(default_factory=dict, sa_column=Column(json_type(), nullable=False))
    business_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    created_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    state: str = "pending"
    reason: str = ""
    attempts: int = 0
    lost: int = 0
    next_try_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    lease_until: datetime | None = Field(default=None, sa_column=Column(Utc))
    sent_at: datetime | None = Field(default=None, sa_column=Column(Utc))


class MessageNotice(SQLModel, table=True):
    """What became of a notice for one person. ``state``: carried (by a message, alone or in a digest) | passed-over (for a newer one) |
    cancelled | deferred (to the day's gathered mail) | muted; the last two by the person's own choice."""

    __tablename__ = "message_notice"
    __table_args__ = (Index("ix_message_notice_deferred", "notice_id", postgresql_where=DEFERRED, sqlite_where=DEFERRED),)
    notice_id: int = Field(sa_column=Column(BIG_ID, primary_key=True))
    account_id: int = Field(primary_key=True)
    message_id: int | None = Field(default=None, sa_column=Column(BIG_ID, index=True))
    state: str = "carried"


class Delivery(SQLModel, table=True):
    """One attempt to send one message. ``outcome``: sent | refused | retry | ambiguous."""

    __tablename__ = "delivery"
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True))
    message_id: int = Field(sa_column=Column(BIG_ID, index=True, nullable=False))
    at: datetime = Field(sa_column=Column(Utc, nullable=False))
    outcome: str
    code: int | None = None
    detail: str = ""
