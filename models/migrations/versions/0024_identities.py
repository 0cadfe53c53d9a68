"""Who an account's person is to the office's identity provider."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.base import Utc

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "identity",
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_identity_account_id"),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_identity"),
        sa.UniqueConstraint("account_id", "issuer", name="uq_identity_account_id_issuer"),
    )
