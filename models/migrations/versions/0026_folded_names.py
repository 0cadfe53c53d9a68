"""Names of people and of files stand beside themselves as people search them: without case and accents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.vietnamese import fold

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLES = ("account", "attachment")
AT_ONCE = 1000


def upgrade() -> None:
    for name in TABLES:
        op.add_column(name, sa.Column("folded", sa.String(), nullable=False, server_default=""))
        _fill(sa.table(name, sa.column("id"), sa.column("name"), sa.column("folded")))


def _fill(table: sa.TableClause) -> None:
    connection, last = op.get_bind(), 0
    one = sa.update(table).where(table.c.id == sa.bindparam("row")).values(folded=sa.bindparam("text"))
    some = sa.select(table.c.id, table.c.name).where(table.c.id > sa.bindparam("last")).order_by(table.c.id).limit(AT_ONCE)
    while rows := connection.execute(some, {"last": last}).all():
        connection.execute(one, [{"row": row.id, "text": fold(row.name)} for row in rows])
        last = rows[-1].id
