"""The schema goes up from empty, equals the tables, and a foreign one is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from engine.errors import Unavailable
from models.database import Database, sqlite_url
from models.migrate import FOLDER, current, differences, newest, require_current, revisions, upgrade
from models.tables import metadata
from tests.databases import postgres_database


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any table."""
    if request.param == "sqlite":
        yield Database(sqlite_url(tmp_path / "empty.sqlite3"))
        return
    with postgres_database(request.getfixturevalue("postgres_url"), empty=True) as db:
        yield db


def test_from_empty_to_what_the_tables_say(empty: Database) -> None:
    upgrade(empty)
    assert current(empty) == newest()
    assert differences(empty) == []
    require_current(empty)
    assert said_by_indexes(empty) == said_by_indexes(empty, anew=True)


def said_by_indexes(db: Database, *, anew: bool = False) -> set[str]:
    """The indexes as the database says them, with their conditions, which `differences` does not compare; made ``anew`` by the tables."""
    indexes = [index for table in metadata.sorted_tables for index in table.indexes]
    with db.write() as connection:
        for index in indexes if anew else ():
            index.drop(connection)
            index.create(connection)
        listed = "sql FROM sqlite_master WHERE type = 'index'" if db.sqlite else "indexdef FROM pg_indexes WHERE schemaname = 'public'"
        return {said for said in connection.execute(text(f"SELECT {listed}")).scalars() if said and any(i.name in said for i in indexes)}


def test_upgrading_twice_changes_nothing(empty: Database) -> None:
    upgrade(empty)
    upgrade(empty)
    assert current(empty) == newest()


def test_a_difference_is_found(empty: Database) -> None:
    upgrade(empty)
    with empty.write() as connection:
        connection.execute(text("ALTER TABLE unit DROP COLUMN official_code"))
    assert "official_code" in str(differences(empty))


def test_the_migrated_journal_guards_itself(empty: Database) -> None:
    upgrade(empty)
    insert = "INSERT INTO journal_entry (stream, seq, account_id, action, at, body, hash) VALUES ('x', 1, 0, 'a', '2024-01-01', '{}', 'h')"
    with empty.write() as connection:
        connection.execute(text(insert))
    with pytest.raises(DatabaseError), empty.write() as connection:
        connection.execute(text("DELETE FROM journal_entry"))


def test_an_older_and_a_newer_schema_are_refused(empty: Database) -> None:
    with pytest.raises(Unavailable) as older:
        require_current(empty)
    assert older.value.code == "schema-older"
    upgrade(empty)
    with empty.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Unavailable) as newer:
        require_current(empty)
    assert newer.value.code == "schema-newer"


def test_a_migration_that_fails_says_where_it_stopped_and_goes_on_once_the_cause_is_gone(empty: Database) -> None:
    upgrade(empty, "0002")
    with empty.write() as connection:
        connection.execute(text("CREATE TABLE feed (id INTEGER)"))  # in the way of a later one
    with pytest.raises(Unavailable) as failed:
        upgrade(empty)
    stopped = current(empty)
    assert stopped is not None and "0002" <= stopped < newest()
    assert failed.value.code == "migration-failed" and f"sau bản {stopped}: " in failed.value.text.vi and "feed" in failed.value.text.vi
    with empty.write() as connection:
        connection.execute(text("DROP TABLE feed"))
    upgrade(empty)
    assert current(empty) == newest()


def test_a_database_that_is_not_there_is_answered_with_what_to_do(tmp_path: Path) -> None:
    nowhere = Database(sqlite_url(tmp_path / "nowhere" / "dondoc.sqlite"))
    with pytest.raises(Unavailable) as missing:
        require_current(nowhere)
    assert "dondoc migrate" in missing.value.hint.vi


def test_the_files_names_are_the_chain_that_alembic_sees() -> None:
    """`models.migrate` reads numbers from file names, so that a process which migrates nothing need not load Alembic."""
    scripts = ScriptDirectory(str(FOLDER))
    chain = list(scripts.walk_revisions())
    assert revisions() == {script.revision for script in chain}
    assert newest() == scripts.get_current_head()
    assert [script.down_revision for script in chain] == [*(script.revision for script in chain[1:]), None]


def test_names_that_were_there_before_can_be_searched(empty: Database) -> None:
    upgrade(empty, "0025")
    columns = "id, login, name, title, address, language, password_hash, roles, active"
    rows = ", ".join(
        f"({n}, 'a{n}', 'Đặng Thị Ổn {n}', '', '', 'vi', '', '[]', true)" for n in range(1, 1002)
    )  # more than are filled at once
    with empty.write() as connection:
        connection.execute(text(f"INSERT INTO account ({columns}) VALUES {rows}"))
    upgrade(empty)
    with empty.read() as connection:
        found = connection.execute(text("SELECT folded FROM account ORDER BY id")).scalars().all()
    assert found == [f"dang thi on {n}" for n in range(1, 1002)]
