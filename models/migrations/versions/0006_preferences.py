"""What a person chooses about mail; what is put off until the day's gathered mail is found by an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "preference",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("mail", JSON, nullable=False),
        sa.Column("open_from", sa.Integer(), nullable=True),
        sa.Column("open_to", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_preference_account_id"),
        sa.PrimaryKeyConstraint("account_id", name="pk_preference"),
    )
    op.create_index(
        "ix_message_notice_deferred",
        "message_notice",
        ["notice_id"],
        unique=False,
        postgresql_where=sa.text("state = 'deferred'"),
        sqlite_where=sa.text("state = 'deferred'"),
    )
