"""What somebody uploaded or edited, kept for a day until they agree to its preview: nobody else can see or take it."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from engine.access import Actor
from engine.definition import PlanDefinition, Text
from engine.errors import NotFound
from engine.instants import Now
from engine.journal import plain
from models import prior as sql
from models.database import Database
from plans.codec import from_json, to_json
from services.prior_sheet import Result

KEPT = timedelta(days=1)  # system time
GONE = Text(
    "Bản xem trước chỉ giữ một ngày, cho người đã gửi: hãy gửi lại để xem trước.",
    "A preview is kept for a day, for whoever sent it: please send it again to see one.",
)
PUBLISH, AMEND, PRIOR = "publish", "amend", "prior"


def keep_definition(db: Database, definition: PlanDefinition, kind: str, *, actor: Actor, now: Now, plan_id: int | None = None) -> str:
    """Keep ``definition``; the token by which ``actor`` gets it back."""
    return _keep(db, kind, {"definition": to_json(definition)}, actor, now, plan_id)


def kept_definition(db: Database, token: str, kind: str, *, actor: Actor, plan_id: int | None = None) -> PlanDefinition:
    """What ``actor`` kept under ``token``. Raises NotFound."""
    return from_json(_kept(db, token, kind, actor, plan_id)["definition"])


def keep_results(db: Database, results: tuple[Result, ...], *, actor: Actor, now: Now, plan_id: int) -> str:
    """Keep checked rows of prior steps."""
    return _keep(db, PRIOR, {"results": [plain(asdict(r)) for r in results]}, actor, now, plan_id)


def kept_results(db: Database, token: str, *, actor: Actor, plan_id: int) -> list[Result]:
    """The rows that ``actor`` kept under ``token``. Raises NotFound."""
    rows = _kept(db, token, PRIOR, actor, plan_id)["results"]
    return [Result(r["step_id"], r["done"], r["number"], date.fromisoformat(r["dated_on"]) if r["dated_on"] else None) for r in rows]


def _keep(db: Database, kind: str, body: dict[str, Any], actor: Actor, now: Now, plan_id: int | None) -> str:
    token = secrets.token_urlsafe(16)
    values = {
        "token": token, "account_id": actor.account_id, "kind": kind, "plan_id": plan_id, "body": body, "until": now.system + KEPT,
    }  # fmt: skip
    with db.write() as connection:
        sql.keep(connection, values, now.system)
    return token


def _kept(db: Database, token: str, kind: str, actor: Actor, plan_id: int | None) -> Any:
    with db.read() as connection:
        row = sql.kept(connection, token, actor.account_id, kind)
    if row is None or row["plan_id"] != plan_id:
        raise NotFound(GONE)
    return row["body"]
