"""The files of a pack, read with every limit a stranger's folder needs: number, size, encoding, tabs. Nothing is parsed here."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path

from engine.definition import Text
from engine.errors import PackProblem

MAX_BYTES = 2_000_000
MAX_FILES = 300
SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file as text: NFC, no-break spaces made ordinary. ``text`` of a file that is not readable is what can be seen of it."""

    name: str
    text: str
    problems: tuple[PackProblem, ...] = ()
    readable: bool = True


def read_files(folder: Path) -> list[SourceFile]:
    """Every YAML file below ``folder`` in the order of its name (nv2 before nv10), hidden ones and links left out.

    A file that cannot be read comes back with its problems and without text.
    """
    if not folder.is_dir():
        message = Text(f"“{folder}” không phải là thư mục.", f"“{folder}” is not a folder.")
        hint = Text("Cho biết thư mục của gói kế hoạch.", "Name the folder of a plan pack.")
        return [_unreadable(folder.name, 1, "no-folder", message, hint)]
    paths = sorted((p for p in folder.rglob("*") if _belongs(p, folder)), key=lambda p: _natural(p.relative_to(folder)))
    if not paths:
        message = Text("Thư mục không có tệp YAML nào.", "The folder holds no YAML file.")
        return [_unreadable("plan.yaml", 1, "no-files", message, Text("Cần ít nhất plan.yaml.", "It needs a plan.yaml at least."))]
    if len(paths) > MAX_FILES:
        message = Text(
            f"Thư mục có {len(paths)} tệp YAML, tối đa {MAX_FILES}.", f"The folder holds {len(paths)} YAML files, at most {MAX_FILES}."
        )
        return [_unreadable("plan.yaml", 1, "too-many-files", message, Text("Đây có phải là gói kế hoạch?", "Is this a plan pack?"))]
    return [_read(path, path.relative_to(folder).as_posix()) for path in paths]


def read_file(path: Path) -> SourceFile:
    """One file by itself; one that cannot be read comes back with its problems and without text."""
    return _read(path, path.name)


def text_file(name: str, text: str) -> SourceFile:
    """A text that came otherwise, as the file ``name``."""
    return _cleaned(name, text)


def _belongs(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return path.suffix.lower() in SUFFIXES and not hidden and not path.is_symlink() and path.is_file()


def _natural(path: Path) -> list[tuple[int, str]]:
    return [(int(part or 0), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", path.as_posix())]


def _read(path: Path, name: str) -> SourceFile:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:  # asked before reading: the file may be larger than memory
            shown = f"{size / 1_000_000:.1f} MB"
            message = Text(f"Tệp quá lớn: {shown}, tối đa 2 MB.", f"The file is too large: {shown}, at most 2 MB.")
            return _unreadable(name, 1, "too-large", message, Text("Chia thành nhiều tệp.", "Split it into several files."))
        data = path.read_bytes()
    except OSError as error:
        message = Text(f"Không đọc được tệp: {error.strerror}.", f"The file cannot be read: {error.strerror}.")
        return _unreadable(name, 1, "unreadable", message, Text("Kiểm tra quyền đọc tệp.", "Check that it may be read."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"0x{data[error.start]:02x}"
        message = Text(f"Không phải UTF-8: byte {what} ở vị trí {error.start}.", f"Not UTF-8: the byte {what} at position {error.start}.")
        hint = Text("Lưu lại tệp với bảng mã UTF-8.", "Save the file again, encoded as UTF-8.")
        return replace(_unreadable(name, line, "not-utf8", message, hint), text=data.decode("utf-8", errors="replace"))
    return _cleaned(name, text)


def _cleaned(name: str, text: str) -> SourceFile:
    lines = unicodedata.normalize("NFC", text).replace("\u00a0", " ").splitlines()
    problems = []
    for number, line in enumerate(lines, start=1):
        if re.match(r"[ ]*\t\s*[^\s#]", line):
            message = Text("Dòng thụt lề bằng phím Tab.", "The line is indented with a tab.")
            problems.append(PackProblem(name, number, message, Text("Dùng dấu cách.", "Use spaces."), code="tab"))
    return SourceFile(name, "\n".join(lines) + "\n", tuple(problems))


def _unreadable(name: str, line: int, code: str, message: Text, hint: Text) -> SourceFile:
    return SourceFile(name, "", (PackProblem(name, line, message, hint, code=code),), readable=False)
