"""Deputies: who stands in for whom; the session and the inbox remember for whom somebody acts or hears."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

INSTANT = sa.DateTime(timezone=True)

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deputy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_deputy_account_id"),
        sa.ForeignKeyConstraint(["deputy_id"], ["account.id"], name="fk_deputy_deputy_id"),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name="fk_deputy_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_deputy"),
    )
    op.create_index("ix_deputy_account_id", "deputy", ["account_id"], unique=False)
    op.create_index("ix_deputy_deputy_id", "deputy", ["deputy_id"], unique=False)
    op.add_column("sign_in", sa.Column("deputy_id", sa.Integer(), nullable=True))
    op.add_column("inbox_entry", sa.Column("for_id", sa.Integer(), nullable=True))
