"""What a correction finds besides the step, read under the workflow's lock: the old value is what is stored, whoever says otherwise."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from engine.corrected import corrected, of_round
from engine.step_state import StepState
from models import correcting as sql


def what_stands(connection: Connection, step: StepState, name: Any) -> dict[str, Any]:
    """``body``: the last round with its corrections, for a field of it.

    Of an extension: ``ledger``, the kind of the last entry; ``before``, the date that it extended; ``previous``, the one before that.
    """
    if name == "extension":
        return _extended(sql.ledger(connection, step.id))
    if str(name).partition(".")[0] not in ("evidence", "figures"):
        return {}
    return {"body": corrected(sql.round_body(connection, step.id, step.round), of_round(sql.corrections(connection, step.id), step.round))}


def _extended(ledger: list[tuple[str, Any]]) -> dict[str, Any]:
    place = next((n for n in reversed(range(len(ledger))) if ledger[n][0] == "extension"), 0)
    days = [day for _, day in ledger[:place]]
    return {"ledger": ledger[-1][0] if ledger else None, **dict(zip(("before", "previous"), reversed(days), strict=False))}
