"""A backup: the database as of one moment and every file that it speaks of, in one ZIP with a manifest of checksums.

People go on working meanwhile: what was acknowledged before it began is in it. Files come after the database; they are only ever added
under the hash of their content, so a file that a row speaks of is there.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from engine.definition import Text
from engine.errors import Invalid, StorageFull
from models.copying import Copied, copy_out
from models.database import Database

FORMAT = "dondoc-backup/1"
MANIFEST = "manifest.json"
DATABASE, ATTACHMENTS, KEY = "database", "attachments", "secret-key"
PATTERN = "dondoc-*.zip"
CHUNK = 1 << 20
DAILY = timedelta(hours=20)  # a backup younger than this is the day's
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made. ``missing``: files that rows speak of and nobody has (`dondoc doctor` tells of them too)."""

    file: Path
    schema: str
    entries: int
    attachments: int
    size: int
    missing: tuple[str, ...] = ()


def silent(_: float) -> None:
    """For those who show no progress."""


def name_of(at: datetime) -> str:
    """The name of a backup made at ``at`` (system time); names sort by time."""
    return f"dondoc-{at:%Y%m%dT%H%M%SZ}.zip"


def make_backup(db: Database, data: Path, file: Path, *, at: datetime, on_progress: Progress = silent) -> Backup:
    """Write a backup of ``db`` and of the attachments and key under ``data`` to ``file``, readable by its owner only.

    It appears under its name when it is whole and on the disk. Raises `Invalid` if there is such a file, `StorageFull` without room.
    """
    if file.exists():
        raise Invalid(Text(f"Đã có tệp {file}.", f"{file} exists already."), code="backup-exists", field="file")
    file.parent.mkdir(parents=True, exist_ok=True)
    _require_room(db, data, file.parent)
    draft = file.parent / f".making-{secrets.token_hex(6)}"
    draft.mkdir(mode=0o700)
    try:
        copied = copy_out(db, draft, lambda part: on_progress(part * 0.4))
        packed = draft / "whole.zip"
        missing = _pack(packed, copied, data, at, lambda part: on_progress(0.4 + part * 0.6))
        _sync(packed)
        packed.replace(file)
        _sync(file.parent)
    finally:
        shutil.rmtree(draft)
    kept = len(copied.attachments) - len(missing)
    return Backup(file, copied.schema, copied.entries, kept, file.stat().st_size, missing)


def daily_backup(db: Database, data: Path, folder: Path, *, keep: int, at: datetime) -> Backup | None:
    """The day's backup, then the deletion of all but the newest ``keep``; None if the day has one already."""
    newest = max(backups_in(folder), default=None)
    if newest is not None and at - datetime.strptime(newest.name, "dondoc-%Y%m%dT%H%M%SZ.zip").replace(tzinfo=at.tzinfo) < DAILY:
        return None
    made = make_backup(db, data, folder / name_of(at), at=at)
    for old in sorted(backups_in(folder))[:-keep]:
        old.unlink()
    return made


def backups_in(folder: Path) -> list[Path]:
    """The backups with a name that we give, in ``folder``."""
    return [file for file in folder.glob(PATTERN) if len(file.name) == len("dondoc-20240101T000000Z.zip")]


def _pack(target: Path, copied: Copied, data: Path, at: datetime, on_progress: Progress) -> tuple[str, ...]:
    """Everything into one ZIP, the manifest last. Returns the hashes of the files that are missing."""
    sources = list(_sources(copied, data))
    present = [(name, path) for name, path in sources if path.is_file()]
    missing = tuple(sorted(path.name for name, path in sources if not path.is_file()))
    whole, done = sum(path.stat().st_size for _, path in present) or 1, 0
    files: dict[str, dict[str, Any]] = {}
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as raw, zipfile.ZipFile(raw, "w", compresslevel=1) as package:
        for name, path in present:
            how = zipfile.ZIP_STORED if name.startswith(f"{ATTACHMENTS}/") else zipfile.ZIP_DEFLATED
            files[name] = _add(package, name, path, how)
            done += files[name]["size"]
            on_progress(done / whole)
        manifest = {
            "format": FORMAT, "made_at": at.isoformat(), "backend": copied.backend, "schema": copied.schema, "entries": copied.entries,
            "missing": list(missing), "columns": copied.columns, "files": files,
        }  # fmt: skip
        package.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    return missing


def _sources(copied: Copied, data: Path) -> Iterator[tuple[str, Path]]:
    yield from ((f"{DATABASE}/{path.name}", path) for path in copied.files)
    yield from ((f"{ATTACHMENTS}/{h[:2]}/{h}", data / ATTACHMENTS / h[:2] / h) for h in sorted(copied.attachments))
    if (data / KEY).is_file():
        yield KEY, data / KEY


def _add(package: zipfile.ZipFile, name: str, path: Path, how: int) -> dict[str, Any]:
    """Stream one file into the package; its size and hash."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = how
    hashed, size = sha256(), 0
    with path.open("rb") as source, package.open(entry, "w", force_zip64=True) as into:
        while chunk := source.read(CHUNK):
            hashed.update(chunk)
            size += len(chunk)
            into.write(chunk)
    return {"size": size, "sha256": hashed.hexdigest()}


def _require_room(db: Database, data: Path, folder: Path) -> None:
    """Raise `StorageFull` if the copy and the packed file cannot both lie in ``folder``. PostgreSQL's size is not ours to see."""
    database = db.file.stat().st_size if db.file is not None and db.file.exists() else 0
    attachments = sum(path.stat().st_size for path in (data / ATTACHMENTS).rglob("*") if path.is_file())
    if shutil.disk_usage(folder).free < 2 * database + attachments:
        raise StorageFull()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
