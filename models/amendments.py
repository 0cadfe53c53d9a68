"""Amendments of published plans."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from models.base import Utc, json_type


class Amendment(SQLModel, table=True):
    """A version that followed another, by a document. ``key`` makes applying it twice one; ``left`` are workflows that stay as they were.

    ``undoes``: the amendment that this one takes back. Until ``finished_at`` some running workflow may not have moved yet.
    """

    __tablename__ = "amendment"
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    plan_id: int = Field(foreign_key="plan.id", index=True)
    from_version_id: int = Field(foreign_key="plan_version.id")
    to_version_id: int = Field(foreign_key="plan_version.id")
    document: str
    undoes: int | None = None
    account_id: int
    left: list[int] = Field(sa_column=Column(json_type(), nullable=False))
    changed: int = 0  # steps
    business_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    recorded_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    finished_at: datetime | None = Field(default=None, sa_column=Column(Utc))
