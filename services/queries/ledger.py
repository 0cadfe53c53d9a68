"""The deadline ledger of one step: its dates with who, why and by which document, how late it is by both, and whose days those are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.access import Actor
from engine.attribution import Share, shares
from engine.errors import NotFound
from engine.instants import Now
from models.database import Database
from models.reading import step as reading
from services.attribution import Attribution
from services.definitions import workflow_of
from services.queries.rule_words import rule_words
from services.queries.step_parts import LedgerLine, ledger


@dataclass(frozen=True, slots=True)
class Request:
    """A request for more time that waits for its answer. ``late``: it was filed after the due date."""

    until: date
    asked_on: date
    late: bool


@dataclass(frozen=True, slots=True)
class StepLedger:
    """``shares`` give out the calendar days past the date that holds, ``shares_original`` those past the first one; ``late`` and
    ``late_original`` are their sums. ``previous_due_on``: the date before the present one.
    """

    original_due_on: date | None
    previous_due_on: date | None
    due_on: date | None
    extensions: int
    request: Request | None
    lines: tuple[LedgerLine, ...]
    late: int
    late_original: int
    shares: tuple[Share, ...]
    shares_original: tuple[Share, ...]


def step_ledger(db: Database, viewer: Actor, step_id: int, now: Now) -> StepLedger:
    """The ledger of ``step_id``. Raises `NotFound` where it does not exist for ``viewer``, or may not be read in full."""
    with db.snapshot() as connection:
        row = reading.page(connection, viewer, step_id)
        if row is None or not row["full"]:
            raise NotFound()
        workflow = workflow_of(connection, {"version_id": row["version_id"], "key_task": row["key_task"], "code": row["workflow_code"]})
        lines = ledger(reading.ledger(connection, viewer, step_id), row["due_version"], rule_words(workflow.steps[row["code"]].due))
        found = Attribution(connection, row["workflow_id"], workflow, now).of(step_id)
    pending = row["extension"]
    request = Request(date.fromisoformat(pending["until"]), date.fromisoformat(pending["asked_on"]), pending["late"]) if pending else None
    return StepLedger(
        row["original_due_on"], row["previous_due_on"], row["due_on"], row["extensions"], request, lines, len(found.current),
        len(found.original), shares(found.current), shares(found.original),
    )  # fmt: skip
