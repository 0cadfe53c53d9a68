"""What belongs to the office as a whole: the simulated clock and the days that differ from the library's calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from models.base import Utc, json_type


class ClockRow(SQLModel, table=True):
    """The simulated business time (one row, id 1). It never goes back, and only the orchestrator moves it towards ``target``."""

    __tablename__ = "clock"
    id: int = Field(default=1, primary_key=True)
    at: datetime = Field(sa_column=Column(Utc, nullable=False))
    target: datetime = Field(sa_column=Column(Utc, nullable=False))


class CalendarDay(SQLModel, table=True):
    """A day that differs from the plain week, or is said to be as in it, with its document and the instant it was recorded.

    ``source``: library (proposed by it when the office began) | plan (from a pack) | office (recorded by a person). ``change_id``: the
    change that wrote it. Once the office's calendar is kept (a change of kind "adopted" exists), these rows alone say what is worked.
    """

    __tablename__ = "calendar_day"
    day: date = Field(primary_key=True)
    working: bool
    document: str
    recorded_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    source: str = "office"
    name_vi: str = ""
    name_en: str = ""
    change_id: int | None = None


class CalendarChange(SQLModel, table=True):
    """A change of the office's calendar, made at once; the dates that it moves follow, one transaction a workflow.

    ``kind``: adopted | published | recorded | removed. ``days``: list of {day, before, after}, each true (worked), false or None (as in
    the plain week). ``moved`` counts the dates moved so far; ``finished_at`` (system time) is None until all were looked at.
    """

    __tablename__ = "calendar_change"
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str
    document: str
    account_id: int
    days: list[dict[str, Any]] = Field(sa_column=Column(json_type(), nullable=False))
    business_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    recorded_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    moved: int = 0
    finished_at: datetime | None = Field(default=None, sa_column=Column(Utc))


class Heartbeat(SQLModel, table=True):
    """When something that is done again and again was last done to its end: sweep, deliver, anchor, backup; web: a probe could write."""

    __tablename__ = "heartbeat"
    name: str = Field(primary_key=True)
    at: datetime = Field(sa_column=Column(Utc, nullable=False))
    business_at: datetime = Field(sa_column=Column(Utc, nullable=False))
