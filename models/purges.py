"""Proposals to destroy a file that should never have been handed in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from models.base import Utc


class Purge(SQLModel, table=True):
    """One person proposes, another one confirms. ``state``: proposed | done | refused.

    ``stream`` and ``seq`` name the journal entry of the proposal, beside which its reason stands.
    """

    __tablename__ = "purge"
    id: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(index=True)
    step_id: int = Field(foreign_key="step.id", index=True)
    state: str
    account_id: int
    represented_id: int | None = None
    at: datetime = Field(sa_column=Column(Utc, nullable=False))
    stream: str
    seq: int
    decided_by: int | None = None
    decided_at: datetime | None = Field(default=None, sa_column=Column(Utc))
