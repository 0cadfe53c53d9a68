"""Bringing a database to the schema of this program, and refusing one that is newer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from engine.definition import Text
from engine.errors import Unavailable
from models.database import Database

FOLDER = Path(__file__).parent / "migrations"


def upgrade(db: Database, revision: str = "head") -> None:
    """Run the migrations that are missing. Each is one transaction: a killed upgrade goes on where it stopped.

    Raises Unavailable, and touches nothing, if the database is newer than this program.
    """
    at = current(db)
    if at is not None:
        require_known(at)
    with db.engine.connect() as connection:
        command.upgrade(_config(connection), revision)
        connection.commit()


def current(db: Database) -> str | None:
    """The revision that the database is at; None if it is empty or not there yet."""
    if db.file is not None and not db.file.exists():
        return None
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The revision that this program needs."""
    head = ScriptDirectory(str(FOLDER)).get_current_head()
    assert head is not None
    return head


def require_current(db: Database) -> None:
    """Raise Unavailable unless the database is exactly at this program's schema."""
    at, need = current(db), newest()
    if at == need:
        return
    if at is not None:
        require_known(at)
    raise Unavailable(
        Text("Cơ sở dữ liệu chưa được nâng cấp.", "The database has not been migrated."),
        code="schema-older",
        hint=Text("Chạy: dondoc migrate", "Run: dondoc migrate"),
    )


def require_known(revision: str) -> None:
    """Raise Unavailable if ``revision`` was made by a newer program than this one."""
    if revision in {script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions()}:
        return
    raise Unavailable(
        Text("Cơ sở dữ liệu mới hơn chương trình.", "The database is newer than this program."),
        code="schema-newer",
        hint=Text("Cài phiên bản mới hơn.", "Install a newer version."),
    )


def differences(db: Database) -> list[Any]:
    """How the database differs from the tables of this program; [] when it does not."""
    from alembic.autogenerate import compare_metadata

    from models.tables import metadata

    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config
