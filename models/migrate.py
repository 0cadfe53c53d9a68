"""Bringing a database to the schema of this program, and refusing one that is newer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError, OperationalError

from engine.definition import Text
from engine.errors import DondocError, StorageFull, Unavailable
from models.database import Database, is_full

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"
VERSION = text("SELECT version_num FROM alembic_version")


def upgrade(db: Database, revision: str = "head") -> None:
    """Run the migrations that are missing. Each is one transaction: a killed upgrade goes on where it stopped.

    Raises Unavailable, and touches nothing, if the database is newer than this program; Unavailable or StorageFull if the database
    refuses a migration, of which nothing is kept then.
    """
    from alembic import command  # only where something is migrated: whoever merely looks whether it is need not carry it

    at = current(db)
    if at is not None:
        require_known(at)
    try:
        with db.engine.connect() as connection:
            command.upgrade(_config(connection), revision)
            connection.commit()
    except DBAPIError as problem:
        raise _refused(problem, current(db)) from problem


def _refused(problem: DBAPIError, at: str | None) -> DondocError:
    """What an operator is told of a migration that failed when the database was at revision ``at``."""
    if isinstance(problem, OperationalError) and is_full(problem):
        return StorageFull()
    why = str(problem.orig).partition("\n")[0]  # what follows on PostgreSQL holds the values of rows
    return Unavailable(
        Text(f"Không nâng cấp được cơ sở dữ liệu sau bản {at or 0}: {why}", f"The database was not migrated beyond {at or 0}: {why}"),
        code="migration-failed",
        hint=Text(
            "Bước lỗi không để lại gì. Sửa nguyên nhân rồi chạy lại: dondoc migrate",
            "The failed migration left nothing behind. Mend the cause, then run: dondoc migrate",
        ),
    )


def current(db: Database) -> str | None:
    """The revision that the database is at; None if it is empty or not there yet."""
    if db.file is not None and not db.file.exists():
        return None
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(VERSION).scalar_one_or_none()
        return found


def newest() -> str:
    """The revision that this program needs."""
    return max(revisions())


def revisions() -> frozenset[str]:
    """Every revision that this program knows: its migrations are one chain, each named by its number."""
    return frozenset(path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*_*.py"))


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
    if revision in revisions():
        return
    raise Unavailable(
        Text("Cơ sở dữ liệu mới hơn chương trình.", "The database is newer than this program."),
        code="schema-newer",
        hint=Text("Cài phiên bản mới hơn.", "Install a newer version."),
    )


def differences(db: Database) -> list[Any]:
    """How the database differs from the tables of this program; [] when it does not."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from models.tables import metadata

    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config
