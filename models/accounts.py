"""People who sign in: the least that signing in and reminding needs."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from models.base import Utc, folded_column, json_type


class Account(SQLModel, table=True):
    """An official who uses the system. ``roles``: of agency, supervisor, auditor, administrator (see `engine.access`).

    ``introduced_on``: the day on which they put the introduction of the first page away; None while they have not.
    """

    __tablename__ = "account"
    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(unique=True)
    name: str
    folded: str = Field(sa_column=folded_column())
    title: str = ""
    address: str = ""
    language: str = "vi"
    password_hash: str = ""
    roles: list[str] = Field(default_factory=list, sa_column=Column(json_type(), nullable=False))
    active: bool = True
    left_on: date | None = None
    introduced_on: date | None = None


class MembershipRow(SQLModel, table=True):
    """A person's place in a unit. ``role``: officer | head | unit-admin."""

    __tablename__ = "membership"
    account_id: int = Field(primary_key=True, foreign_key="account.id")
    unit: str = Field(primary_key=True, foreign_key="unit.code", index=True)
    role: str = "officer"


class Deputy(SQLModel, table=True):
    """``deputy_id`` stands in for ``account_id`` within ``unit`` from ``from_on`` to ``to_on``, both included.

    ``ended``: somebody ended it before its last day. ``set_by``: who named the deputy.
    """

    __tablename__ = "deputy"
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    deputy_id: int = Field(foreign_key="account.id", index=True)
    unit: str = Field(foreign_key="unit.code")
    from_on: date
    to_on: date
    ended: bool = False
    set_by: int
    recorded_at: datetime = Field(sa_column=Column(Utc, nullable=False))


class SignIn(SQLModel, table=True):
    """A browser's session on the server; the cookie carries the token, the row only its hash.

    ``device``: words for the browser. ``trusted``: kept long, on a phone of its person's own. ``strong``: begun with the second factor.
    ``proved_at``: when its person last showed who they are (system time), None where that is when it began.
    ``deputy_id``: the row of `Deputy` by which its person acts for another, None while they act for themselves.
    """

    __tablename__ = "sign_in"
    token_hash: str = Field(primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    csrf: str
    device: str = ""
    trusted: bool = False
    strong: bool = False
    proved_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    deputy_id: int | None = None
    created_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    seen_at: datetime = Field(sa_column=Column(Utc, nullable=False))


class Preference(SQLModel, table=True):
    """What a person chose about mail. ``mail``: how, by group of kinds (`notifications.choices`), where it is not the office's own way.

    ``open_from``, ``open_to``: minutes of the local day between which mail may come, None for the office's.
    """

    __tablename__ = "preference"
    account_id: int = Field(primary_key=True, foreign_key="account.id")
    mail: dict[str, str] = Field(default_factory=dict, sa_column=Column(json_type(), nullable=False))
    open_from: int | None = None
    open_to: int | None = None


class Feed(SQLModel, table=True):
    """The address under which a calendar program reads an account's deadlines, as the hash of its token; a new one ends the old."""

    __tablename__ = "feed"
    account_id: int = Field(primary_key=True, foreign_key="account.id")
    token_hash: str = Field(unique=True)
    issued_at: datetime = Field(sa_column=Column(Utc, nullable=False))


class UnreachableUnit(SQLModel, table=True):
    """A unit that holds work of a plan and in which nobody can be reached by mail; the standing agency was told. Gone when it is over."""

    __tablename__ = "unreachable_unit"
    plan_id: int = Field(primary_key=True, foreign_key="plan.id")
    unit: str = Field(primary_key=True, foreign_key="unit.code")
    since: datetime = Field(sa_column=Column(Utc, nullable=False))
