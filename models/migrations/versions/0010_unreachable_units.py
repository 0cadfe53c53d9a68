"""Units that hold work and in which nobody can be reached by mail, while it lasts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unreachable_unit",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_unreachable_unit_plan_id"),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name="fk_unreachable_unit_unit"),
        sa.PrimaryKeyConstraint("plan_id", "unit", name="pk_unreachable_unit"),
    )
