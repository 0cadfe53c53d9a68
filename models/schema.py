"""The tables and the triggers that keep the journal append-only. Migrations make the same; a test compares them."""

from __future__ import annotations

from sqlalchemy import Connection

from models.database import Database
from models.tables import metadata

FROZEN = "stream, seq, account_id, represented_id, action, step_id, at, body, hash, idem_key, idem_hash"

SQLITE_GUARDS = (
    """CREATE TRIGGER journal_entry_no_delete BEFORE DELETE ON journal_entry
       BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    f"""CREATE TRIGGER journal_entry_no_update BEFORE UPDATE OF {FROZEN} ON journal_entry
       BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    """CREATE TRIGGER journal_entry_erase_only BEFORE UPDATE OF text, salt ON journal_entry
       WHEN NEW.text IS NOT NULL OR NEW.salt IS NOT NULL
       BEGIN SELECT RAISE(ABORT, 'a text of the journal can only be erased'); END""",
)
POSTGRES_GUARDS = (
    """CREATE FUNCTION journal_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF TG_OP = 'UPDATE' AND NEW.text IS NULL AND NEW.salt IS NULL
            AND to_jsonb(NEW) - 'text' - 'salt' = to_jsonb(OLD) - 'text' - 'salt' THEN
           RETURN NEW;
         END IF;
         RAISE EXCEPTION 'the journal is append-only';
       END $$""",
    """CREATE TRIGGER journal_entry_guard BEFORE UPDATE OR DELETE ON journal_entry
       FOR EACH ROW EXECUTE FUNCTION journal_entry_guard()""",
    """CREATE TRIGGER journal_entry_no_truncate BEFORE TRUNCATE ON journal_entry
       FOR EACH STATEMENT EXECUTE FUNCTION journal_entry_guard()""",
)


def guard_journal(connection: Connection) -> None:
    """Create the triggers: nothing is changed or deleted; a free text may be erased."""
    for statement in SQLITE_GUARDS if connection.dialect.name == "sqlite" else POSTGRES_GUARDS:
        connection.exec_driver_sql(statement)


def create_all(db: Database) -> None:
    """Every table and trigger in an empty database, for tests and benchmarks; installations migrate instead."""
    with db.engine.begin() as connection:
        metadata.create_all(connection)
        guard_journal(connection)
