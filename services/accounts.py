"""Accounts: making one, and the `Actor` that an account is to the rules."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from engine.access import Actor, Membership
from engine.definition import Text
from engine.errors import InvalidFields, NotFound
from models import people
from models.database import Database
from models.reading import accounts as reading
from notifications.channels.envelope import ADDRESS
from services.passwords import new_hash

LONGEST = 200  # characters of a name or an address


@dataclass(frozen=True, slots=True)
class Person:
    """An account as pages and mails need it: who it is to the rules, and how to speak to them."""

    actor: Actor
    login: str
    title: str
    address: str
    language: str


def create_account(
    db: Database,
    *,
    login: str,
    name: str,
    title: str = "",
    address: str = "",
    memberships: Sequence[Membership] = (),
    roles: Sequence[str] = (),
    language: str = "vi",
    password: str = "",
) -> int:
    """Make an account and return its id. Without a password it cannot sign in by one (the demonstration signs in with a click).

    Raises `InvalidFields` with everything that is wrong with ``login``, ``name`` and ``address``, or with ``password``.
    """
    person = checked(login=login, name=name, title=title, address=address)
    hashed = new_hash(password, login=person["login"], name=person["name"]) if password else ""
    with db.write() as connection:
        return add_account(connection, person, memberships, roles=roles, language=language, password_hash=hashed)


def add_account(
    connection: Connection,
    person: dict[str, str],
    memberships: Sequence[Membership],
    *,
    roles: Sequence[str] = (),
    language: str = "vi",
    password_hash: str = "",
) -> int:
    """Keep the account of ``person`` (as `checked` gives it) and return its id. Raises `InvalidFields` for a sign-in name that is taken."""
    if people.login_taken(connection, person["login"]):
        raise InvalidFields({"login": Text("Tên đăng nhập này đã có.", "This sign-in name is taken.")})
    values = {**person, "language": language, "roles": sorted(roles), "password_hash": password_hash, "active": True}
    return people.add(connection, values, [(m.unit, m.role) for m in memberships])


def checked(**person: str) -> dict[str, str]:
    """``login``, ``name``, ``title`` and ``address`` as they are kept. Raises `InvalidFields` with everything that is wrong with them."""
    person = {field: unicodedata.normalize("NFC", value.strip(" ")) for field, value in person.items()}
    _refuse(person["login"], person["name"], person["title"], person["address"])
    return person


def _refuse(login: str, name: str, title: str, address: str) -> None:
    """Raise `InvalidFields` for what could smuggle a header or a recipient into a mail, and for what is empty or none."""
    problems: dict[str, Text] = {}
    for field, value in (("login", login), ("name", name), ("title", title), ("address", address)):
        if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in value):
            problems[field] = Text("Có ký tự điều khiển.", "It holds control characters.")
        elif len(value) > LONGEST:
            problems[field] = Text(f"Dài quá {LONGEST} ký tự.", f"Longer than {LONGEST} characters.")
    if not login or any(letter.isspace() for letter in login):
        problems.setdefault("login", Text("Ghi tên đăng nhập, không có dấu cách.", "Give a sign-in name without spaces."))
    if not name:
        problems.setdefault("name", Text("Ghi họ tên.", "Give the name."))
    if address and not ADDRESS.fullmatch(address):
        problems.setdefault("address", Text("Không phải địa chỉ thư.", "Not a mail address."))
    if problems:
        raise InvalidFields(problems)


def actor_of(db: Database, account_id: int) -> Actor:
    """Who the active account ``account_id`` is to the rules. Raises `NotFound`."""
    return person_of(db, account_id).actor


def person_of(db: Database, account_id: int) -> Person:
    """The active account ``account_id``. Raises `NotFound`."""
    with db.read() as connection:
        rows = reading.by_id(connection, account_id)
    if not rows:
        raise NotFound()
    return gather(rows)[0]


def id_of(db: Database, login: str) -> int:
    """The number of the active account with the sign-in name ``login``. Raises `NotFound`."""
    with db.read() as connection:
        found = reading.id_of(connection, login)
    if found is None:
        raise NotFound(login)
    return found


def everyone(db: Database, today: date | None = None) -> list[Person]:
    """Every active account, in the order in which they were made; of ``today`` if given, without those who have left by then."""
    with db.read() as connection:
        return gather(reading.everyone(connection, today))


def gather(rows: reading.Rows) -> list[Person]:
    """`Person` values from rows that repeat an account once per membership."""
    grouped: dict[int, list[Row[Any]]] = {}
    for row in rows:
        grouped.setdefault(row.id, []).append(row)
    return [_person(own) for own in grouped.values()]


def _person(rows: Sequence[Row[Any]]) -> Person:
    first = rows[0]
    memberships = tuple(Membership(row.unit, row.role) for row in rows if row.unit is not None)
    actor = Actor(first.id, first.name, memberships, frozenset(first.roles))
    return Person(actor, first.login, first.title, first.address, first.language)
