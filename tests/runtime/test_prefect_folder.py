"""Prefect's database goes with the business database that it was made for, and with no other."""

from datetime import timedelta
from pathlib import Path

import pytest

from engine.instants import Now
from models.database import Database
from models.migrate import upgrade
from runtime.prefect_folder import adopt, forget_foreign, has_database
from services.instance import instance_of, name_instance
from tests.factories import ISSUED, at
from wiring.context import AppContext, build_context
from wiring.settings import Settings

NOW = at(ISSUED)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, data=tmp_path, clock="system")


def run_once(settings: Settings) -> AppContext:
    """What a first start leaves: a migrated database, and one of Prefect's beside it."""
    context = build_context(settings)
    upgrade(context.db)
    adopt(context)
    context.db.close()
    (settings.prefect_folder / "prefect.db").write_text("runs")
    return context


def test_the_next_start_finds_it_again(settings: Settings) -> None:
    run_once(settings)
    assert not forget_foreign(settings) and has_database(settings)


def test_a_business_database_that_is_gone_takes_it_along(settings: Settings) -> None:
    run_once(settings)
    settings.database_path.unlink()
    assert forget_foreign(settings) and not has_database(settings)


def test_one_that_was_made_anew_takes_it_along(settings: Settings) -> None:
    run_once(settings)
    settings.database_path.unlink()
    db = Database(settings.url)
    upgrade(db)
    assert instance_of(db) == ""
    name_instance(db, Now(NOW.business, NOW.system + timedelta(microseconds=1)))
    db.close()
    assert forget_foreign(settings)


def test_one_that_was_made_anew_and_never_run_takes_it_along(settings: Settings) -> None:
    run_once(settings)
    settings.database_path.unlink()
    db = Database(settings.url)
    upgrade(db)
    db.close()
    assert forget_foreign(settings)


def test_what_is_from_before_there_were_marks_stays(settings: Settings) -> None:
    context = run_once(settings)
    (settings.prefect_folder / "belongs-to").unlink()
    assert not forget_foreign(settings)
    adopt(context)
    context.db.close()
    assert not forget_foreign(settings)


def test_a_database_is_named_once(db: Database) -> None:
    first = name_instance(db, NOW)
    assert first and name_instance(db, Now(NOW.business, NOW.system + timedelta(days=1))) == first
