"""Every account with what stands between its person and the work: invited, ready, switched off; switching one off and on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from engine.access import Actor, Membership
from engine.alphabet import alphabetical
from engine.definition import Text
from engine.errors import NotFound, Refused
from engine.facts import Fact
from engine.instants import Now
from engine.people import manages_everyone
from models import account_states as sql
from models import identities, linking
from models.database import Database
from models.erasing import administrators
from models.handlers import let_go
from services.office_journal import lock, note


class AccountState(StrEnum):
    """Where an account stands."""

    READY = "ready"  # signs in, by a password or by the office's identity provider
    INVITED = "invited"
    NO_PASSWORD = "no-password"  # noqa: S105  (a state: no invitation holds either)
    LEFT = "left"
    DISABLED = "disabled"


STATE_TEXT = {
    AccountState.READY: Text("Đang dùng", "In use"),
    AccountState.INVITED: Text("Đã mời, chưa đặt mật khẩu", "Invited, no password yet"),
    AccountState.NO_PASSWORD: Text("Chưa có mật khẩu", "No password"),
    AccountState.LEFT: Text("Đã nghỉ", "Has left"),
    AccountState.DISABLED: Text("Đã khóa", "Switched off"),
}


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account in the list. ``until``: when its invitation expires, None without one. ``linked``: its person signs in by the office's
    identity provider."""

    account_id: int
    login: str
    name: str
    title: str
    address: str
    roles: tuple[str, ...]
    places: tuple[Membership, ...]
    state: AccountState
    until: datetime | None
    linked: bool


def all_accounts(db: Database, now: Now) -> tuple[AccountLine, ...]:
    """Every account that was not erased, by name in Vietnamese order."""
    with db.read() as connection:
        rows, invited, linked = sql.every(connection), linking.invitations(connection), identities.accounts(connection)
    grouped: dict[int, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.id, []).append(row)
    lines = (_line(own, invited.get(id_), now, linked=id_ in linked) for id_, own in grouped.items())
    return tuple(sorted(lines, key=lambda line: alphabetical(line.name)))


def disable(db: Database, actor: Actor, account_id: int, *, now: Now) -> str:
    """Switch an account off: it signs in no more, and everything that stands for it is over; its sign-in name.

    What its person did stays; nobody is named any more for what they handled. Raises `NotFound`, and `Refused` for oneself and the last
    administrator.
    """
    with db.write() as connection:
        lock(connection)
        row = _row(connection, actor, account_id)
        if account_id == actor.account_id:
            raise Refused(Text("Không tự khóa tài khoản của mình.", "Nobody switches off their own account."), code="own-account")
        if administrators(connection) == [account_id]:
            raise Refused(Text("Đây là quản trị viên cuối cùng.", "This is the last administrator."), code="last-administrator")
        if row.active:
            sql.switch_off(connection, account_id, now.system)
            let_go(connection)
            note(connection, actor, "disable-account", (Fact("account.disabled", {"account": account_id}),), now)
    return str(row.login)


def enable(db: Database, actor: Actor, account_id: int, *, now: Now) -> str:
    """Switch an account on again, with the password that it had; its sign-in name. Raises `NotFound`, `Refused`."""
    with db.write() as connection:
        lock(connection)
        row = _row(connection, actor, account_id)
        if not row.active:
            sql.switch_on(connection, account_id)
            note(connection, actor, "enable-account", (Fact("account.enabled", {"account": account_id}),), now)
    return str(row.login)


def _row(connection: Any, actor: Actor, account_id: int) -> Any:
    if not manages_everyone(actor):
        raise Refused(Text("Chỉ quản trị hệ thống.", "Administrators only."), code="administrators-only")
    row = sql.one(connection, account_id)
    if row is None:
        raise NotFound()
    return row


def _line(rows: list[Any], until: datetime | None, now: Now, *, linked: bool) -> AccountLine:
    first = rows[0]
    places = tuple(Membership(row.unit, row.role) for row in rows if row.unit is not None)
    until = until if until is not None and until > now.system else None
    state = _state(first, until, linked, now.today)
    return AccountLine(first.id, first.login, first.name, first.title, first.address, tuple(first.roles), places, state, until, linked)


def _state(row: Any, until: datetime | None, linked: bool, today: date) -> AccountState:
    if not row.active:
        return AccountState.DISABLED
    if row.left_on is not None and row.left_on <= today:
        return AccountState.LEFT
    if row.password_hash or linked:
        return AccountState.READY
    return AccountState.INVITED if until else AccountState.NO_PASSWORD
