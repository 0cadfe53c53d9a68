"""Evidence in the store: hostile files stay out or inert, the store agrees with the rows, what nobody speaks of goes."""

import io
import os
import stat
import struct
import sys
import tracemalloc
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.errors import Invalid, Unavailable
from models.database import Database
from services import file_types
from services.attachments import clean_name, store
from services.scan import scanner
from services.stored_files import faults_of_files, sweep_orphans
from tests.factories import OFFICER
from tests.services.played import Played

PDF = b"%PDF-1.7\nnoi dung\n"
AT = datetime(2026, 11, 25, tzinfo=UTC)
TYPES = "[Content_Types].xml"


def package(*parts: tuple[str, bytes], how: int = zipfile.ZIP_STORED) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", how) as made:
        for name, content in ((TYPES, b"<x/>"), ("word/document.xml", b"<x/>"), *parts):
            made.writestr(name, content)
    return kept.getvalue()


def bomb() -> bytes:
    """64 MB of nothing in 64 KB."""
    return package(("word/media/a.bin", b"\0" * (64 << 20)), how=zipfile.ZIP_DEFLATED)


def says_less() -> bytes:
    """A package whose directory speaks of more packed bytes than the whole file has: parts that overlap."""
    raw = bytearray(package(("word/a.bin", b"x" * 500)))
    at = raw.rindex(b"PK\x01\x02")
    raw[at + 20 : at + 24] = struct.pack("<I", 5_000_000)
    return bytes(raw)


HOSTILE = {
    "bomb.docx": bomb(),
    "overlap.docx": says_less(),
    "macro.docx": package(("word/VBAPROJECT.BIN", b"x")),
    "activex.docx": package(("word/activeX/activeX1.bin", b"x")),
    "program.docx": package(("word/embeddings/a.EXE", b"MZ")),
    "outside.docx": package(("../../etc/passwd", b"x")),
    "script.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "picture.png": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "page.pdf": b"<html><script>alert(1)</script>%PDF-1.7",
    "html-then-zip.docx": b"<html><script>alert(1)</script>" + package(),
    "gif.png": b"GIF89a=1;alert(1)",
}
# Read as two kinds by two programs: kept as what their first bytes say, and handed out as that, as an attachment, with nosniff.
TWO_KINDS = {
    "a.pdf": PDF + b"<script>alert(1)</script>" + package(),
    "a.jpg": b"\xff\xd8\xff\xe0" + b"*/=alert(1)/*<html><script>alert(1)</script>",
    "a.png": b"\x89PNG\r\n\x1a\n" + b"<svg onload=alert(1)>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(Invalid):
        store(tmp_path, io.BytesIO(HOSTILE[name]), name=name)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("name", TWO_KINDS)
def test_what_is_two_kinds_at_once_is_kept_as_the_inert_one(tmp_path: Path, name: str) -> None:
    kind = store(tmp_path, io.BytesIO(TWO_KINDS[name]), name=name).media_type
    assert kind in ("application/pdf", "image/jpeg", "image/png")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("..\\..\\a.pdf", "a.pdf"),
        ("/etc/passwd\0.pdf", "passwd.pdf"),
        ("bao\u202efdp.exe", "baofdp.exe"),
        ("a\u0000\u0007\u200b.pdf", "a.pdf"),
        ('"; filename="x.html', "; filename=x.html"),
        ("CON", "CON"),
        ("...", "tep"),
    ],
)
def test_an_odd_name_becomes_a_plain_one(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_a_file_is_kept_under_the_plain_name(tmp_path: Path) -> None:
    stored = store(tmp_path, io.BytesIO(PDF), name="..\\..\\bao\u202efdp\r\n.pdf")
    assert stored.name == stored.as_payload()["name"] == "baofdp.pdf"


@pytest.mark.parametrize(("limit", "least"), [("MOST_PARTS", 2), ("LARGEST_UNPACKED", 400)])
def test_a_package_of_too_many_or_too_large_parts_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, least: int
) -> None:
    made = package(("word/media/a.bin", b"x" * 500))
    assert store(tmp_path, io.BytesIO(made), name="a.docx").size == len(made)
    monkeypatch.setattr(file_types, limit, least)
    with pytest.raises(Invalid):
        store(tmp_path, io.BytesIO(made), name="a.docx")


def test_the_bytes_are_on_the_disk_before_anything_speaks_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is flushed, in its order: the whole file while it has no name yet, then the folders in which it has got one."""
    flushed: list[tuple[str, int]] = []

    def fsync(handle: int) -> None:
        told = os.fstat(handle)
        named = sum(path.is_file() for path in tmp_path.glob("??/*"))
        flushed.append((f"file of {told.st_size}" if stat.S_ISREG(told.st_mode) else f"folder {told.st_ino}", named))

    monkeypatch.setattr(os, "fsync", fsync)
    stored = store(tmp_path, io.BytesIO(PDF * 1000), name="a.pdf")
    folders = [f"folder {folder.stat().st_ino}" for folder in (tmp_path / stored.sha256[:2], tmp_path)]
    assert flushed == [(f"file of {stored.size}", 0), (folders[0], 1), (folders[1], 1)]


def test_a_large_file_takes_no_memory(tmp_path: Path) -> None:
    class Large(io.RawIOBase):
        """100 MB that nobody ever holds."""

        left = 100 << 20

        def read(self, size: int = -1) -> bytes:
            first, count = self.left == 100 << 20, min(size, self.left)
            self.left -= count
            return (PDF + b"x" * count)[:count] if first else b"x" * count

    tracemalloc.start()
    stored = store(tmp_path, Large(), name="a.pdf")  # type: ignore[arg-type]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert stored.size == 100 << 20 and peak < 4 << 20


def scan_with(tmp_path: Path, code: int) -> str:
    program = tmp_path / "scan.py"
    program.write_text(f"import pathlib, sys\nassert pathlib.Path(sys.argv[1]).read_bytes()[:5] == b'%PDF-'\nsys.exit({code})\n")
    return f"{sys.executable} {program}"


def test_the_office_s_scanner_decides(tmp_path: Path) -> None:
    assert scanner("") is None
    folder = tmp_path / "store"
    assert store(folder, io.BytesIO(PDF), name="a.pdf", scan=scanner(scan_with(tmp_path, 0))).size == len(PDF)
    (folder / "x").mkdir()
    for code, error in ((1, Invalid), (2, Unavailable)):
        with pytest.raises(error):
            store(folder / "x", io.BytesIO(PDF), name="a.pdf", scan=scanner(scan_with(tmp_path, code)))
        scanner.cache_clear()
    with pytest.raises(Unavailable):
        store(folder / "x", io.BytesIO(PDF), name="a.pdf", scan=scanner("/no/such/program"))
    assert list((folder / "x").iterdir()) == []


def test_the_scanner_s_command_goes_through_no_shell(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    scan = scanner(f"{sys.executable} -c pass ; touch {marker} $(touch {marker})")
    assert store(tmp_path / "store", io.BytesIO(PDF), name="a.pdf", scan=scan).size == len(PDF)
    assert not marker.exists()


@pytest.fixture
def kept(sqlite: Database, tmp_path: Path) -> tuple[Database, Path, Path]:
    """A store with one file that a step has and one that nobody has, both two days old; the paths of both."""
    folder = tmp_path / "attachments"
    plan = Played(sqlite)
    plan.people(OFFICER)
    wanted = store(folder, io.BytesIO(PDF), name="a.pdf", evidence="kh")
    plan.act(OFFICER, "attach", "ke-hoach", payload={"files": [wanted.as_payload()]})
    orphan = store(folder, io.BytesIO(PDF + b"khac"), name="b.pdf")
    paths = [folder / s.sha256[:2] / s.sha256 for s in (wanted, orphan)]
    draft = folder / f".{'a' * 24}"
    draft.write_bytes(b"x")
    for path in (*paths, draft):
        os.utime(path, ((AT - timedelta(days=2)).timestamp(),) * 2)
    return sqlite, paths[0], paths[1]


def test_orphans_and_drafts_go_after_a_day_and_nothing_else(kept: tuple[Database, Path, Path]) -> None:
    db, wanted, _ = kept
    folder = wanted.parent.parent
    stranger = folder / "readme.txt"
    stranger.write_text("x")
    os.utime(stranger, (0, 0))
    assert sweep_orphans(db, folder, at=AT - timedelta(days=1, hours=1)) == 0
    assert sweep_orphans(db, folder, at=AT) == 2
    assert sorted(p for p in folder.rglob("*") if p.is_file()) == sorted([wanted, stranger])
    assert sweep_orphans(db, folder, at=AT) == 0


def test_what_is_wanted_is_not_even_moved(kept: tuple[Database, Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens it at that moment would not find it."""
    db, wanted, orphan = kept
    moved: list[Path] = []
    plain = Path.rename

    def rename(path: Path, to: Path) -> Path:
        moved.append(path)
        return plain(path, to)

    monkeypatch.setattr(Path, "rename", rename)
    sweep_orphans(db, wanted.parent.parent, at=AT)
    assert moved == [orphan]


def test_what_a_crash_left_aside_is_put_back_or_goes(kept: tuple[Database, Path, Path]) -> None:
    db, wanted, orphan = kept
    folder = wanted.parent.parent
    for path in (wanted, orphan):
        path.rename(path.with_suffix(".orphan"))
    assert sweep_orphans(db, folder, at=AT) == 2  # the orphan and the draft
    assert [path for path in folder.rglob("*") if path.is_file()] == [wanted]
    assert faults_of_files(db, folder) == []


def test_a_file_that_is_wanted_again_while_it_is_swept_stays(kept: tuple[Database, Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    db, wanted, orphan = kept
    folder = wanted.parent.parent
    monkeypatch.setattr("models.stored_files.is_wanted", lambda _, sha256: sha256 == orphan.name)
    sweep_orphans(db, folder, at=AT)
    assert orphan.read_bytes() == PDF + b"khac"


def test_a_missing_and_a_changed_file_are_found(kept: tuple[Database, Path, Path]) -> None:
    db, wanted, _ = kept
    folder = wanted.parent.parent
    assert faults_of_files(db, folder) == []
    wanted.write_bytes(PDF.replace(b"noi", b"NOI"))
    assert faults_of_files(db, folder) == [f"files: {wanted.name} was changed"]
    wanted.unlink()
    assert faults_of_files(db, folder) == [f"files: {wanted.name} is missing"]
