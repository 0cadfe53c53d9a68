"""Statements for the second factor: its secret, the codes that were taken, recovery codes, and who owes one at sign-in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from models.tables import recovery_code, second_factor, sign_in_challenge

CONFIRMED = second_factor.c.confirmed_at.is_not(None)
UNUSED = recovery_code.c.used_at.is_(None)


def of_account(connection: Connection, account_id: int) -> Row[Any] | None:
    """The account's factor, confirmed or not."""
    return connection.execute(select(second_factor).where(second_factor.c.account_id == account_id)).one_or_none()


def locked(connection: Connection, account_id: int) -> Row[Any] | None:
    """The account's factor, confirmed or not; nobody else looks at it until the transaction ends."""
    query = select(second_factor).where(second_factor.c.account_id == account_id)
    return connection.execute(query.with_for_update()).one_or_none()


def is_on(connection: Connection, account_id: int) -> bool:
    """Whether signing in asks the account for a code."""
    query = select(second_factor.c.account_id).where(second_factor.c.account_id == account_id, CONFIRMED)
    return connection.execute(query).first() is not None


def accounts(connection: Connection) -> set[int]:
    """The accounts that have it."""
    return set(connection.execute(select(second_factor.c.account_id).where(CONFIRMED)).scalars())


def begin(connection: Connection, account_id: int, secret: str) -> None:
    """The account has this secret, not confirmed yet; one begun before is gone."""
    remove(connection, account_id)
    connection.execute(insert(second_factor).values(account_id=account_id, secret=secret))


def change(connection: Connection, account_id: int, values: dict[str, Any]) -> None:
    """Store ``values`` of the account's factor."""
    connection.execute(update(second_factor).where(second_factor.c.account_id == account_id).values(values))


def remove(connection: Connection, account_id: int) -> None:
    """The account has no factor and no recovery codes any more, and whoever is being asked for one starts again."""
    for table in (second_factor, recovery_code, sign_in_challenge):
        connection.execute(delete(table).where(table.c.account_id == account_id))


def put_codes(connection: Connection, account_id: int, hashes: Sequence[str]) -> None:
    """The account has these recovery codes; all before them are worth nothing."""
    connection.execute(delete(recovery_code).where(recovery_code.c.account_id == account_id))
    connection.execute(insert(recovery_code), [{"account_id": account_id, "code_hash": code_hash} for code_hash in hashes])


def use_code(connection: Connection, account_id: int, code_hash: str, at: datetime) -> bool:
    """Use a recovery code up; whether there was such a one."""
    mine = (recovery_code.c.account_id == account_id, recovery_code.c.code_hash == code_hash, UNUSED)
    return connection.execute(update(recovery_code).where(*mine).values(used_at=at)).rowcount == 1


def codes_left(connection: Connection, account_id: int) -> int:
    """How many recovery codes are unused."""
    query = select(func.count()).select_from(recovery_code).where(recovery_code.c.account_id == account_id, UNUSED)
    return int(connection.execute(query).scalar_one())


def ask(connection: Connection, values: dict[str, Any], before: datetime) -> None:
    """Somebody owes a code; those who have owed one since ``before`` are forgotten."""
    connection.execute(delete(sign_in_challenge).where(sign_in_challenge.c.created_at < before))
    connection.execute(insert(sign_in_challenge).values(values))


def asked(connection: Connection, token_hash: str, since: datetime) -> Row[Any] | None:
    """Who owes a code by this token, if they were asked ``since`` then."""
    query = select(sign_in_challenge).where(sign_in_challenge.c.token_hash == token_hash, sign_in_challenge.c.created_at >= since)
    return connection.execute(query).one_or_none()


def answered(connection: Connection, token_hash: str) -> bool:
    """The code was given: the token is worth nothing from now on. Whether it still was worth anything."""
    return connection.execute(delete(sign_in_challenge).where(sign_in_challenge.c.token_hash == token_hash)).rowcount == 1
