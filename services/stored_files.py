"""The store of files against the rows that speak of them: what is missing or changed, and what nobody speaks of any more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from models import purging
from models import stored_files as sql
from models.database import Database
from services.attachments import CHUNK

ORPHANED_AFTER = timedelta(days=1)  # an upload of a refused action, or one that was cut off
NAME = re.compile(r"[0-9a-f]{64}")
DRAFT = re.compile(r"\.[0-9a-f]{24}")
ASIDE = ".orphan"


def faults_of_files(db: Database, folder: Path, on_progress: Callable[[float], None] = lambda _: None) -> list[str]:
    """Files that a row speaks of and that are missing or changed, each read in full; destroyed ones that are still there."""
    with db.read() as connection:
        wanted, destroyed = sql.wanted(connection), purging.destroyed(connection)
    left = sorted(digest for digest in destroyed if (folder / digest[:2] / digest).exists())
    found = [f"files: {digest} was destroyed and is still there; run dondoc file finish" for digest in left]
    for number, (digest, size) in enumerate(sorted(wanted.items()), 1):
        path = folder / digest[:2] / digest
        if not path.is_file():
            found.append(f"files: {digest} is missing")
        elif path.stat().st_size != size or _hash(path) != digest:
            found.append(f"files: {digest} was changed")
        on_progress(number / len(wanted))
    return found


def sweep_orphans(db: Database, folder: Path, *, at: datetime) -> int:
    """Delete files older than a day that no row speaks of, and drafts as old; how many. ``at``: system time.

    The same bytes may be handed in again at this very moment. So a file is moved aside, looked for once more, and put back if it is
    wanted by then; bytes that come after the move make a file of their own. What a crash left aside is looked for first.
    """
    with db.read() as connection:
        wanted = sql.wanted(connection)
    swept = sum(_settle(db, aside, at) for aside in sorted(folder.glob(f"??/*{ASIDE}")))
    for path in _old(folder, at):
        if DRAFT.fullmatch(path.name):
            path.unlink(missing_ok=True)
            swept += 1
        elif path.name not in wanted:
            swept += _settle(db, path.rename(path.with_suffix(ASIDE)), at)
    return swept


def _old(folder: Path, at: datetime) -> Iterator[Path]:
    limit = (at - ORPHANED_AFTER).timestamp()
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        known = NAME.fullmatch(path.name) or DRAFT.fullmatch(path.name)
        if known and path.is_file() and path.stat().st_mtime < limit:
            yield path


def _settle(db: Database, aside: Path, at: datetime) -> bool:
    """Delete what was moved aside, or put it back if a row speaks of it by now or its bytes came again; whether it is gone."""
    path = aside.with_suffix("")
    with db.read() as connection:
        wanted = sql.is_wanted(connection, path.name)
    if wanted or aside.stat().st_mtime >= (at - ORPHANED_AFTER).timestamp():
        aside.rename(path)
        return False
    aside.unlink()
    return True


def _hash(path: Path) -> str:
    hashed = sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            hashed.update(chunk)
    return hashed.hexdigest()
