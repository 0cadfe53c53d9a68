"""New accounts without a password: their person is invited by mail, or gets a one-time code on paper where no mail is sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine.access import Actor, Membership
from engine.definition import Text
from engine.errors import InvalidFields, NotFound, Refused
from engine.facts import Fact
from engine.instants import Now
from engine.people import OFFICE_ROLES, ROLES, managed_units, manages_everyone, refusal
from models import people
from models.database import Database
from models.unit_rows import names_on
from notifications.audience import Person
from notifications.render import Site
from services.accounts import add_account, checked
from services.office_journal import lock, note
from services.password_links import CODE, INVITATION, LASTS, give, mail_link, new_code


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom a link was given to, and until when it opens (None: none yet). ``code``: for paper, shown this once; "" where mail goes out."""

    account_id: int
    login: str
    name: str
    code: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Added:
    """A new account: its sign-in name, and whom to write to."""

    login: str
    reader: Person


def invite(db: Database, actor: Actor, form: Mapping[str, Any], *, now: Now, site: Site | None) -> Invited:
    """Make an account and invite its person. ``site`` (with the office's key) is None where no mail is sent.

    ``form``: ``login``, ``name``, ``title``, ``address``, ``unit`` and ``role`` there, ``roles`` for the whole office. Raises `Refused` and
    `InvalidFields` naming every wrong field; nothing is saved then.
    """
    must_manage(actor)
    with db.write() as connection:
        return hand_out_first(connection, actor, add(connection, actor, form, now=now), now=now, site=site)


def must_manage(actor: Actor) -> None:
    """Raise `Refused` unless ``actor`` may make accounts."""
    if not manages_everyone(actor):
        raise Refused(Text("Chỉ quản trị hệ thống tạo tài khoản.", "Only an administrator makes accounts."), code="administrators-only")


def add(connection: Connection, actor: Actor, form: Mapping[str, Any], *, now: Now, units: Collection[str] | None = None) -> Added:
    """Keep the account that ``form`` (as `invite` takes it) describes, with its journal entry. Raises `InvalidFields`.

    ``units``: those that there are today, where the caller has read them already.
    """
    lock(connection)
    known = {row.code for row in names_on(connection, now.today)} if units is None else units
    person, places, roles = _read(form, known)
    account_id = add_account(connection, person, places, roles=roles)
    note(connection, actor, "create-account", (Fact("account.created", {"account": account_id}),), now)
    return Added(person["login"], Person(account_id, person["name"], person["address"], "vi"))


def hand_out_first(connection: Connection, actor: Actor, added: Added, *, now: Now, site: Site | None) -> Invited:
    """The first link of a new account: by mail, or as a code for paper."""
    return _hand_out(connection, actor, added.reader, added.login, INVITATION, now=now, site=site)


def invite_again(db: Database, actor: Actor, account_id: int, *, now: Now, site: Site | None) -> Invited:
    """Invite once more whoever has not set a password yet; the link before is dead. Raises `NotFound`, `Refused`."""
    with db.write() as connection:
        lock(connection)
        person = _for(connection, actor, account_id)
        if person.password_hash:
            raise Refused(
                Text("Người này đã có mật khẩu.", "They have a password already."),
                code="has-password",
                hint=Text("Nếu họ quên, hãy đưa một mã dùng một lần.", "If they forgot it, give them a one-time code."),
            )
        reader = Person(person.id, person.name, person.address, person.language)
        return _hand_out(connection, actor, reader, person.login, INVITATION, now=now, site=site)


def give_code(db: Database, actor: Actor, account_id: int, *, now: Now) -> Invited:
    """A one-time code by which the account's person sets a password, for a day. Heads and administrators of units give one to
    the officers there.

    Raises `NotFound`, `Refused`.
    """
    with db.write() as connection:
        lock(connection)
        person = _for(connection, actor, account_id)
        reader = Person(person.id, person.name, "", person.language)
        return _hand_out(connection, actor, reader, person.login, CODE, now=now, site=None)


def for_whom(db: Database, actor: Actor, account_id: int) -> Invited:
    """Whom `give_code` would give one, before it does: without a code. Raises what it raises."""
    with db.read() as connection:
        person = _for(connection, actor, account_id)
    return Invited(person.id, person.login, person.name, "", None)


def _hand_out(connection: Connection, actor: Actor, reader: Person, login: str, kind: str, *, now: Now, site: Site | None) -> Invited:
    """Give a link by mail, or a code where there is no mail or no address; the journal says which, never what."""
    if site is not None and reader.address:
        by = "" if actor.system else actor.name
        until = mail_link(connection, reader, login, kind, made_by=actor.account_id, by=by, now=now, site=site)
        note(connection, actor, "invite", (Fact("account.invited", {"account": reader.id}),), now)
        return Invited(reader.id, login, reader.name, "", until)
    code = new_code()
    until = give(connection, reader.id, CODE, code, made_by=actor.account_id, now=now, lasts=LASTS[kind])
    note(connection, actor, "give-code", (Fact("account.code-given", {"account": reader.id}),), now)
    return Invited(reader.id, login, reader.name, code, until)


def _for(connection: Connection, actor: Actor, account_id: int) -> Any:
    """The active account, if ``actor`` may let its person in."""
    person = people.with_password(connection, account_id)
    places = [Membership(row.unit, row.role) for row in people.memberships(connection, account_id)]
    if person is None:
        raise NotFound()
    against = refusal(actor, (m.unit for m in places), office_roles=person.roles, held=[m.role for m in places])
    if against is not None:
        foreign = not manages_everyone(actor) and managed_units(actor).isdisjoint(m.unit for m in places)
        raise NotFound() if foreign else against
    return person


def _read(form: Mapping[str, Any], units: Collection[str]) -> tuple[dict[str, str], Sequence[Membership], Sequence[str]]:
    wrong: dict[str, Text] = {}
    given = {name: str(form.get(name) or "").strip() for name in ("login", "name", "title", "address", "unit", "role")}
    person: dict[str, str] = {}
    try:
        person = checked(**{name: given[name] for name in ("login", "name", "title", "address")})
    except InvalidFields as error:
        wrong = dict(error.problems)
    if given["unit"] and given["unit"] not in units:
        wrong["unit"] = Text("Chọn một đơn vị.", "Choose a unit.")
    if given["unit"] and given["role"] not in ROLES:
        wrong["role"] = Text("Chọn vai trò trong đơn vị.", "Choose the role in the unit.")
    roles = [str(role) for role in form.get("roles") or ()]
    if not set(roles) <= OFFICE_ROLES.keys():
        wrong["roles"] = Text("Không có vai trò này.", "There is no such role.")
    if wrong:
        raise InvalidFields(wrong)
    return person, [Membership(given["unit"], given["role"])] if given["unit"] else [], roles
