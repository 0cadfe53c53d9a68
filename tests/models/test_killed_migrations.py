"""A program that is killed in the middle of a migration leaves a database that the next start brings to the end."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from models.database import Database, sqlite_url
from models.migrate import current, differences, newest, require_current, upgrade
from tests.architecture.sources import CHECKOUT

KILLED = """
import os, signal, sys
from sqlalchemy import event
from models.database import Database
from models.migrate import upgrade

db, left = Database(sys.argv[1]), int(sys.argv[2])

@event.listens_for(db.engine, "after_cursor_execute")
def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

upgrade(db)
print("done")
"""


@pytest.mark.parametrize("statements", [4, 55, 90, 110])
def test_a_migration_survives_being_killed(tmp_path: Path, statements: int) -> None:
    url = sqlite_url(tmp_path / "dondoc.sqlite")
    died = subprocess.run([sys.executable, "-c", KILLED, url, str(statements)], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr + died.stdout
    db = Database(url)
    stopped_at = current(db)
    assert stopped_at != newest()
    upgrade(db)
    require_current(db)
    assert differences(db) == []
    db.close()
