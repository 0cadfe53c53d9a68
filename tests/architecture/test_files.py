"""Files stay short enough to read whole, and say what they mean now."""

import ast
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from tests.architecture.sources import AROUND, CHECKOUT, ROOMS, Source, sources, written_files

MOST_LINES = 300
MEDIA = "@media (max-width: 40rem) {"  # what longer lines of a sheet say, they say once
DATABASE_NUMBER = re.compile(r'_\("[^"]*", (?:[^()]*, )?\w+=(?:\w+\.)*(?:\w+_)?id\b')
LEFT_FOR_LATER = re.compile(r"\bTOD[O]|FIXM[E]|XX[X]|NotImplementedErro[r]")  # a calendar's VTODO is none


def test_no_python_file_is_longer_than_one_can_read():
    long = {s.name: s.text.count("\n") for s in sources(*ROOMS, *AROUND) if s.text.count("\n") > MOST_LINES and "/versions/" not in s.name}
    assert not long


def test_no_line_stands_in_two_sheets():
    lines = [line for path in written_files() if path.suffix == ".css" for line in set(path.read_text(encoding="utf-8").splitlines())]
    assert not [line for line, times in Counter(lines).items() if times > 1 and len(line) > len(MEDIA)]


def test_no_page_says_a_number_of_the_database():
    pages = (path for path in written_files() if path.suffix == ".html")
    said = {path.name: DATABASE_NUMBER.findall(path.read_text(encoding="utf-8")) for path in pages}
    assert not {name: found for name, found in said.items() if found}


def test_nothing_is_left_for_later():
    found = [
        f"{path.relative_to(CHECKOUT)}:{number}"
        for path in written_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if LEFT_FOR_LATER.search(line)
    ]
    assert not found


def swallowed(source: Source) -> Iterator[str]:
    """Handlers that catch everything by a bare ``except``, or do nothing with what they caught."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler):
            nothing = all(isinstance(n, ast.Pass) or (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)) for n in node.body)
            if node.type is None or nothing:
                yield f"{source.name}:{node.lineno}"


def test_no_exception_is_swallowed():
    assert not [place for source in sources(*ROOMS, *AROUND) for place in swallowed(source)]


def test_every_folder_under_tests_is_a_package():
    folders = [path for path in (CHECKOUT / "tests").rglob("*") if path.is_dir() and any(path.glob("*.py"))]
    assert not [str(path.relative_to(CHECKOUT)) for path in folders if not (path / "__init__.py").exists()]


def test_every_test_file_is_collected():
    strays = [s.name for s in sources("tests") if "\ndef test_" in s.text and not s.name.rpartition("/")[2].startswith("test_")]
    assert not strays


def test_text_is_composed_unicode_with_unix_line_ends():
    bad = []
    for path in written_files():
        raw = path.read_bytes()
        if b"\r\n" in raw or not unicodedata.is_normalized("NFC", raw.decode("utf-8")):
            bad.append(str(path.relative_to(CHECKOUT)))
    assert not bad
