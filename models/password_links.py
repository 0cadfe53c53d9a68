"""By what somebody without a password may set one: a link by mail, or a code on paper. Rows last until used, replaced or expired."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from models.base import Utc


class PasswordLink(SQLModel, table=True):
    """``kind``: reset (asked for by mail) | invitation (to a new account) | code (given by hand). Only the token's hash is kept.

    ``made_by``: the account that gave it, 0 for a person who asked for it themselves. All instants are system time.
    """

    __tablename__ = "password_link"
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    kind: str
    token_hash: str = Field(unique=True)
    made_by: int
    created_at: datetime = Field(sa_column=Column(Utc, nullable=False))
    expires_at: datetime = Field(sa_column=Column(Utc, nullable=False))
