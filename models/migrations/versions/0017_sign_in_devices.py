"""A session knows its browser in words, and whether it lasts long on a trusted phone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sign_in", sa.Column("device", sa.String(), nullable=False, server_default=""))
    op.add_column("sign_in", sa.Column("trusted", sa.Boolean(), nullable=False, server_default=sa.false()))
