"""Published plans, their frozen versions and their key tasks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column
from sqlmodel import Field, SQLModel, UniqueConstraint

from models.base import Utc, json_type


class Plan(SQLModel, table=True):
    """A published plan. ``seq`` and ``head`` close its journal stream; ``version_id`` is the version in force."""

    __tablename__ = "plan"
    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True)
    title_vi: str
    title_en: str = ""
    issued_on: date
    from_on: date
    to_on: date
    tracked_from: date
    standing_agency: str = Field(foreign_key="unit.code")
    version_id: int | None = None
    published_at: datetime = Field(sa_column=Column(Utc, nullable=False))


class PlanVersion(SQLModel, table=True):
    """One frozen definition, as JSON with its digest. Never updated.

    ``succession``: how many changes of units it accounts for. ``based_on``: the version that it takes the place of because of one.
    """

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("plan_id", "version"),)
    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id")
    version: int
    digest: str
    body: dict[str, Any] = Field(sa_column=Column(json_type(), nullable=False))
    created_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    succession: int = 0
    based_on: int | None = Field(default=None, index=True, unique=True)


class KeyTask(SQLModel, table=True):
    """One of the plan's headline commitments."""

    __tablename__ = "key_task"
    __table_args__ = (UniqueConstraint("plan_id", "code"),)
    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id")
    code: str
    position: int
    title_vi: str
    title_en: str = ""
    lead: str = Field(foreign_key="unit.code")
