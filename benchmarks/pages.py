"""The pages that people open all day, among many stored steps: processor time at the server and bytes, beside a page that reads nothing."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from fastapi import FastAPI
from sqlalchemy import select

from benchmarks.filling import FIRST_COPY, filled
from benchmarks.measuring import Meter
from benchmarks.plans import DAY, opened, reports_of
from benchmarks.report import Row
from engine.access import Membership
from models.database import Database
from models.tables import workflow
from services import clock
from services.accounts import create_account
from tests.factories import AGENCY, CALENDAR, at
from tests.web.office import Browser
from web.app import create_app
from wiring.context import AppContext
from wiring.settings import Settings

UNIT, MANY = "don-vi-007", 150
PEOPLE = ((UNIT, (UNIT,), ()), (AGENCY, (AGENCY,), ("agency",)), ("giam-sat", (), ("supervisor",)))
FLOOR = "/healthz"  # the way through the same application, with nothing to read
OVERVIEW_MS, OVERVIEW_KB = 50, 100


@dataclass(frozen=True, slots=True)
class Page:
    """Who opens which address; ``budget``: milliseconds, where there is one."""

    name: str
    login: str
    address: str
    budget: float | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening a page a number of times took: milliseconds of processor time for the ``first``, each other one, and its bytes."""

    first: float
    times: list[float]
    size: int

    @property
    def p50(self) -> float:
        """The median."""
        return median(self.times)

    @property
    def p95(self) -> float:
        """What nineteen of twenty stay below."""
        return quantiles(self.times, n=20, method="inclusive")[-1]


class Office:
    """The application over a filled database. ``app`` and ``runner`` are what its browsers use."""

    def __init__(self, db: Database, folder: Path, *, steps: int) -> None:
        filled(db, steps=steps)
        self.large = opened(db, units=MANY, workflows=1)[0]
        clock.start(db, at(DAY).business)
        for login, units, roles in PEOPLE:
            create_account(db, login=login, name=login, memberships=[Membership(unit) for unit in units], roles=roles)
        self.db, self.runner = db, asyncio.Runner()
        context = AppContext(Settings(_env_file=None, data=folder), db, lambda: at(DAY), lambda: CALENDAR, True)
        self.app: FastAPI = create_app(context)
        self.browsers = {login: self._signed_in(login) for login, _, _ in PEOPLE}

    def _signed_in(self, login: str) -> Browser:
        browser = Browser(self, {})
        assert browser.post("/sign-in", account=login).status_code == 303
        return browser

    def _stored_plan(self) -> int:
        """The plan whose workflows were copied."""
        with self.db.read() as connection:
            query = select(workflow.c.plan_id).where(workflow.c.id > FIRST_COPY).limit(1)
            return int(connection.execute(query).scalar_one())

    def pages(self) -> tuple[Page, ...]:
        """The pages that are measured, by their addresses in this database."""
        own = reports_of(self.db, self.large)[0].id
        return (
            Page("my work of a unit", UNIT, "/"),
            Page("my work of the standing agency", AGENCY, "/"),
            Page("overview", "giam-sat", f"/overview?plan={self._stored_plan()}", OVERVIEW_MS),
            Page(f"workflow of {MANY} units", AGENCY, f"/workflows/{self.large}"),
            Page("step", AGENCY, f"/steps/{own}"),
            Page("overdue", AGENCY, "/overdue"),
            Page("search", AGENCY, "/search?q=b%C3%A1o+c%C3%A1o"),
            Page("floor: a page that reads nothing", AGENCY, FLOOR),
        )

    def open(self, page: Page, times: int) -> Opened:
        """Open ``page`` once, and then so many times again."""
        browser = self.browsers[page.login]
        meter = Meter(self.db)
        found = [meter.spent(lambda: browser.get(page.address)) * 1000 for _ in range(times + 1)]
        response = browser.get(page.address)
        assert response.status_code == 200, f"{page.address}: {response.status_code}"
        return Opened(found[0], found[1:], len(response.content))


@contextmanager
def offices(small: Database, large: Database, sizes: tuple[int, int]) -> Iterator[tuple[Office, Office]]:
    """Both offices, with a folder each for as long as they are visited."""
    with tempfile.TemporaryDirectory(prefix="dondoc-bench-") as folder:
        found = [Office(db, Path(folder), steps=steps) for db, steps in zip((small, large), sizes, strict=True)]
        yield found[0], found[1]
        for office in found:
            office.runner.close()


def page_rows(small: Database, large: Database, *, sizes: tuple[int, int], times: int) -> Iterator[Row]:
    """A row a page: what one in twenty takes at most in the large database; beside it the median, its bytes, and the small database."""
    name = "SQLite" if large.sqlite else "PostgreSQL"
    with offices(small, large, sizes) as (few, many):
        for page, same in zip(many.pages(), few.pages(), strict=True):
            slow, fast = many.open(page, times), few.open(same, times)
            beside = (
                f"median {slow.p50:.1f} ms, first {slow.first:.0f} ms, {slow.size / 1000:.0f} KB; at {sizes[0]:,} median {fast.p50:.1f} ms"
            )
            yield Row(f"{page.name}, {sizes[1]:,} stored steps, p95", name, slow.p95, "ms", page.budget, beside)
            if page.budget:
                yield Row(f"{page.name}, its page", name, slow.size / 1000, "KB", OVERVIEW_KB, "as sent, before compression")
