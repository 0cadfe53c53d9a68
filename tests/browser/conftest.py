"""A real server and a real browser; without a Chromium on PATH these tests are skipped, and say so."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from models.database import Database
from tests.browser.served import served
from tests.journeys.people import ARGUMENTS
from tests.web.office import Office

NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium_path() -> str | None:
    """Where Chromium is; None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One Chromium for the tests of a file; closed before others, since it keeps an event loop running in this thread."""
    path = chromium_path()
    if path is None:
        pytest.skip("no chromium on PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def office(sqlite: Database, tmp_path: Path) -> Iterator[Office]:
    """The demonstration's small office."""
    found = Office(sqlite, tmp_path)
    yield found
    found.close()


@pytest.fixture
def base(office: Office) -> Iterator[str]:
    """Where the office answers."""
    with served(office) as address:
        yield address
