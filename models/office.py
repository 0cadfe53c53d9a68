"""What belongs to the office as a whole: the simulated clock and the days that differ from the library's calendar."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from models.base import Utc


class ClockRow(SQLModel, table=True):
    """The simulated business time (one row, id 1). It never goes back, and only the orchestrator moves it towards ``target``."""

    __tablename__ = "clock"
    id: int = Field(default=1, primary_key=True)
    at: datetime = Field(sa_column=Column(Utc, nullable=False))
    target: datetime = Field(sa_column=Column(Utc, nullable=False))


class CalendarDay(SQLModel, table=True):
    """A day off or a make-up day that the office recorded, with the document it comes from and when it was recorded."""

    __tablename__ = "calendar_day"
    day: date = Field(primary_key=True)
    working: bool
    document: str
    recorded_at: datetime = Field(sa_column=Column(Utc, nullable=False))
