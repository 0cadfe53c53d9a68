"""Results of steps that were due before tracking began, and what waits for somebody's consent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from models.base import Utc, json_type


class PriorResult(SQLModel, table=True):
    """The result of a prior step as somebody entered it from a spreadsheet. The step stays prior and in no rate."""

    __tablename__ = "prior_result"
    step_id: int = Field(primary_key=True, foreign_key="step.id")
    done: bool
    number: str = ""
    dated_on: date | None = None
    account_id: int
    at: datetime = Field(sa_column=Column(Utc, nullable=False))


class Proposed(SQLModel, table=True):
    """What somebody uploaded or edited and has not agreed to yet: a plan's definition, or rows of prior steps.

    ``kind``: publish | amend | prior. ``until``: system time after which it may be forgotten.
    """

    __tablename__ = "proposed"
    token: str = Field(primary_key=True)
    account_id: int
    kind: str
    plan_id: int | None = None
    body: dict[str, Any] = Field(sa_column=Column(json_type(), nullable=False))
    until: datetime = Field(sa_column=Column(Utc, nullable=False))
