"""What proves who somebody is, besides the password and the session."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel, UniqueConstraint

from models.base import Utc, json_type


class ApiToken(SQLModel, table=True):
    """By what a program acts as an account over the API; only the token's hash is kept. ``scopes``: of `engine.scopes.Scope`.

    ``seen_on``: the local day on which it was last used. ``ended_at``: revoked, or dead with what its account lost; the row stays, since
    the journal names it by its number.
    """

    __tablename__ = "api_token"
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    token_hash: str = Field(unique=True)
    name: str
    scopes: list[str] = Field(sa_column=Column(json_type(), nullable=False))
    created_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    expires_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    seen_on: date | None = None
    ended_at: datetime | None = Field(default=None, sa_column=Column(Utc))


class SecondFactor(SQLModel, table=True):
    """The secret that an account's telephone knows, sealed (`services.sealing`); counted only once a code has confirmed it.

    ``used``: the counter of the last code that was taken.
    """

    __tablename__ = "second_factor"
    account_id: int = Field(primary_key=True, foreign_key="account.id")
    secret: str
    confirmed_at: datetime | None = Field(default=None, sa_column=Column(Utc))
    used: int = 0


class RecoveryCode(SQLModel, table=True):
    """A code on paper that stands in for a lost telephone, once; only its keyed hash is kept."""

    __tablename__ = "recovery_code"
    code_hash: str = Field(primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    used_at: datetime | None = Field(default=None, sa_column=Column(Utc))


class SignInChallenge(SQLModel, table=True):
    """Somebody who gave the right password and owes the second factor; the browser has the token, the row its hash."""

    __tablename__ = "sign_in_challenge"
    token_hash: str = Field(primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    trusted: bool = False
    created_at: datetime = Field(sa_column=Column(Utc, nullable=False))


class Identity(SQLModel, table=True):
    """Who an account's person is to the office's identity provider: its ``issuer`` and what it calls them for good, their ``subject``."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("account_id", "issuer"),)
    issuer: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    linked_at: datetime = Field(sa_column=Column(Utc, nullable=False))
