"""An account's inbox: only its own entries, and of these only what it heard in the name of a unit to which it still belongs."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, select, true

from engine.access import Actor
from models.notices import UNREAD
from models.tables import account, inbox_entry, notice

ENTRY = tuple(inbox_entry.c[name].label(f"entry_{name}") for name in ("unit", "stands_in", "for_id", "step_ids", "read_at"))


def own(actor: Actor) -> ColumnElement[bool]:
    """The entries that ``actor`` may read. Who has left a unit does not go on reading what was said to it."""
    mine = inbox_entry.c.account_id == actor.account_id
    return mine if actor.reads_everything else and_(mine, inbox_entry.c.unit.in_(sorted(actor.units)))


def unread(connection: Connection, actor: Actor) -> int:
    """How many entries are unread."""
    return int(connection.execute(select(func.count()).select_from(inbox_entry).where(own(actor), UNREAD)).scalar_one())


def total(connection: Connection, actor: Actor) -> int:
    """How many entries there are."""
    return int(connection.execute(select(func.count()).select_from(inbox_entry).where(own(actor))).scalar_one())


def entries(connection: Connection, actor: Actor, *, unread_only: bool, offset: int, limit: int) -> list[RowMapping]:
    """Whole notices with the columns of the entry (``entry_…``) and whom it is heard for (``entry_for``), newest first."""
    query = select(notice, *ENTRY, account.c.name.label("entry_for")).join(inbox_entry, inbox_entry.c.notice_id == notice.c.id)
    query = query.outerjoin(account, account.c.id == inbox_entry.c.for_id).where(own(actor))
    query = query.where(UNREAD if unread_only else true()).order_by(inbox_entry.c.notice_id.desc())
    return list(connection.execute(query.offset(offset).limit(limit)).mappings())
