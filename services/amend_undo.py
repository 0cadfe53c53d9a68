"""Taking an amendment back: one more amendment, to what the version before it said."""

from __future__ import annotations

from engine.access import Actor
from engine.amending.merge import without_withdrawn
from engine.calendar import WorkCalendar
from engine.definition import PlanDefinition
from engine.errors import NotFound
from engine.instants import Now
from models import amending as sql
from models.database import Database
from services.amend import apply, propose
from services.amend_preview import Preview
from services.amend_undoable import still_undoable
from services.definitions import plan_of


def last_amendment(db: Database, plan_id: int) -> int:
    """The plan's last amendment. Raises NotFound where it was never amended."""
    with db.read() as connection:
        row = sql.latest(connection, plan_id)
    if row is None:
        raise NotFound()
    return int(row["id"])


def propose_undo(db: Database, amendment_id: int, *, now: Now, calendar: WorkCalendar) -> Preview:
    """What taking ``amendment_id`` back would do. Raises Refused with why it cannot be, NotFound."""
    plan_id, former = _former(db, amendment_id)
    with db.read() as connection:
        still_undoable(connection, plan_id, amendment_id)
    return propose(db, plan_id, former, now=now, calendar=calendar, undoes=amendment_id)


def undo(
    db: Database, amendment_id: int, *, document: str, actor: Actor, key: str, now: Now, calendar: WorkCalendar,
    leave_refused: bool = False, seen: str | None = None,
) -> int:  # fmt: skip
    """Take ``amendment_id`` back by ``document``; the number of the amendment that does.

    ``leave_refused``: workflows with a refusal stay as they are, such as those that an earlier amendment left behind. Raises as
    `services.amend.apply` does.
    """
    plan_id, former = _former(db, amendment_id)
    return apply(
        db, plan_id, former, document=document, actor=actor, key=key, now=now, calendar=calendar, leave_refused=leave_refused, seen=seen,
        undoes=amendment_id,
    )  # fmt: skip


def _former(db: Database, amendment_id: int) -> tuple[int, PlanDefinition]:
    with db.read() as connection:
        row = sql.by_id(connection, amendment_id)
        if row is None:
            raise NotFound()
        return row["plan_id"], without_withdrawn(plan_of(connection, row["from_version_id"]))
