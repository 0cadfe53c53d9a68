"""Putting a backup back: everything is checked beside the data first, then takes its place; what was there is kept aside."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import zipfile
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from engine.definition import Text
from engine.errors import Invalid, Refused
from models.copying import SQLITE_FILE, attachments_of, bring_back, is_empty, put_back, set_aside, sound
from models.database import Database, sqlite_url
from models.migrate import require_known, upgrade
from services.backup import ATTACHMENTS, CHUNK, DATABASE, FORMAT, KEY, MANIFEST, Progress, silent
from services.verify_journal import Verification, verify

NAMES = re.compile(r"database/[a-z_]+\.(sqlite|copy)|attachments/[0-9a-f]{2}/[0-9a-f]{64}|secret-key")
LARGEST_MANIFEST = 256 << 20


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back. ``missing``: files that rows speak of and the backup did not have. ``aside``: where the former data lie now."""

    schema: str
    made_at: str
    journal: Verification
    attachments: int
    missing: tuple[str, ...]
    aside: str = ""


def restore(file: Path, *, data: Path, url: str, at: datetime, force: bool = False, on_progress: Progress = silent) -> Restored:
    """Put the backup ``file`` into the data folder ``data`` and the database ``url``, and bring it to this program's schema.

    Raises `Invalid` for a file that is no whole backup or whose journal does not verify, `Unavailable` if a newer program made it,
    `Refused` if there are data and not ``force``. Then nothing has changed.
    """
    db = Database(url)
    draft = data / f".restoring-{secrets.token_hex(6)}"
    try:
        with _opened(file) as package:
            manifest = read_manifest(package)
            _require_fit(manifest, db, data, force)
            draft.mkdir(parents=True, mode=0o700)
            unpack(package, manifest, draft, lambda part: on_progress(part * 0.5))
        place = _into_sqlite if db.sqlite else _into_postgres
        return place(db, data, draft, manifest, f"before-restore-{at:%Y%m%dT%H%M%SZ}", lambda part: on_progress(0.5 + part * 0.5))
    finally:
        db.close()
        shutil.rmtree(draft, ignore_errors=True)


def read_manifest(package: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest of a backup, with names that stay within the folder. Raises `Invalid`."""
    try:
        if package.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
            raise _no_backup()
        manifest: dict[str, Any] = json.loads(package.read(MANIFEST))
        whole = manifest["format"] == FORMAT and set(manifest["files"]) | {MANIFEST} == set(package.namelist())
        if not whole or not all(NAMES.fullmatch(name) for name in manifest["files"]):
            raise _no_backup()
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile):
        raise _no_backup() from None
    return manifest


def unpack(package: zipfile.ZipFile, manifest: dict[str, Any], folder: Path, on_progress: Progress) -> None:
    """Unpack what the manifest lists into ``folder``. Raises `Invalid` for the first file that is not as the manifest says."""
    files: dict[str, dict[str, Any]] = manifest["files"]
    whole, done = sum(entry["size"] for entry in files.values()) or 1, 0
    for name, entry in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not _written(package, name, target, entry):
            raise Invalid(
                Text(f"Tệp {name} trong bản sao lưu không còn nguyên vẹn.", f"The file {name} of the backup is not whole."),
                code="backup-damaged",
                field="file",
            )
        done += entry["size"]
        on_progress(done / whole)


def _written(package: zipfile.ZipFile, name: str, target: Path, entry: dict[str, Any]) -> bool:
    hashed, size = sha256(), 0
    try:
        with package.open(name) as source, target.open("wb") as into:
            while chunk := source.read(CHUNK):
                size += len(chunk)
                if size > entry["size"]:
                    return False
                hashed.update(chunk)
                into.write(chunk)
    except zipfile.BadZipFile:
        return False
    return bool(size == entry["size"] and hashed.hexdigest() == entry["sha256"])


def _require_fit(manifest: dict[str, Any], db: Database, data: Path, force: bool) -> None:
    require_known(str(manifest["schema"]))
    made_by, backend = manifest["backend"], "sqlite" if db.sqlite else "postgresql"
    if made_by != backend:
        raise Invalid(
            Text(f"Bản sao lưu là của {made_by}, ở đây dùng {backend}.", f"The backup is of {made_by}, this is {backend}."),
            code="backup-backend",
            hint=Text("Đặt DONDOC_DATABASE_URL cho đúng.", "Set DONDOC_DATABASE_URL accordingly."),
        )  # fmt: skip
    files = data / ATTACHMENTS
    if not force and (not is_empty(db) or (files.exists() and any(files.iterdir()))):
        raise Refused(
            Text("Thư mục dữ liệu không trống.", "The data folder is not empty."),
            code="not-empty",
            hint=Text(
                "Chọn thư mục khác, hoặc thêm --force: dữ liệu cũ được giữ sang bên.",
                "Choose another, or add --force: what is there is kept aside.",
            ),
        )


def _into_sqlite(db: Database, data: Path, draft: Path, manifest: dict[str, Any], aside: str, on_progress: Progress) -> Restored:
    file, new = db.file, draft / DATABASE / SQLITE_FILE
    assert file is not None
    if not new.is_file() or not sound(new):
        raise _no_backup()
    copy = Database(sqlite_url(new))
    try:
        checked = _checked(copy, on_progress)
        missing = _missing(copy, draft)
    finally:
        copy.close()
    old = [file.with_name(file.name + ending) for ending in ("", "-wal", "-shm", "-journal")]
    kept = _move_aside([*old, data / ATTACHMENTS, data / KEY], data / aside)
    for ending in ("-wal", "-shm"):
        left = new.with_name(new.name + ending)
        if left.exists():
            left.rename(file.with_name(file.name + ending))
    new.rename(file)
    return _restored(data, draft, manifest, checked, missing, str(data / aside) if kept else "")


def _into_postgres(db: Database, data: Path, draft: Path, manifest: dict[str, Any], aside: str, on_progress: Progress) -> Restored:
    occupied = not is_empty(db)
    name = aside.replace("-", "_").lower()
    set_aside(db, name)
    try:
        upgrade(db, manifest["schema"])
        put_back(db, draft / DATABASE, manifest["columns"], on_progress)
        checked = _checked(db, on_progress)
        missing = _missing(db, draft)
    except BaseException:
        bring_back(db, name)
        raise
    kept = _move_aside([data / ATTACHMENTS, data / KEY], data / aside)
    where = [*([f"schema {name}"] if occupied else []), *([str(data / aside)] if kept else [])]
    return _restored(data, draft, manifest, checked, missing, ", ".join(where))


def _checked(db: Database, on_progress: Progress) -> Verification:
    """Bring the copy to this program's schema and verify its journal. Raises `Invalid` if it is not whole."""
    upgrade(db)
    found = verify(db, on_progress=on_progress)
    if found.faults:
        what = "{}: {}".format(*found.faults[0])
        raise Invalid(
            Text(f"Nhật ký trong bản sao lưu không nguyên vẹn ({what}).", f"The backup's journal is not whole ({what})."),
            code="backup-journal",
            field="file",
        )
    return found


def _missing(db: Database, draft: Path) -> tuple[str, ...]:
    return tuple(sorted(h for h in attachments_of(db) if not (draft / ATTACHMENTS / h[:2] / h).is_file()))


def _move_aside(paths: list[Path], folder: Path) -> bool:
    """Move what exists of ``paths`` into ``folder``; whether anything did."""
    found = [path for path in paths if path.exists()]
    if found:
        folder.mkdir(mode=0o700)
    for path in found:
        path.rename(folder / path.name)
    return bool(found)


def _restored(
    data: Path, draft: Path, manifest: dict[str, Any], journal: Verification, missing: tuple[str, ...], aside: str
) -> Restored:  # fmt: skip
    for name in (ATTACHMENTS, KEY):
        if (draft / name).exists():
            (draft / name).rename(data / name)
    number = sum(name.startswith(f"{ATTACHMENTS}/") for name in manifest["files"])
    return Restored(manifest["schema"], manifest["made_at"], journal, number, missing, aside)


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except FileNotFoundError:
        raise Invalid(Text(f"Không có tệp {file}.", f"There is no file {file}."), code="backup-file", field="file") from None
    except (OSError, zipfile.BadZipFile):
        raise _no_backup() from None


def _no_backup() -> Invalid:
    return Invalid(Text("Tệp không phải là bản sao lưu nguyên vẹn.", "The file is not a whole backup."), code="backup-file", field="file")
