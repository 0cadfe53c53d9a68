"""The inbox: what each account was told, whether by mail or not, and what it has read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
INSTANT = sa.DateTime(timezone=True)
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What is there already was told by mail: an inbox begins empty rather than with years of news.
    op.add_column("notice", sa.Column("posted", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_table(
        "inbox_entry",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("notice_id", BIG_ID, nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("stands_in", sa.Boolean(), nullable=False),
        sa.Column("step_ids", JSON, nullable=False),
        sa.Column("about", sa.String(), nullable=True),
        sa.Column("posted_at", INSTANT, nullable=False),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_inbox_entry_account_id"),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_inbox_entry_notice_id"),
        sa.PrimaryKeyConstraint("account_id", "notice_id", name="pk_inbox_entry"),
    )
    op.create_index(
        "ix_inbox_entry_unread",
        "inbox_entry",
        ["account_id"],
        unique=False,
        postgresql_where=sa.text("read_at IS NULL"),
        sqlite_where=sa.text("read_at IS NULL"),
    )
