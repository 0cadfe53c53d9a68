"""SHA-256 sums of everything in a folder, in the form that ``sha256sum --check`` reads."""

from __future__ import annotations

import hashlib
from pathlib import Path

NAME = "SHA256SUMS"


def sum_of(file: Path) -> str:
    """The SHA-256 of a file in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def write(folder: Path) -> None:
    """Write the sums of every file below ``folder`` into it, itself left out."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != NAME)
    lines = "".join(f"{sum_of(path)}  ./{path.relative_to(folder).as_posix()}\n" for path in files)
    (folder / NAME).write_text(lines, encoding="utf-8")
