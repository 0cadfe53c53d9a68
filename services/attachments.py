"""Files that people hand in: streamed to a temporary file, counted, hashed, known by their content, then kept under their hash.

The bytes are safe on the disk before a row speaks of them: fsync, rename, fsync of the folder. The same bytes are kept once.
"""

from __future__ import annotations

import errno
import os
import secrets
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from engine.access import Actor
from engine.definition import Text
from engine.errors import Invalid, NotFound, StorageFull
from models.database import Database
from models.reading import step as reading
from services.file_types import media_type_of

LARGEST = 100 * 1024 * 1024  # bytes of one file, where no setting says otherwise
CHUNK = 256 * 1024
LONGEST_NAME = 180
Scan = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that lies in the store, as an ``attach`` action wants it."""

    evidence: str
    name: str
    media_type: str
    size: int
    sha256: str

    def as_payload(self) -> dict[str, Any]:
        """The entry for ``files`` of the action's payload."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Served:
    """A stored file to hand out."""

    path: Path
    name: str
    media_type: str


def store(
    folder: Path, stream: BinaryIO, *, name: str, evidence: str = "", largest: int = LARGEST, scan: Scan | None = None
) -> Stored:  # fmt: skip
    """Keep the bytes of ``stream`` under ``folder``. ``scan`` looks at the file before it is kept and raises if it is harmful.

    Raises `Invalid` for an empty, too large or not allowed file, `StorageFull` without room; then nothing is kept.
    """
    shown = clean_name(name)
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{secrets.token_hex(12)}"
    try:
        size, digest = _write(stream, draft, largest)
        kind = media_type_of(draft, shown)
        if scan:
            scan(draft)
        target = folder / digest[:2] / digest
        target.parent.mkdir(exist_ok=True)
        draft.replace(target)
        sync_folder(target.parent)
        sync_folder(folder)
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull() from problem
        raise
    finally:
        draft.unlink(missing_ok=True)
    return Stored(evidence, shown, kind, size, digest)


def serve(db: Database, folder: Path, viewer: Actor, attachment_id: int) -> Served:
    """The file ``attachment_id`` for those who read its step in full. Raises `NotFound` for everybody else."""
    with db.read() as connection:
        row = reading.file(connection, viewer, attachment_id)
    if row is None or row.purged_at is not None:
        raise NotFound()
    path = folder / row.sha256[:2] / row.sha256
    if not path.is_file():
        raise NotFound(f"attachment {attachment_id}")
    return Served(path, row.name, row.media_type)


def clean_name(name: str) -> str:
    """The last part of a path that a browser sent, in NFC, without what a file system or a header would trip over."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(" .")
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending)]}{dot}{ending}" if kept else "tep"


def _write(stream: BinaryIO, draft: Path, largest: int) -> tuple[int, str]:
    hashed, size = sha256(), 0
    with draft.open("xb") as file:
        for chunk in _chunks(stream):
            size += len(chunk)
            if size > largest:
                raise Invalid(
                    Text(f"Tệp lớn quá {largest // 1024**2} MB.", f"The file is larger than {largest // 1024**2} MB."),
                    code="file-size",
                    field="files",
                )
            hashed.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if not size:
        raise Invalid(Text("Tệp rỗng.", "The file is empty."), code="file-empty", field="files")
    return size, hashed.hexdigest()


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk


def sync_folder(folder: Path) -> None:
    """Make sure that what was renamed or deleted in ``folder`` stays so through a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
