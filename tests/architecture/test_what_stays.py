"""Processes that stay do not carry what they do not need: memory that nobody uses is paid for all day."""

import subprocess
import sys

import pytest

from tests.architecture.sources import CHECKOUT

SUPERVISOR = "import cli.entry; cli.entry.app_for(['up']); import runtime.supervisor"
WEB = "import cli.entry; cli.entry.app_for(['serve']); import web.server, web.app; list(web.app.routers())"
ELSEWHERE = {"alembic", "holidays", "lxml", "openpyxl", "prefect", "psycopg"}


@pytest.mark.parametrize(
    ("start", "without"),
    [(SUPERVISOR, {*ELSEWHERE, "fastapi", "icalendar", "jinja2", "sqlalchemy"}), (WEB, ELSEWHERE)],
    ids=["supervisor", "web"],
)
def test_a_process_that_stays_loads_only_what_it_uses(start: str, without: set[str]) -> None:
    code = f"{start}\nimport sys; print(*sorted(set({sorted(without)!r}) & sys.modules.keys()))"
    told = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert told.stdout.split() == []
