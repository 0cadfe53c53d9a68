"""A pack that comes as a zip archive: unpacked into a folder within limits, its YAML files only."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from pathlib import Path, PurePosixPath

from engine.definition import Text
from engine.errors import Invalid
from plans.files import MAX_BYTES, MAX_FILES, SUFFIXES

MOST_BYTES, MOST_UNPACKED = 5 * 1024 * 1024, 20_000_000


def unpack(data: bytes, folder: Path) -> None:
    """Write the YAML files of the archive ``data`` below ``folder``; one folder around them all is left out. Raises Invalid."""
    if len(data) > MOST_BYTES:
        raise _bad(Text("Tệp nén quá lớn, tối đa 5 MB.", "The archive is too large, at most 5 MB."))
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            found = [part for part in archive.infolist() if _wanted(part)]
            if len(found) > MAX_FILES or sum(part.file_size for part in found) > MOST_UNPACKED:
                raise _bad(Text("Tệp nén giải nén ra quá lớn.", "The archive unpacks to too much."))
            around = _around([PurePosixPath(part.filename) for part in found])
            for part in found:
                path = folder / PurePosixPath(part.filename).relative_to(around)
                path.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(part) as source:
                    path.write_bytes(source.read(MAX_BYTES + 1))  # one byte more than the reader takes: it says so with the file's name
    except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError) as error:
        raise _bad(Text("Không đọc được tệp nén này.", "This archive cannot be read.")) from error


def _wanted(part: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(part.filename)
    inside = not path.is_absolute() and ".." not in path.parts and "\\" not in part.filename
    hidden = any(name.startswith((".", "__MACOSX")) for name in path.parts)
    return inside and not hidden and not part.is_dir() and path.suffix.lower() in SUFFIXES


def _around(paths: list[PurePosixPath]) -> PurePosixPath:
    """The one folder in which everything lies, if there is one."""
    tops = {path.parts[0] for path in paths}
    wrapped = len(tops) == 1 and all(len(path.parts) > 1 for path in paths)
    return PurePosixPath(tops.pop()) if wrapped else PurePosixPath()


def _bad(text: Text) -> Invalid:
    hint = Text("Nén thư mục của gói kế hoạch thành tệp zip.", "Send the folder of the plan pack as a zip archive.")
    return Invalid(text, code="archive", hint=hint, field="pack")
