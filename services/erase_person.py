"""Erasing a person: who it was goes, what was done stays.

The journal holds a pseudonymous id and the salted hash of every free text, so its chains stay whole. What a unit did remains provable;
that this person did it does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from engine.access import Actor
from engine.definition import Text
from engine.errors import NotFound, Refused
from engine.facts import Fact
from engine.instants import Now
from engine.vietnamese import fold
from models import erasing as sql
from models import streams
from models.database import Database
from models.handlers import let_go
from services.journaling import entry
from services.working_days import OFFICE


@dataclass(frozen=True, slots=True)
class Erasure:
    """What goes or went: ``texts`` written into the journal, ``messages`` that name the person. ``done``: it has been carried out."""

    account_id: int
    name: str
    texts: int
    messages: int
    done: bool = False


def erase_person(db: Database, login: str, *, actor: Actor, now: Now, keep_texts: bool = False, confirmed: bool = False) -> Erasure:
    """Take the person behind ``login`` out of the database; without ``confirmed`` only say what would go.

    Name, sign-in name, address, title, password, memberships, preferences, sessions and feed go, and the free texts that they wrote
    unless ``keep_texts``. The id stays. Raises `NotFound`, and `Refused` for the last administrator.
    """
    with db.write() as connection:
        row = sql.person(connection, login)
        if row is None:
            raise NotFound(login)
        if sql.administrators(connection) == [row["id"]]:
            raise Refused(
                Text("Đây là quản trị viên cuối cùng.", "This is the last administrator."),
                code="last-administrator",
                hint=Text("Tạo quản trị viên khác trước.", "Make another administrator first."),
            )
        texts = 0 if keep_texts else sql.texts_of(connection, row["id"])
        naming = sql.messages_naming(connection, row["id"], row["name"])
        found = Erasure(row["id"], row["name"], texts, len(naming), done=confirmed)
        if confirmed:
            _erase(connection, found, naming, keep_texts=keep_texts)
            let_go(connection)
            _journal(connection, found, actor, now)
    return found


def _erase(connection: Connection, found: Erasure, naming: Any, *, keep_texts: bool) -> None:
    label = f"Tài khoản {found.account_id} (đã xóa)"
    if not keep_texts:
        sql.forget_texts(connection, found.account_id)
    blank = {"login": f"erased-{found.account_id}", "name": label, "folded": fold(label), "title": "", "address": "", "password_hash": ""}
    sql.forget_account(connection, found.account_id, {**blank, "roles": [], "active": False})
    for row in naming:
        own = row.account_id == found.account_id
        data = {**row.data, **({"name": label} if own else {}), "items": [_without(item, found.name, label) for item in row.data["items"]]}
        sql.rewrite_message(connection, row.id, {"data": data, **({"address": ""} if own else {})})


def _without(item: dict[str, Any], name: str, label: str) -> dict[str, Any]:
    """An item of a message without the person's name, and without the words that they wrote."""
    kept = {**item, **{place: label for place in ("instead_of", "handler") if item.get(place) == name}}
    return {**kept, "by": label, "note": ""} if item.get("by") == name else kept


def _journal(connection: Connection, found: Erasure, actor: Actor, now: Now) -> None:
    seq, head = streams.lock(connection, OFFICE)
    fact = Fact("account.erased", {"account": found.account_id, "texts": found.texts})
    streams.append(connection, entry(OFFICE, seq + 1, head, actor=actor, action="erase-account", facts=(fact,), now=now))
