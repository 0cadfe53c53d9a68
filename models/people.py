"""Who works where, and what hangs on a person: the steps that they took on, their inbox, their sessions and addresses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, literal, or_, select, update

from models import linking
from models.api_tokens import end_all
from models.notices import UNREAD
from models.reading.accounts import works
from models.steps import UNFINISHED
from models.tables import account, deputy, feed, inbox_entry, membership, preference, sign_in, step

COLUMNS = (account.c.id, account.c.login, account.c.name, account.c.title, account.c.address, account.c.roles, account.c.left_on)


def by_login(connection: Connection, login: str) -> Row[Any] | None:
    """An active account by its sign-in name."""
    return connection.execute(select(*COLUMNS).where(account.c.login == login, account.c.active)).one_or_none()


def by_id(connection: Connection, account_id: int) -> Row[Any] | None:
    """An active account by its number."""
    return connection.execute(select(*COLUMNS).where(account.c.id == account_id, account.c.active)).one_or_none()


def with_password(connection: Connection, account_id: int) -> Row[Any] | None:
    """An active account by its number, with the hash of its password and its language."""
    query = select(*COLUMNS, account.c.password_hash, account.c.language).where(account.c.id == account_id, account.c.active)
    return connection.execute(query).one_or_none()


def memberships(connection: Connection, account_id: int) -> Sequence[Row[Any]]:
    """(unit, role) of an account."""
    query = select(membership.c.unit, membership.c.role).where(membership.c.account_id == account_id)
    return connection.execute(query.order_by(membership.c.unit)).all()


def listed(connection: Connection, units: Sequence[str] | None, today: date) -> Sequence[Row[Any]]:
    """Everybody who works in ``units`` on ``today`` (None: everybody at all), one row per membership, by name."""
    query = select(*COLUMNS, membership.c.unit, membership.c.role).outerjoin(membership, membership.c.account_id == account.c.id)
    query = query.where(works(today)) if units is None else query.where(works(today), membership.c.unit.in_(units))
    return connection.execute(query.order_by(account.c.name, account.c.id, membership.c.unit)).all()


def names_by_login(connection: Connection) -> dict[str, str]:
    """The name of every active account, by its sign-in name."""
    return {row.login: row.name for row in connection.execute(select(account.c.login, account.c.name).where(account.c.active))}


def login_taken(connection: Connection, login: str) -> bool:
    """Whether any account, switched off ones too, has the sign-in name."""
    return connection.execute(select(account.c.id).where(account.c.login == login)).first() is not None


def add(connection: Connection, values: dict[str, Any], places: Sequence[tuple[str, str]]) -> int:
    """Keep an account with its ``places`` (unit, role); its number."""
    account_id = int(connection.execute(insert(account).values(values).returning(account.c.id)).scalar_one())
    if places:
        connection.execute(insert(membership), [{"account_id": account_id, "unit": unit, "role": role} for unit, role in places])
    return account_id


def choose_language(connection: Connection, account_id: int, language: str) -> None:
    """Pages and mails of the account are in ``language`` from now on."""
    connection.execute(update(account).where(account.c.id == account_id).values(language=language))


def join(connection: Connection, account_id: int, unit: str, role: str) -> None:
    """The account belongs to the unit with this role from now on."""
    leave(connection, account_id, unit)
    connection.execute(insert(membership).values(account_id=account_id, unit=unit, role=role))


def leave(connection: Connection, account_id: int, unit: str) -> None:
    """The account no longer belongs to the unit."""
    connection.execute(delete(membership).where(membership.c.account_id == account_id, membership.c.unit == unit))


def taken_on(connection: Connection, account_id: int) -> Sequence[Row[Any]]:
    """(id, workflow_id) of the unfinished steps whose contact the account is, or which it handles."""
    theirs = or_(step.c.accepted_by == account_id, step.c.handler == account_id)
    query = select(step.c.id, step.c.workflow_id).where(UNFINISHED, theirs)
    return connection.execute(query.order_by(step.c.workflow_id, step.c.id)).all()


def pass_on_steps(connection: Connection, old: int, new: int) -> None:
    """Unfinished steps whose contact was ``old`` have ``new``. Their workflows are locked."""
    connection.execute(update(step).where(UNFINISHED, step.c.accepted_by == old).values(accepted_by=new))


def unread(connection: Connection, account_id: int) -> int:
    """How many notices the account has not read."""
    query = select(func.count()).select_from(inbox_entry).where(inbox_entry.c.account_id == account_id, UNREAD)
    return int(connection.execute(query).scalar_one())


def pass_on_unread(connection: Connection, old: int, new: int) -> None:
    """What ``old`` has not read stands in the inbox of ``new`` as well, unless ``new`` was told of it already."""
    rest = [c for c in inbox_entry.c if c.name != "account_id"]
    known = select(inbox_entry.c.notice_id).where(inbox_entry.c.account_id == new)
    rows = select(literal(new), *rest).where(inbox_entry.c.account_id == old, UNREAD, inbox_entry.c.notice_id.not_in(known))
    connection.execute(insert(inbox_entry).from_select(["account_id", *(c.name for c in rest)], rows))


def pass_on_preferences(connection: Connection, old: int, new: int) -> None:
    """``new`` wants mail as ``old`` did, where ``new`` has chosen nothing yet."""
    if connection.execute(select(preference.c.account_id).where(preference.c.account_id == new)).first() is None:
        rest = [c for c in preference.c if c.name != "account_id"]
        rows = select(literal(new), *rest).where(preference.c.account_id == old)
        connection.execute(insert(preference).from_select(["account_id", *(c.name for c in rest)], rows))


def has_feed(connection: Connection, account_id: int) -> bool:
    """Whether a calendar program can read the account's deadlines."""
    return connection.execute(select(feed.c.account_id).where(feed.c.account_id == account_id)).first() is not None


def end_account(connection: Connection, account_id: int, first_away: date, today: date, at: datetime) -> None:
    """The account's person works here until the day before ``first_away``. Its feed and its API tokens die at once (``at``, system time);
    its sessions die now if that day is here, else when it comes."""
    connection.execute(update(account).where(account.c.id == account_id).values(left_on=first_away))
    connection.execute(delete(feed).where(feed.c.account_id == account_id))
    end_all(connection, account_id, at)
    linking.end_of_account(connection, account_id)
    if first_away <= today:
        connection.execute(delete(sign_in).where(sign_in.c.account_id == account_id))


def deputies_beyond(connection: Connection, account_id: int, first_away: date) -> Sequence[Row[Any]]:
    """Deputies that count on ``first_away`` or later, in which the account is away or stands in."""
    concerned = or_(deputy.c.account_id == account_id, deputy.c.deputy_id == account_id)
    query = select(deputy).where(and_(concerned, ~deputy.c.ended, deputy.c.to_on >= first_away))
    return connection.execute(query.order_by(deputy.c.id)).all()
