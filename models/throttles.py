"""Who failed to sign in, and how often: one row for each account name, known browser and address, none of which it names."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from models.base import Utc


class Throttle(SQLModel, table=True):
    """``key``: a keyed hash of what is counted. ``until``: no further try before; ``at``: the last failure (both system time)."""

    __tablename__ = "throttle"
    key: str = Field(primary_key=True)
    failures: int
    until: datetime = Field(sa_column=Column(Utc, nullable=False))
    at: datetime = Field(sa_column=Column(Utc, nullable=False, index=True))
