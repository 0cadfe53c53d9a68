"""The journal is append-only: triggers refuse changes and deletions."""

from __future__ import annotations

from alembic import op

from models.schema import guard_journal

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    guard_journal(op.get_bind())
