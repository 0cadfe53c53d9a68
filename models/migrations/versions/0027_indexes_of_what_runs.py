"""The indexes of unfinished steps leave out what a closed cycle left behind, as every list that they serve does: counting what is
overdue then reads the index alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

RUNS = sa.text("status NOT IN ('done', 'cancelled', 'not-applicable', 'prior') AND closed_on IS NULL")
INDEXES = (
    ("ix_step_lead_due", ["lead", "due_at"]),
    ("ix_step_due", ["due_at"]),
    ("ix_step_approval_due", ["approval_due_at"]),
    ("ix_step_rung", ["next_rung_at"]),
)


def upgrade() -> None:
    for name, columns in INDEXES:
        op.drop_index(name, "step")
        op.create_index(name, "step", columns, postgresql_where=RUNS, sqlite_where=RUNS)
