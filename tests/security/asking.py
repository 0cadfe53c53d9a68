"""What the access matrix asks with: addresses that name a thing or a missing one, cells, a database that forgets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import Connection

from engine.access import Policy
from engine.reach import Thing
from models.database import Database

PDF = b"%PDF-1.7\n%LEAKDETAIL\n"
MISSING = "987654"  # a number that was never given out
STREAM = "/live"  # has no end; what it tells is tried by itself
# What a route needs to get as far as looking for the thing in its address.
FORMS: dict[str, dict[str, Any]] = {
    "/api/v1/steps/{step_id}/actions/{action}": {"json": {"expected_version": 2}},
    "/api/v1/steps/{step_id}/attachments": {"files": {"file": ("a.pdf", PDF)}},
    "/api/v1/workflows/{workflow_id}/as-of": {"params": {"day": "2024-05-10"}},
    "/api/v1/plans/{plan_id}/as-of": {"params": {"day": "2024-05-10"}},
    "/workflows/{workflow_id}/as-of": {"params": {"day": "2024-05-10"}},
    "/language": {"data": {"language": "vi"}},
}


class Dry(Database):
    """A database that forgets what is written while ``dry``: thousands of requests then find the same office."""

    dry = False

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """As the real one, but taken back at the end."""
        if not self.dry:
            with super().write() as connection:
                yield connection
            return
        with self._lock or nullcontext(), self._writer.connect() as connection, connection.begin() as transaction:
            yield connection
            transaction.rollback()


@dataclass(frozen=True, slots=True)
class Address:
    """A route with the thing that it names: ``here`` for the marked one, ``missing`` for a number that was never given out."""

    method: str
    path: str
    thing: Thing | None
    here: str
    missing: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One request that one person made, and its answer."""

    policy: Policy
    address: Address
    login: str
    answer: httpx.Response

    def __str__(self) -> str:
        return f"{self.address.method} {self.address.path} as {self.login or 'signed out'}"
