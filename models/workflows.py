"""Workflows: one part of a key task in one cycle. The row is the lock and the end of its journal stream."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel, UniqueConstraint

from models.base import Utc, json_type


class Workflow(SQLModel, table=True):
    """A tracked workflow.

    ``version_id`` is the version under which it runs, ``first_version_id`` the one under which it opened if that was another.
    ``seq`` and ``head``: number and hash of its last journal entry. ``counts``: what joins wait for, per step code (see
    `engine.gates`). ``wake`` runs ahead of ``woken`` while the flow run has something to see. ``generation`` numbers its flow runs.
    ``closed_at``: when its cycle was closed; what was carried over may still run. ``assignment_id``: the ad-hoc assignment whose definition
    it follows; None for the plan's own work.
    """

    __tablename__ = "workflow"
    __table_args__ = (UniqueConstraint("plan_id", "key_task", "code", "cycle"),)
    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id")
    version_id: int = Field(foreign_key="plan_version.id")
    first_version_id: int | None = None
    key_task: str = ""  # "" for a plan-level workflow
    code: str
    cycle: str
    first_on: date
    last_on: date
    anchor_on: date | None = None
    opens_on: date
    lead: str = Field(foreign_key="unit.code")
    confidential: bool = False
    seq: int = 0
    head: str = ""
    counts: dict[str, Any] = Field(sa_column=Column(json_type(), nullable=False))
    wake: int = 1
    woken: int = 0
    woken_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    generation: int = 0
    flow_run_id: UUID | None = None
    opened_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    finished_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    closed_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    assignment_id: int | None = None


class AssignmentRow(SQLModel, table=True):
    """An ad-hoc assignment: its document, and the definition of its one step, frozen as a plan's version is. Never updated.

    ``code`` is that of its workflow; it holds a colon, which no code of a plan pack may. ``units``: the leads of a fan-out, in order.
    """

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("plan_id", "code"), Index("ix_assignment_number", "plan_id", "number"))
    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id")
    code: str
    number: str
    signed_on: date
    abstract: str = ""
    leader: str = ""
    urgent: bool = False
    units: list[str] = Field(sa_column=Column(json_type(), nullable=False))
    body: dict[str, Any] = Field(sa_column=Column(json_type(), nullable=False))
    account_id: int
    at: datetime = Field(sa_column=Column(Utc, nullable=False))


class Participation(SQLModel, table=True):
    """Why a unit may read a step in full: it leads, coordinates, approves or has held it. Kept when the lead changes."""

    __tablename__ = "participation"
    __table_args__ = (Index("ix_participation_workflow_unit", "workflow_id", "unit"),)
    unit: str = Field(primary_key=True, foreign_key="unit.code")
    step_id: int = Field(primary_key=True, foreign_key="step.id")
    relation: str = Field(primary_key=True)
    workflow_id: int = Field(foreign_key="workflow.id")
