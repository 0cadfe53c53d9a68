"""A step knows which person of its lead unit handles it, and since when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.base import Utc

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

NAMED = sa.text("handler IS NOT NULL")


def upgrade() -> None:
    op.add_column("step", sa.Column("handler", sa.Integer(), nullable=True))
    op.add_column("step", sa.Column("handled_since", Utc(), nullable=True))
    op.create_index("ix_step_handler", "step", ["handler"], postgresql_where=NAMED, sqlite_where=NAMED)
