"""Which files may be handed in, known by their content and not by what the browser says: PDF, Office, JPEG, PNG, HEIC."""

from __future__ import annotations

import zipfile
from pathlib import Path

from engine.definition import Text
from engine.errors import Invalid

OOXML = "application/vnd.openxmlformats-officedocument"
# folder inside the package → (ending, media type)
PACKAGES = {
    "word/": ("docx", f"{OOXML}.wordprocessingml.document"),
    "xl/": ("xlsx", f"{OOXML}.spreadsheetml.sheet"),
    "ppt/": ("pptx", f"{OOXML}.presentationml.presentation"),
}
OLD_OFFICE = {"doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint"}
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
HEIC_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"hevc")
ACCEPT = ".pdf,.docx,.xlsx,.pptx,.doc,.xls,.ppt,.jpg,.jpeg,.png,.heic"
MOST_PARTS = 20_000  # of a package; more is no document
LARGEST_UNPACKED = 2 * 1024**3  # bytes of all parts
MOST_RATIO = 100  # unpacked to packed; sheets full of the same number reach about 40
SMALL = 16 * 1024**2  # bytes that a package may always unpack to
PROGRAMS = ("vbaproject.bin", ".exe", ".dll", ".js", ".vbs", ".bat", ".cmd", ".ps1", ".scr", ".jar", ".hta")


def media_type_of(path: Path, name: str) -> str:
    """The media type of the file at ``path``. Raises `Invalid` if it is not allowed, or if ``name`` ends as another type."""
    ending = name.rpartition(".")[2].lower()
    with path.open("rb") as file:
        head = file.read(32)
    found = _by_head(head, ending) or _by_package(path, head)
    if found is None:
        raise _refused(name)
    endings, media_type = found
    if ending not in endings:
        raise Invalid(
            Text(f"“{name}” có nội dung là {endings[0].upper()}, khác với đuôi tệp.", f"“{name}” is really {endings[0].upper()}."),
            code="file-name",
            field="files",
            hint=Text("Đổi lại đuôi tệp cho đúng.", "Give the file its right ending."),
        )
    return media_type


def _by_head(head: bytes, ending: str) -> tuple[tuple[str, ...], str] | None:
    if head.startswith(b"%PDF-"):
        return ("pdf",), "application/pdf"
    if head.startswith(b"\xff\xd8\xff"):
        return ("jpg", "jpeg"), "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return ("png",), "image/png"
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        return ("heic", "heif"), "image/heic"
    if head.startswith(OLE) and ending in OLD_OFFICE:
        return (ending,), OLD_OFFICE[ending]
    return None


def _by_package(path: Path, head: bytes) -> tuple[tuple[str, ...], str] | None:
    if not head.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return None
    names = [part.filename for part in parts]
    if "[Content_Types].xml" not in names or _harmful(parts, path.stat().st_size):
        return None
    for folder, (ending, media_type) in PACKAGES.items():
        if any(n.startswith(folder) for n in names):
            return (ending,), media_type
    return None


def _harmful(parts: list[zipfile.ZipInfo], size: int) -> bool:
    """Whether a package has macros or other programs in it, unpacks to much more than it is, or names places outside itself."""
    packed, unpacked = sum(p.compress_size for p in parts), sum(p.file_size for p in parts)
    bomb = len(parts) > MOST_PARTS or packed > size or unpacked > LARGEST_UNPACKED or unpacked > size * MOST_RATIO + SMALL
    return bomb or any(_is_program(p.filename.lower()) or ".." in p.filename.split("/") or p.filename.startswith("/") for p in parts)


def _is_program(name: str) -> bool:
    return name.endswith(PROGRAMS) or "/activex/" in f"/{name}"


def _refused(name: str) -> Invalid:
    return Invalid(
        Text(f"Không nhận tệp “{name}”.", f"The file “{name}” is not accepted."),
        code="file-type",
        field="files",
        hint=Text(
            "Chỉ nhận PDF, Word, Excel, PowerPoint (không macro), JPEG, PNG, HEIC.",
            "PDF, Word, Excel, PowerPoint (no macros), JPEG, PNG, HEIC.",
        ),
    )
