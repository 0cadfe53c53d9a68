"""Units as rows: a stable code, names valid from a day on, membership in groups from-to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from models.base import Utc, json_type


class Unit(SQLModel, table=True):
    """A unit. ``code`` never changes and is what every other table refers to; names live in `UnitNameRow`."""

    __tablename__ = "unit"
    code: str = Field(primary_key=True)
    official_code: str = ""
    parent: str | None = Field(default=None, foreign_key="unit.code")
    position: int = 0
    ends_on: date | None = None


class UnitNameRow(SQLModel, table=True):
    """The name that a unit bears from ``from_on`` until its next name."""

    __tablename__ = "unit_name"
    unit: str = Field(primary_key=True, foreign_key="unit.code")
    from_on: date = Field(primary_key=True)
    name_vi: str
    name_en: str = ""
    short_vi: str
    short_en: str = ""
    type: str = ""


class GroupMember(SQLModel, table=True):
    """A unit's place in a group from ``from_on`` (inclusive) to ``until`` (exclusive; None while it lasts)."""

    __tablename__ = "group_member"
    group: str = Field(primary_key=True)
    unit: str = Field(primary_key=True, foreign_key="unit.code")
    from_on: date = Field(primary_key=True)
    until: date | None = None
    position: int = 0


class UnitChangeRow(SQLModel, table=True):
    """A change of units by one document (``body``: a `UnitChange`).

    ``state``: planned | applied | withdrawn. ``number`` counts the applied ones in their order. What it moves follows, one transaction a
    workflow: ``moved`` counts the steps with another lead, ``finished_at`` (system time) is None until all were looked at.
    """

    __tablename__ = "unit_change"
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    effective_on: date
    document: str
    body: dict[str, Any] = Field(sa_column=Column(json_type(), nullable=False))
    state: str = "planned"
    number: int | None = Field(default=None, unique=True)
    account_id: int
    recorded_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    applied_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    finished_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    moved: int = 0


class UnitSuccession(SQLModel, table=True):
    """``successor`` took on what ``unit`` left on ``from_on``; the default one has position 0."""

    __tablename__ = "unit_succession"
    unit: str = Field(primary_key=True, foreign_key="unit.code")
    successor: str = Field(primary_key=True, foreign_key="unit.code", index=True)
    from_on: date
    position: int = 0
    change_id: int = Field(foreign_key="unit_change.id")
