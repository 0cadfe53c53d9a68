"""Destroying a file that should never have been handed in: one person proposes it with a reason, another one confirms.

Bytes and name go, from every step that holds the file; hash, size and the fact stay, and the journal's chains with them. The bytes go
after the transaction: a crash in between leaves them to `finish`, which `dondoc doctor` asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from engine.access import Actor
from engine.decide import relations_to
from engine.definition import Text
from engine.errors import Invalid, NotFound, Refused
from engine.facts import Fact
from engine.instants import Now
from engine.step_state import from_row
from engine.transitions import Relation
from models import action_path, purging
from models.database import Database
from models.reading import step as reading
from services.attachments import sync_folder
from services.definitions import workflow_of
from services.journaling import entry, stream_of

PROPOSERS = frozenset({Relation.LEAD, Relation.COORDINATING, Relation.AGENCY})
DECIDERS = frozenset({"agency", "administrator"})


@dataclass(frozen=True, slots=True)
class Holding:
    """A step that holds the file."""

    attachment_id: int
    step_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """``reason`` is what the proposer wrote; ``held``: the steps from which the file goes. ``state``: proposed | done | refused."""

    id: int
    sha256: str
    state: str
    who: str
    account_id: int
    represented_id: int | None
    at: datetime
    reason: str
    held: tuple[Holding, ...]

    def may_decide(self, actor: Actor) -> bool:
        """Whether ``actor`` is another person than the one who proposed it, or who was represented in that."""
        return not actor.persons & {self.account_id, self.represented_id} and bool(actor.roles & DECIDERS)


def holdings(db: Database, viewer: Actor, attachment_id: int) -> tuple[str, tuple[Holding, ...]]:
    """(name, every step that holds the file). Raises NotFound for who does not read its step in full, and once it is gone."""
    with db.read() as connection:
        row = reading.file(connection, viewer, attachment_id)
        if row is None or row.purged_at is not None:
            raise NotFound()
        return row.name, _held(connection, row.sha256)


def propose(db: Database, actor: Actor, attachment_id: int, reason: str, *, now: Now) -> int:
    """Propose to destroy a file; the proposal's number. Raises NotFound, Invalid without a reason, Refused."""
    with db.write() as connection:
        row = reading.file(connection, actor, attachment_id)
        if row is None or row.purged_at is not None:
            raise NotFound()
        workflow = action_path.lock_by_step(connection, row.step_id)
        assert workflow is not None  # every file belongs to a step
        step = from_row(action_path.read_step(connection, row.step_id, account_id=actor.account_id, key=None))
        if not relations_to(step, workflow_of(connection, workflow), actor) & PROPOSERS:
            text = Text(
                "Chỉ đơn vị của bước và cơ quan thường trực đề nghị.", "Only units of the step and the standing agency may propose it."
            )
            raise Refused(text, code="relation")
        if not reason.strip():
            raise Invalid(Text("Chưa ghi lý do.", "Give the reason."), code="missing", field="reason")
        if purging.is_proposed(connection, row.sha256):
            raise Refused(Text("Đã có đề nghị xóa tệp này.", "It has been proposed already."), code="proposed")
        fact = Fact("file.purge-proposed", {"sha256": row.sha256, "size": row.size})
        seq = _journal(connection, workflow, row.step_id, actor, "propose-purge", fact, now, reason.strip())
        values = {"sha256": row.sha256, "step_id": row.step_id, "state": "proposed", "account_id": actor.account_id}
        values |= {"represented_id": actor.represented_id, "at": now.business, "stream": stream_of(workflow["id"]), "seq": seq}
        return purging.add(connection, values)


def proposals(db: Database) -> tuple[Proposal, ...]:
    """Every proposal, the latest first."""
    with db.read() as connection:
        return tuple(
            Proposal(
                row.id,
                row.sha256,
                row.state,
                row.who or "",
                row.account_id,
                row.represented_id,
                row.at,
                row.reason or "",
                _held(connection, row.sha256) if row.state == "proposed" else (),
            )
            for row in purging.proposals(connection)
        )


def decide(db: Database, folder: Path, actor: Actor, purge_id: int, *, confirm: bool, seen: tuple[int, ...], now: Now) -> None:
    """Confirm or refuse a proposal. ``seen``: the attachments that the person was shown; if there are others by now, nothing happens.

    Raises NotFound, or Refused: for whoever proposed it, for who may not decide, once it is decided, and where the list has changed.
    """
    with db.write() as connection:
        row = purging.one(connection, purge_id)
        if row is None:
            raise NotFound()
        _may(actor, row)
        held = purging.held(connection, row.sha256)
        if confirm and tuple(h.id for h in held) != seen:
            raise Refused(Text("Danh sách nơi có tệp vừa đổi; xem lại.", "The list of places has changed; look again."), code="changed")
        purging.settle(connection, row.id, "done" if confirm else "refused", actor.account_id, now.business)
        places = {h.step_id: (h.workflow_id, h.size) for h in held} if confirm else {}
        if not confirm:
            lock = action_path.lock_by_step(connection, row.step_id)
            assert lock is not None
            _journal(connection, lock, row.step_id, actor, "refuse-purge", Fact("file.purge-refused", {"sha256": row.sha256}), now)
        for step_id in sorted(places, key=lambda id_: (places[id_][0], id_)):  # workflows are locked in the order of their ids
            lock = action_path.lock(connection, places[step_id][0])
            assert lock is not None
            fact = Fact("file.purged", {"sha256": row.sha256, "size": places[step_id][1]})
            _journal(connection, lock, step_id, actor, "purge-file", fact, now)
        if confirm:
            _forget(connection, row.sha256, set(places), now)
    if confirm:
        finish(db, folder)


def finish(db: Database, folder: Path) -> tuple[str, ...]:
    """Destroy the bytes of purged files that are still on the disk; their hashes. Safe to run twice."""
    with db.write() as connection:  # nothing attaches the same bytes anew while they go
        gone = sorted(digest for digest in purging.destroyed(connection) if _path(folder, digest).exists())
        for digest in gone:
            _path(folder, digest).unlink()
            sync_folder(_path(folder, digest).parent)
    return tuple(gone)


def without_name(value: Any, digest: str) -> Any:
    """A round's body in which the file ``digest`` has no name."""
    if isinstance(value, dict):
        blank = {"name": ""} if value.get("sha256") == digest else {}
        return {key: without_name(inner, digest) for key, inner in value.items()} | blank
    return [without_name(inner, digest) for inner in value] if isinstance(value, list) else value


def _forget(connection: Connection, digest: str, step_ids: set[int], now: Now) -> None:
    purging.forget(connection, digest, now.business)
    for row in purging.bodies(connection, step_ids):
        body = without_name(row.body, digest)
        if body != row.body:
            purging.rewrite_round(connection, row.step_id, row.number, body)
    for step_id, draft in purging.drafts(connection, step_ids).items():
        left = {code: _without_file(document, digest) for code, document in draft.get("evidence", {}).items()}
        if left != draft.get("evidence", {}):
            purging.rewrite_draft(connection, step_id, {**draft, "evidence": left})


def _without_file(document: dict[str, Any], digest: str) -> dict[str, Any]:
    return {**document, "files": [file for file in document["files"] if file["sha256"] != digest]} if "files" in document else document


def _may(actor: Actor, row: Any) -> None:
    if row.state != "proposed":
        raise Refused(Text("Đề nghị này đã được quyết định.", "This proposal has been decided already."), code="decided")
    if not actor.roles & DECIDERS:
        text = Text("Chỉ cơ quan thường trực và quản trị viên quyết định.", "Only the standing agency and administrators decide.")
        raise Refused(text, code="relation")
    if actor.persons & {row.account_id, row.represented_id}:
        raise Refused(
            Text("Người đề nghị không được tự xác nhận.", "Whoever proposed it may not confirm it."),
            code="separation",
            hint=Text("Cần một người khác.", "Somebody else must."),
        )


def _held(connection: Connection, digest: str) -> tuple[Holding, ...]:
    return tuple(Holding(row.id, row.step_id, row.name) for row in purging.held(connection, digest))


def _journal(connection: Connection, workflow: Any, step_id: int, actor: Actor, action: str, fact: Fact, now: Now, text: str = "") -> int:
    """One entry in the workflow's stream; its number."""
    seq = int(workflow["seq"]) + 1
    stream = stream_of(workflow["id"])
    made = entry(stream, seq, workflow["head"], actor=actor, action=action, facts=(fact,), now=now, step_id=step_id, text=text)
    action_path.add_entry(connection, made)
    action_path.close_transaction(connection, workflow["id"], {"seq": seq, "head": made["hash"]}, wakes=False)
    return seq


def _path(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / digest
