"""Amendments of published plans, and the version under which a workflow opened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from models.base import Utc

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("from_version_id", sa.Integer(), nullable=False),
        sa.Column("to_version_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("left", JSON, nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("business_at", Utc(), nullable=False),
        sa.Column("recorded_at", Utc(), nullable=False),
        sa.Column("finished_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_amendment_plan_id"),
        sa.ForeignKeyConstraint(["from_version_id"], ["plan_version.id"], name="fk_amendment_from_version_id"),
        sa.ForeignKeyConstraint(["to_version_id"], ["plan_version.id"], name="fk_amendment_to_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_amendment"),
        sa.UniqueConstraint("key", name="uq_amendment_key"),
    )
    op.create_index("ix_amendment_plan_id", "amendment", ["plan_id"])
    op.add_column("workflow", sa.Column("first_version_id", sa.Integer(), nullable=True))
