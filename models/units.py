"""Units as rows: a stable code, names valid from a day on, membership in groups from-to."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field, SQLModel


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
