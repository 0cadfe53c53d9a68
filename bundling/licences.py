"""The licences of the libraries in a bundle, taken from their wheels."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path, PurePosixPath

NAMES = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
LINE = 80


@dataclass(frozen=True, slots=True)
class Licence:
    """What one wheel says of itself. ``texts``: path in the wheel and content."""

    name: str
    version: str
    licence: str
    texts: tuple[tuple[str, bytes], ...]


def licence_of(wheel: Path) -> Licence:
    """Read a wheel. Raises ValueError for one that has no metadata."""
    with zipfile.ZipFile(wheel) as archive:
        metadata = next((n for n in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", n)), None)
        if metadata is None:
            raise ValueError(f"{wheel.name} has no METADATA")
        found = HeaderParser().parsestr(archive.read(metadata).decode("utf-8"))
        inside = metadata.rpartition("/")[0] + "/"
        texts = [(n, archive.read(n)) for n in archive.namelist() if n.startswith(inside) and NAMES.search(PurePosixPath(n).name)]
    return Licence(found["Name"], found["Version"], named(found), tuple(texts))


def named(metadata: Message) -> str:
    """The name of a licence: the expression, else the classifiers, else the first line of the text given."""
    if expression := metadata["License-Expression"]:
        return str(expression)
    classes = [c.rpartition(" :: ")[2] for c in metadata.get_all("Classifier") or () if c.startswith("License ::")]
    if classes:
        return ", ".join(classes)
    first = str(metadata["License"] or "").strip().splitlines()
    return first[0][:LINE] if first else "see its text"


def write(wheels: list[Path], folder: Path) -> None:
    """Write every text below ``folder``, and a list of all."""
    folder.mkdir(parents=True)
    found = sorted((licence_of(wheel) for wheel in wheels), key=lambda each: each.name.lower())
    for each in found:
        for path, content in each.texts:
            target = folder / f"{each.name}-{each.version}" / "-".join(PurePosixPath(path).parts[1:])
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(content)
    rows = "".join(f"| {each.name} | {each.version} | {each.licence} |\n" for each in found)
    (folder / "README.md").write_text(f"# Libraries and their licences\n\n| Library | Version | Licence |\n|---|---|---|\n{rows}", "utf-8")
