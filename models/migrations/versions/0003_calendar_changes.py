"""The office's calendar: where a day comes from, the changes that were made, and what a suspension added to a date."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
INSTANT = sa.DateTime(timezone=True)

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("days", JSON, nullable=False),
        sa.Column("business_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_change"),
        sa.UniqueConstraint("key", name="uq_calendar_change_key"),
    )
    # Days that are there already came with a published plan: nobody else could record one.
    op.add_column("calendar_day", sa.Column("source", sa.String(), nullable=False, server_default="plan"))
    op.add_column("calendar_day", sa.Column("name_vi", sa.String(), nullable=False, server_default=""))
    op.add_column("calendar_day", sa.Column("name_en", sa.String(), nullable=False, server_default=""))
    op.add_column("calendar_day", sa.Column("change_id", sa.Integer(), nullable=True))
    op.add_column("deadline", sa.Column("working_days", sa.Integer(), nullable=True))
