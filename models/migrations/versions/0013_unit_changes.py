"""Changes of units with their successors; a version of a plan knows which of them it accounts for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unit_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_unit_change"),
        sa.UniqueConstraint("key", name="uq_unit_change_key"),
        sa.UniqueConstraint("number", name="uq_unit_change_number"),
    )
    op.create_table(
        "unit_succession",
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("successor", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name="fk_unit_succession_unit"),
        sa.ForeignKeyConstraint(["successor"], ["unit.code"], name="fk_unit_succession_successor"),
        sa.ForeignKeyConstraint(["change_id"], ["unit_change.id"], name="fk_unit_succession_change_id"),
        sa.PrimaryKeyConstraint("unit", "successor", name="pk_unit_succession"),
    )
    op.create_index("ix_unit_succession_successor", "unit_succession", ["successor"], unique=False)
    op.add_column("plan_version", sa.Column("succession", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("plan_version", sa.Column("based_on", sa.Integer(), nullable=True))
    op.create_index("ix_plan_version_based_on", "plan_version", ["based_on"], unique=True)
