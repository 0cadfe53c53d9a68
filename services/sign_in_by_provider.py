"""Signing in by the office's identity provider: which account somebody is whom the provider has identified.

The first time they are known by their verified mail address, and from then on by what the provider calls them for good (their subject), so
that an address which passes to somebody else opens nothing. No account is ever made by signing in.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row

from engine.access import Actor
from engine.definition import Text
from engine.errors import NotFound, Refused
from engine.facts import Fact
from engine.instants import Now
from engine.people import manages_everyone
from models import identities as sql
from models import people, sign_ins
from models.database import Database
from services.office_journal import lock, note


def sign_in_by_provider(db: Database, issuer: str, subject: str, address: str, *, now: Now) -> int:
    """The id of the account of who is ``subject`` to ``issuer``. ``address``: theirs if the provider has verified it, else "".

    Raises `Refused` for who has no account, or one that is over.
    """
    with db.read() as connection:
        found = sql.known(connection, issuer, subject, now.today)
    if found is not None:
        return _working(found)
    with db.write() as connection:
        return _link(connection, issuer, subject, address, now)


def unlink(db: Database, actor: Actor, account_id: int, *, now: Now) -> None:
    """Forget who the account's person is to the provider, so that somebody else of their address can be known by it; every session ends.

    Raises `NotFound`, and `Refused`.
    """
    if not manages_everyone(actor):
        raise Refused(Text("Chỉ quản trị hệ thống.", "Administrators only."), code="administrators-only")
    with db.write() as connection:
        lock(connection)
        if people.by_id(connection, account_id) is None:
            raise NotFound()
        if not sql.remove(connection, account_id):
            raise Refused(Text("Người này chưa nối với nơi đăng nhập chung.", "The provider does not know them."), code="not-linked")
        sign_ins.end_of_account(connection, account_id)
        note(connection, actor, "unlink-provider", (Fact("account.provider-unlinked", {"account": account_id}),), now)


def _link(connection: Connection, issuer: str, subject: str, address: str, now: Now) -> int:
    """Keep who the person is to the provider, at their first time."""
    lock(connection)
    found = sql.known(connection, issuer, subject, now.today)  # by a second request of the same browser
    if found is not None:
        return _working(found)
    rows = sql.with_address(connection, address, issuer, now.today) if address else ()
    working = [row for row in rows if row.works]
    if rows and not working:
        raise _over()
    if len(working) != 1:
        raise _nobody() if not working else _several()
    (row,) = working
    if row.linked:
        raise _somebody_else()
    sql.add(connection, {"issuer": issuer, "subject": subject, "account_id": row.id, "linked_at": now.system})
    fact = Fact("account.provider-linked", {"account": row.id})
    note(connection, Actor(row.id, row.name), "link-provider", (fact,), now)
    return int(row.id)


def _working(found: Row[Any]) -> int:
    if not found.works:
        raise _over()
    return int(found.id)


def _refused(vi: str, en: str, code: str, hint: Text) -> Refused:
    return Refused(Text(vi, en), code=code, hint=hint, field="provider")


def _nobody() -> Refused:
    hint = Text(
        "Nhờ quản trị tạo tài khoản với đúng địa chỉ thư của bạn.", "Ask an administrator for an account with your very mail address."
    )
    return _refused("Chưa có tài khoản nào ở đây cho bạn.", "There is no account for you here.", "no-account", hint)


def _over() -> Refused:
    hint = Text("Hỏi quản trị hệ thống nếu đó là nhầm lẫn.", "Ask an administrator if that is a mistake.")
    return _refused("Tài khoản của bạn ở đây đã khóa hoặc đã ngừng.", "Your account here is switched off or over.", "account-over", hint)


def _several() -> Refused:
    hint = Text("Nhờ quản trị để mỗi tài khoản có địa chỉ thư riêng.", "Ask an administrator to give each account its own mail address.")
    return _refused("Có nhiều tài khoản dùng địa chỉ thư của bạn.", "Several accounts have your mail address.", "several-accounts", hint)


def _somebody_else() -> Refused:
    hint = Text("Nhờ quản trị bỏ nối người trước, rồi đăng nhập lại.", "Ask an administrator to unlink whoever had it before you.")
    return _refused(
        "Tài khoản với địa chỉ thư này đã nối với người khác.", "The account with this address belongs to somebody else.", "linked", hint
    )  # fmt: skip
