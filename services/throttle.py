"""Slowing down whoever tries passwords: every try is counted before it is looked at, so that a hundred at once gain nothing."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from math import ceil

from engine.errors import TooMany
from engine.throttling import ACCOUNT, ADDRESS, ASKING, DEVICE, FORGOTTEN, Ladder
from models import throttling as sql
from models.database import Database


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a try comes from. ``devices``: the accounts that signed in before in this browser, each with the number of its device cookie.

    ``secret`` keeps the table from telling names and addresses to who reads it.
    """

    address: str
    devices: Mapping[int, str] = field(default_factory=dict)
    secret: str = field(default="", repr=False)

    def counted(self, login: str, account_id: int | None) -> dict[str, Ladder]:
        """What a try for ``login`` counts against: the browser alone if the account knows it, else the name and the address."""
        device = self.devices.get(account_id) if account_id is not None else None
        if device is not None:
            return {self._key("device", f"{account_id}:{device}"): DEVICE}
        return {self._key("account", login): ACCOUNT, **self.counted_address()}

    def counted_own(self, account_id: int) -> dict[str, Ladder]:
        """What a try counts against by which somebody who is signed in shows that they know the account's password."""
        return {self._key("own", str(account_id)): DEVICE}

    def counted_asking(self) -> dict[str, Ladder]:
        """What asking for a mail counts against, so that nobody fills other people's mailboxes."""
        return {self._key("asking", self.address): ASKING}

    def counted_address(self) -> dict[str, Ladder]:
        """What a try counts against where no account is named."""
        return {self._key("address", self.address): ADDRESS}

    def _key(self, kind: str, subject: str) -> str:
        return hmac.new(self.secret.encode(), f"throttle:{kind}:{subject}".encode(), sha256).hexdigest()[:40]


def admit(db: Database, counted: Mapping[str, Ladder], at: datetime) -> None:
    """Count a try against every key of ``counted``. Raises `TooMany`, counting nothing, while one of them has to wait."""
    with db.write() as connection:
        sql.sweep(connection, at - FORGOTTEN)
        rows = sql.locked(connection, counted, at)
        until = max(row.until for row in rows)
        if until > at:
            raise TooMany(ceil((until - at).total_seconds()))
        for row in rows:
            failures = row.failures + 1
            sql.count(connection, row.key, failures, at + counted[row.key].wait(failures), at)


def succeeded(db: Database, counted: Mapping[str, Ladder], at: datetime) -> None:
    """The try was right: name and browser begin anew; the address, which others may share, only gets this one try back."""
    shared: Collection[str] = [key for key, ladder in counted.items() if ladder is ADDRESS]
    with db.write() as connection:
        sql.forget(connection, counted.keys() - set(shared))
        sql.take_back(connection, shared, at)
