"""Proving once more who one is, in a session that is open: by the second factor of who has one, else by the password."""

from __future__ import annotations

from enum import StrEnum

from engine.definition import Text
from engine.errors import Invalid, Refused
from engine.instants import Now
from models import sign_ins
from models.database import Database
from services.passwords import has_password, knows_password
from services.second_factor import check, has_second_factor
from services.sign_in_tokens import hash_of
from services.throttle import Caller


class Way(StrEnum):
    """What an account can be asked for. NONE: it signs in elsewhere, and has to do so again."""

    CODE = "code"
    PASSWORD = "password"  # noqa: S105  (the name of a way, no secret)
    NONE = "none"


def way_of(db: Database, account_id: int) -> Way:
    """By what the account proves itself."""
    if has_second_factor(db, account_id):
        return Way.CODE
    return Way.PASSWORD if has_password(db, account_id) else Way.NONE


def prove(db: Database, account_id: int, given: str, *, token: str, caller: Caller, now: Now) -> None:
    """The session of ``token`` has proved itself now. Raises `Invalid` at the field ``proof`` for what is wrong, and `TooMany`."""
    way = way_of(db, account_id)
    if way is Way.NONE or not given or not _is_right(db, way, account_id, given, caller, now):
        raise Invalid(WRONG[way], code="proof", field="proof")
    with db.write() as connection:
        sign_ins.proved(connection, hash_of(token), now.system)


def _is_right(db: Database, way: Way, account_id: int, given: str, caller: Caller, now: Now) -> bool:
    if way is Way.PASSWORD:
        return knows_password(db, account_id, given, caller=caller, now=now)
    try:
        check(db, account_id, given, master=caller.secret, now=now)
    except Refused:
        return False
    return True


WRONG = {
    Way.CODE: Text("Nhập mã mới đang hiện trên điện thoại.", "Give the code that the phone shows now."),
    Way.PASSWORD: Text("Nhập đúng mật khẩu của bạn.", "Give your password."),
    Way.NONE: Text("Đăng xuất rồi đăng nhập lại, sau đó duyệt.", "Sign out and in again, then approve."),
}
