"""Files can be destroyed by two persons; a step says that what it stands on was entered from paper."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("step", sa.Column("recorded", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.execute(
        "UPDATE step SET recorded = true WHERE EXISTS "
        "(SELECT 1 FROM round WHERE round.step_id = step.id AND round.number = step.round AND round.recorded)"
    )
    op.add_column("attachment", sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "purge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("represented_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name="fk_purge_step_id"),
        sa.PrimaryKeyConstraint("id", name="pk_purge"),
    )
    op.create_index("ix_purge_sha256", "purge", ["sha256"])
    op.create_index("ix_purge_step_id", "purge", ["step_id"])
