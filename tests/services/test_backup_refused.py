"""What restoring looks at before anything takes its place, each by itself: with sums made right again, so that nothing else refuses it."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from engine.errors import Invalid, Refused, Unavailable
from models.database import Database
from services import restore as restoring
from services.backup import make_backup
from services.restore import Restored
from tests.services.test_backup import AT, changed, put, small

__all__ = ["small"]
Small = tuple[Path, Database, Path]
DATABASE = "database/database.sqlite"


def forged(file: Path, target: Path, change: Callable[[dict[str, bytes], dict[str, Any]], None]) -> Path:
    """A copy of a backup by somebody who knows how it is made: contents and manifest changed, sizes and sums right."""
    with zipfile.ZipFile(file) as old:
        contents = {name: old.read(name) for name in old.namelist()}
    manifest = json.loads(contents.pop("manifest.json"))
    change(contents, manifest)
    told = {name: {"size": len(data), "sha256": sha256(data).hexdigest()} for name, data in contents.items()}
    with zipfile.ZipFile(target, "w") as new:
        for name, data in contents.items():
            new.writestr(name, data)
        new.writestr("manifest.json", json.dumps({**manifest, "files": told}))
    return target


def refused(file: Path, tmp_path: Path) -> str:
    """Why restoring ``file`` is refused, leaving nothing."""
    with pytest.raises((Invalid, Unavailable)) as problem:
        put(file, tmp_path / "new")
    assert not (tmp_path / "new").exists() or list((tmp_path / "new").iterdir()) == []
    return problem.value.code


def test_a_database_that_is_spoilt_within_is_found_by_sqlites_own_check(small: Small, tmp_path: Path) -> None:
    def spoil(contents: dict[str, bytes], _: dict[str, Any]) -> None:
        page = 4096
        data = bytearray(contents[DATABASE])
        for start in range(5 * page, len(data), 7 * page):
            data[start + 8 : start + 40] = b"\xff" * 32
        contents[DATABASE] = bytes(data)

    assert refused(forged(small[2], tmp_path / "x.zip", spoil), tmp_path) == "backup-file"


def test_a_newer_database_under_an_older_manifest_is_refused(small: Small, tmp_path: Path) -> None:
    def newer(contents: dict[str, bytes], _: dict[str, Any]) -> None:
        file = tmp_path / "newer.sqlite"
        file.write_bytes(contents[DATABASE])
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        contents[DATABASE] = file.read_bytes()

    assert refused(forged(small[2], tmp_path / "x.zip", newer), tmp_path) == "schema-newer"


def without_database(contents: dict[str, bytes], _: dict[str, Any]) -> None:
    del contents[DATABASE]


def of_another_kind(_: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["format"] = "dondoc-backup/2"


@pytest.mark.parametrize("change", [without_database, of_another_kind])
def test_what_is_not_whole_or_of_another_kind_is_no_backup(small: Small, tmp_path: Path, change: Callable[..., None]) -> None:
    assert refused(forged(small[2], tmp_path / "x.zip", change), tmp_path) == "backup-file"


def test_what_the_manifest_does_not_speak_of_or_speaks_of_too_long_is_refused(
    small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(small[2], "a") as package:
        package.writestr(f"attachments/aa/{'a' * 64}", b"x")
    assert refused(small[2], tmp_path) == "backup-file"
    made = make_backup(small[1], small[0], tmp_path / "c.zip", at=AT).file
    with monkeypatch.context() as short:
        short.setattr(restoring, "LARGEST_MANIFEST", 100)
        assert refused(made, tmp_path) == "backup-file"
    put(made, tmp_path / "new")


@pytest.mark.parametrize("more", [-1, 1])
def test_a_size_that_is_not_so_is_refused_though_the_sum_is_right(small: Small, tmp_path: Path, more: int) -> None:
    with zipfile.ZipFile(small[2]) as package:
        files = json.loads(package.read("manifest.json"))["files"]
    files["secret-key"]["size"] += more
    assert refused(changed(small[2], tmp_path / "x.zip", "manifest.json", files=files), tmp_path) == "backup-damaged"


@pytest.mark.parametrize("place", ["attachments/aa/x", "dondoc.sqlite"])
def test_files_alone_and_a_database_alone_are_in_the_way_too(small: Small, tmp_path: Path, place: str) -> None:
    there = tmp_path / "new" / place
    there.parent.mkdir(parents=True)
    there.write_bytes(b"x")
    with pytest.raises(Refused):
        put(small[2], tmp_path / "new")
    assert [path.read_bytes() for path in (tmp_path / "new").rglob("*") if path.is_file()] == [b"x"] and there.is_file()


def test_a_file_that_nobody_had_is_told_at_both_ends(small: Small, tmp_path: Path) -> None:
    data, db, _ = small
    (lost,) = (path for path in (data / "attachments").rglob("*") if path.is_file())
    lost.unlink()
    made = make_backup(db, data, tmp_path / "c.zip", at=AT)
    found = put(made.file, tmp_path / "new")
    assert isinstance(found, Restored) and made.missing == found.missing == (lost.name,)


def test_it_is_on_the_disk_before_it_has_its_name(small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, db, _ = small
    target, flushed = tmp_path / "c.zip", []

    def fsync(handle: int) -> None:
        told = os.fstat(handle)
        flushed.append((stat.S_ISREG(told.st_mode), told.st_size if stat.S_ISREG(told.st_mode) else told.st_ino, target.exists()))

    monkeypatch.setattr(os, "fsync", fsync)
    made = make_backup(db, data, target, at=AT)
    assert flushed == [(True, made.size, False), (False, tmp_path.stat().st_ino, True)]
