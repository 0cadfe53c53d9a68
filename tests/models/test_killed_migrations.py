"""A program that is killed in the middle of a migration leaves a database that the next start brings to the end, and all that was in it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from models.database import sqlite_url
from models.migrate import revisions
from tests.architecture.sources import CHECKOUT
from tests.databases import postgres_database

POINTS = 4  # kills spread over the statements of the whole chain
BEFORE = 2  # migrations that had run when people began
PLAYED = """
import json, os, signal, sys
from sqlalchemy import event, text
from models.database import Database
from models.migrate import current, differences, newest, require_current, upgrade

BEGAN = "0002"  # the first revision that people had work in
WROTE = (
    "INSERT INTO unit (code, official_code, position) VALUES ('u', '688', 0)",
    "INSERT INTO account (id, login, name, title, address, language, password_hash, roles, active) "
    "VALUES (7, 'a', 'Đào Ắt', '', 'a@example.vn', 'vi', 'h', '[]', {true})",
    "INSERT INTO membership (account_id, unit, role) VALUES (7, 'u', 'head')",
    "INSERT INTO sign_in (token_hash, account_id, csrf, created_at, seen_at) VALUES ('t', 7, 'c', '2024-01-01', '2024-01-01')",
    "INSERT INTO journal_entry (stream, seq, account_id, action, at, body, hash) VALUES ('x', 1, 7, 'a', '2024-01-01', '{empty}', 'h')",
)
HELD = ("SELECT code FROM unit", "SELECT id, login, name, address FROM account", "SELECT account_id, unit, role FROM membership",
        "SELECT token_hash, csrf FROM sign_in", "SELECT stream, seq, account_id, hash FROM journal_entry")

def upgraded(url, kill_at=0):
    # In a process of its own, which dies after so many statements; how many there were, and after which the work was made final.
    reads, writes = os.pipe()
    if os.fork() == 0:
        db, done, final = Database(url), 0, []
        @event.listens_for(db.engine, "after_cursor_execute")
        def count(connection, cursor, statement, *_):
            nonlocal done
            done += 1
            if statement.split()[0] == "COMMIT":
                final.append(done)
            if done == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
        @event.listens_for(db.engine, "commit")
        def commit(*_):
            final.append(done)
        upgrade(db)
        os.write(writes, json.dumps([done, len(set(final))]).encode())
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads) as told:
        found = told.read()
    died = os.wait()[1] == signal.SIGKILL
    assert died == bool(kill_at), (kill_at, found)
    return json.loads(found or "null")

def began(url):
    db = Database(url)
    upgrade(db, BEGAN)
    with db.write() as connection:
        for statement in WROTE:
            connection.execute(text(statement.replace("{true}", "1" if db.sqlite else "true").replace("{empty}", "{}")))
    db.close()

first, *urls = sys.argv[1:]
began(first)
statements, final = upgraded(first)
told = []
for number, url in enumerate(urls, start=1):
    began(url)
    upgraded(url, kill_at=statements * number // (len(urls) + 1))
    db = Database(url)
    stopped = current(db)
    assert BEGAN <= stopped < newest(), stopped
    upgrade(db)
    require_current(db)
    assert differences(db) == []
    with db.read() as connection:
        told.append({"stopped": stopped, "held": [[list(row) for row in connection.execute(text(query))] for query in HELD]})
    db.close()
print(json.dumps({"final": final, "killed": told}))
"""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[str]]:
    """Addresses of databases without any table: one to count statements in, and one for each kill."""
    if request.param == "sqlite":
        yield [sqlite_url(tmp_path / f"{number}.sqlite") for number in range(POINTS + 1)]
        return
    server = request.getfixturevalue("postgres_url")
    with ExitStack() as until_the_end:
        made = [until_the_end.enter_context(postgres_database(server, empty=True)) for _ in range(POINTS + 1)]
        yield [db.url.render_as_string(hide_password=False) for db in made]


def test_a_migration_survives_being_killed(urls: list[str]) -> None:
    ran = subprocess.run([sys.executable, "-c", PLAYED, *urls], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr + ran.stdout
    said = json.loads(ran.stdout)
    assert said["final"] == len(revisions()) - BEFORE  # each migration as a whole or not at all
    told = said["killed"]
    assert len({each["stopped"] for each in told}) > 2  # at really different places
    for each in told:
        assert each["held"] == [[["u"]], [[7, "a", "Đào Ắt", "a@example.vn"]], [[7, "u", "head"]], [["t", "c"]], [["x", 1, 7, "h"]]]
