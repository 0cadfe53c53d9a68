"""Prefect's own database belongs to one business database: with another it would show flow runs of work that does not exist.

``python -m runtime.prefect_folder`` puts away one that belongs to another; nothing is lost with it, the relay makes what is missing. It is
a process of its own because the supervisor, which runs it, has no use for a database.
"""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from wiring.settings import Settings, load_settings

if TYPE_CHECKING:
    from wiring.context import AppContext

log = logging.getLogger("dondoc.prefect")


def has_database(settings: Settings) -> bool:
    """Whether Prefect has run here before, on a database in the data folder."""
    return not settings.prefect_database_url and (settings.prefect_folder / "prefect.db").exists()


def adopt(app: AppContext) -> None:
    """Note whose Prefect's database is from now on."""
    from services.instance import name_instance

    app.settings.prefect_folder.mkdir(parents=True, exist_ok=True)
    _mark(app.settings).write_text(name_instance(app.db, app.now()), encoding="ascii")


def forget_foreign(settings: Settings) -> bool:
    """Remove Prefect's folder if it belongs to another business database, or if ours is not there yet. Whether it was removed.

    One without a mark, beside a database without a name, is from before there were marks: it stays.
    """
    from models.database import Database
    from services.instance import instance_of

    db = Database(settings.url)
    try:
        ours, missing = instance_of(db), db.file is not None and not db.file.exists()
    finally:
        db.close()
    theirs = _mark(settings).read_text(encoding="ascii") if _mark(settings).exists() else ""
    if not missing and (not theirs or theirs == ours):
        return False
    log.warning("Prefect's database belongs to another business database: it is made anew")
    shutil.rmtree(settings.prefect_folder)
    return True


def _mark(settings: Settings) -> Path:
    return settings.prefect_folder / "belongs-to"


if __name__ == "__main__":
    forget_foreign(load_settings())
