"""Cycles that were closed: the workflow bears the instant, each of its steps that moves no more the day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.base import Utc

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workflow", sa.Column("closed_at", Utc(), nullable=True))
    op.add_column("step", sa.Column("closed_on", sa.Date(), nullable=True))
