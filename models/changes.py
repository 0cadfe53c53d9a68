"""What happened to a step since somebody looked."""

from __future__ import annotations

from sqlalchemy import Connection, select

from models.tables import account, journal_entry


def since(connection: Connection, step_id: int, version: int) -> list[dict[str, object]]:
    """The latest entries of a step that brought it beyond ``version``, newest first: at, who, action."""
    query = (
        select(journal_entry.c.at, journal_entry.c.action, journal_entry.c.body, account.c.name)
        .outerjoin(account, account.c.id == journal_entry.c.account_id)
        .where(journal_entry.c.step_id == step_id)
        .order_by(journal_entry.c.at.desc(), journal_entry.c.seq.desc())
        .limit(10)
    )
    rows = connection.execute(query)
    return [
        {"at": row.at.isoformat(), "who": row.name or "", "action": row.action}
        for row in rows
        if row.body.get("after", {}).get("version", 0) > version
    ]
