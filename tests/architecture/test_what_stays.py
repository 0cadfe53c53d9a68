"""Processes that stay do not carry what they do not need: memory that nobody uses is paid for all day. Nor does a command that ends at once
wait for what the others are made of."""

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
    assert loaded(start, without) == []


def test_the_commands_are_read_without_what_each_of_them_uses() -> None:
    assert loaded("import cli.main", {*ELSEWHERE, "fastapi", "icalendar", "jinja2", "models", "services", "sqlalchemy"}) == []


def loaded(start: str, among: set[str]) -> list[str]:
    """Which of the modules ``among`` a new process holds after ``start``."""
    code = f"{start}\nimport sys; print(*sorted(set({sorted(among)!r}) & sys.modules.keys()))"
    return subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout.split()
