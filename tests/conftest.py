"""What every test shares: how tests that need a heavy neighbour are gathered, and when the browser ones are skipped.

A mark also names an xdist group, unless the test names one of its own, so that one worker starts one PostgreSQL, one Prefect server and
one browser.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import func, select

from models.database import Database, sqlite_url
from models.tables import journal_entry
from plans.reader import read_pack
from simulation.demo import prepare
from tests.compiled import share_what_is_compiled
from tests.databases import postgres_database, postgres_server, sqlite_database
from wiring.calendar import build_calendar
from wiring.settings import CHECKOUT

# A shared machine may stall any example: time is measured by benchmarks, not by properties.
hypothesis.settings.register_profile("dondoc", deadline=None)
hypothesis.settings.load_profile("dondoc")
share_what_is_compiled()

HEAVY = ("prefect", "postgres", "browser")
PACK = CHECKOUT / "plans" / "222-kh-ubnd"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are processors: a third of the suite's time is waiting for servers, browsers and clocks."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    chromium = any(shutil.which(name) for name in BROWSERS)
    for item in items:
        for mark in HEAVY:
            if item.get_closest_marker(mark) and not item.get_closest_marker("xdist_group"):
                item.add_marker(pytest.mark.xdist_group(mark))
                break
        if item.get_closest_marker("browser") and not chromium:
            item.add_marker(pytest.mark.skip(reason="no chromium on PATH; .ci/run installs it"))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of the session."""
    with postgres_server(durable=False) as url:
        yield url


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Database]:
    """A fresh PostgreSQL database with every table."""
    with postgres_database(postgres_url) as db:
        yield db


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The demonstration as `make run` makes it; whoever looks at it belongs to the group "demo", so that one worker makes it.

    Nobody changes it: who wants to takes `lived_in`.
    """
    url = sqlite_url(tmp_path_factory.mktemp("demo") / "dondoc.sqlite")
    assert prepare(url, read_pack(PACK, build_calendar))
    db = Database(url)
    before = _entries(db)
    yield db
    assert _entries(db) == before, "a test changed what the others look at"
    db.close()


@pytest.fixture
def lived_in(shown: Database, tmp_path: Path) -> Iterator[Database]:
    """A copy of the demonstration, in a folder of its own, to do something in."""
    assert shown.file is not None
    shutil.copytree(shown.file.parent, tmp_path / "data")
    db = Database(sqlite_url(tmp_path / "data" / shown.file.name))
    yield db
    db.close()


def _entries(db: Database) -> int:
    with db.read() as connection:
        return int(connection.execute(select(func.count()).select_from(journal_entry)).scalar_one())


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """A fresh SQLite database with every table."""
    with sqlite_database(tmp_path) as db:
        yield db


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def db(request: pytest.FixtureRequest) -> Database:
    """The test runs once on each database."""
    found: Database = request.getfixturevalue(request.param)
    return found
