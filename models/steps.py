"""Steps and what belongs to one step: submitted rounds, attached files, the deadline ledger."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Column, Index, text
from sqlmodel import Field, SQLModel, UniqueConstraint

from models.base import Utc, folded_column, json_type

# What lists and the sweep look at. The indexes below hold just that, so that counting need not read the steps beside them.
UNFINISHED = text("status NOT IN ('done', 'cancelled', 'not-applicable', 'prior') AND closed_on IS NULL")
SOME: dict[str, Any] = {"postgresql_where": UNFINISHED, "sqlite_where": UNFINISHED}


class Step(SQLModel, table=True):
    """One piece of human work with exactly one lead unit.

    ``recorded``: what it stands on, a submission or a decision, was entered from paper.
    ``slot`` is the unit that a fan-out step was made for ("" for a single step) and never changes; ``lead`` answers for it now.
    ``due_on`` is a local day. ``due_at``, ``soon_at``, ``approval_due_at``, ``clock_holder`` and ``next_rung_at`` are derived in the
    transaction that changes what they depend on (`engine.derived`); no timeliness label is stored. ``closed_on``: the day on which its
    cycle was closed; nothing moves it then. ``accepted_by``: its contact, who took it on; ``handler``: whom the lead unit named to do it.
    """

    __tablename__ = "step"
    __table_args__ = (
        UniqueConstraint("workflow_id", "code", "slot"),
        Index("ix_step_lead_due", "lead", "due_at", **SOME),
        Index("ix_step_due", "due_at", **SOME),
        Index("ix_step_approval_due", "approval_due_at", **SOME),
        Index("ix_step_rung", "next_rung_at", **SOME),
        Index("ix_step_handler", "handler", postgresql_where=text("handler IS NOT NULL"), sqlite_where=text("handler IS NOT NULL")),
        Index("ix_step_not_before", "not_before", postgresql_where=text("status = 'waiting'"), sqlite_where=text("status = 'waiting'")),
    )
    id: int | None = Field(default=None, primary_key=True)
    workflow_id: int = Field(foreign_key="workflow.id")
    plan_id: int = Field(foreign_key="plan.id", index=True)
    code: str
    slot: str = ""
    position: int
    lead: str = Field(foreign_key="unit.code")
    status: str
    version: int = 1
    opened_on: date | None = None
    opened_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    opened_seq: int | None = None  # the journal entry that opened it: how one notice finds the steps of a fan-out
    not_before: date | None = None
    # the deadline
    original_due_on: date | None = None
    due_on: date | None = None
    planned_on: date | None = None
    due_version: int = 1
    extensions: int = 0
    previous_due_on: date | None = None
    extension: dict[str, Any] | None = Field(default=None, sa_column=Column(json_type()))
    window_first: date | None = None
    window_last: date | None = None
    choose_by: date | None = None
    chosen_on: date | None = None
    # the rounds and the approval chain
    round: int = 0
    link: int = 0
    link_approved: list[str] = Field(default_factory=list, sa_column=Column(json_type(), nullable=False, default=list))
    accepted_by: int | None = None
    handler: int | None = None
    handled_since: datetime | None = Field(default=None, sa_column=Column(Utc))
    submitted_by: int | None = None
    submitted_for: int | None = None
    submitted_on: date | None = None
    submitted_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    approval_due_on: date | None = None
    done_on: date | None = None
    done_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    suspended_on: date | None = None
    resume_to: str | None = None
    draft: dict[str, Any] = Field(default_factory=dict, sa_column=Column(json_type(), nullable=False, default=dict))
    flagged: bool = False
    recorded: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=text("false")))
    closed_on: date | None = None
    # derived
    due_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    soon_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    approval_due_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    clock_holder: str | None = None
    next_rung_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    changed_at: datetime | None = Field(default=None, sa_column=Column(Utc))


class Round(SQLModel, table=True):
    """One submission, frozen: its evidence, figures and note as they were handed in. Never updated."""

    __tablename__ = "round"
    step_id: int = Field(primary_key=True, foreign_key="step.id")
    number: int = Field(primary_key=True)
    account_id: int
    represented_id: int | None = None
    submitted_on: date
    recorded: bool = False
    body: dict[str, Any] = Field(sa_column=Column(json_type(), nullable=False))


class Attachment(SQLModel, table=True):
    """A stored file. The bytes lie under the data folder by their hash; one file may serve several steps.

    ``purged_at``: when its bytes and its name were destroyed; hash and size stay.
    """

    __tablename__ = "attachment"
    id: int | None = Field(default=None, primary_key=True)
    step_id: int = Field(foreign_key="step.id", index=True)
    evidence: str = ""
    name: str
    folded: str = Field(sa_column=folded_column())
    media_type: str
    size: int
    sha256: str = Field(index=True)
    account_id: int
    at: datetime = Field(sa_column=Column(Utc, nullable=False))
    purged_at: datetime | None = Field(default=None, sa_column=Column(Utc))


class Deadline(SQLModel, table=True):
    """An entry of a step's deadline ledger. ``kind``: original | opened | extension | correction | taken-back | redo | suspension |
    chosen | reassigned | shift | amendment | carried | merger (the date stays, another unit leads).

    ``working_days``: how many a suspension added; the date can be counted again from them when the calendar changes.
    """

    __tablename__ = "deadline"
    step_id: int = Field(primary_key=True, foreign_key="step.id")
    due_version: int = Field(primary_key=True)
    kind: str
    due_on: date | None = None
    account_id: int
    document: str = ""
    reason: str = ""
    at: datetime = Field(sa_column=Column(Utc, nullable=False))
    working_days: int | None = None
