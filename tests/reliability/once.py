"""What must hold after many did the same thing at once: each thing is in the journal once, and nothing is half done."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select

from models.database import Database
from models.tables import journal_entry, step
from services.invariants import violations
from services.verify_journal import verify
from tests.factories import CALENDAR, at
from tests.reliability.office import DAY


def faults(db: Database, rushes: int) -> list[str]:
    """Everything that does not hold after so many ``rushes`` of submitting, approving and commenting in turn."""
    with db.read() as connection:
        entry = journal_entry.c
        of_steps = select(entry.step_id, entry.action, func.count()).where(entry.step_id.is_not(None))
        acts = connection.execute(of_steps.group_by(entry.step_id, entry.action))
        counted = {(step_id, action): int(n) for step_id, action, n in acts}
        rounds = connection.execute(select(step.c.id, step.c.round).where(step.c.round > 1)).all()
    found = [f"step {step_id}: {action} is journaled {n} times" for (step_id, action), n in counted.items() if n != 1]
    found += [f"step {row.id} has {row.round} rounds" for row in rounds]
    done = Counter(action for _, action in counted)
    for place, action in enumerate(("submit", "approve", "comment")):
        wanted = (rushes + 2 - place) // 3
        found += [f"{done[action]} times {action} in the journal, {wanted} rushes"] if done[action] != wanted else []
    found += [str(broken) for broken in violations(db, now=at(DAY), calendar=CALENDAR)]
    return found + [f"{stream}: {fault}" for stream, fault in verify(db).faults]
