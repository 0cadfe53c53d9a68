"""What is not somebody's to read stands in nothing that they get: lists, counts, search, exports, feeds, files, errors, live events."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from engine.access import Policy
from engine.reach import ANYBODY, IN_FULL, OWN_PAGES, TAKES_PART, Thing, Tie
from services.queries.live import concerning
from tests.security.asking import Address, Cell
from tests.security.conftest import LOGGED
from tests.security.marked import DETAIL, PERSON, PERSONS, SECRET, TITLE
from tests.security.world import World

pytestmark = pytest.mark.xdist_group("access")

READERS = {TITLE: TAKES_PART, DETAIL: IN_FULL, PERSON: ANYBODY - {Tie.UNRELATED}}
DECIDED_THERE = "/admin/files"  # whoever decides on destroying a file, administrators too, reads its name and why
LISTS = (
    "/search?q=leak",
    "/search?q=leaksecret",
    "/overdue?unit=so-rieng",
    "/overview?plan=2",
    "/plans/2/edit?workflow=NV9/mat",
    "/overdue?page=2",
    "/notifications?show=unread",
)


def text_of(cell: Cell) -> str:
    """Everything that the answer says: body, headers, and what a workbook or an archive holds."""
    said = cell.answer.text + repr(cell.answer.headers.items())
    if cell.answer.content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(cell.answer.content)) as archive:
            said += "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return said


def leaks(cells: Iterable[Cell]) -> Iterator[str]:
    """Every marker that stands where it must not."""
    for cell in cells:
        ties = PERSONS[cell.login][3] if cell.login else frozenset({Tie.UNRELATED})
        said = text_of(cell)
        for marker, readers in READERS.items():
            theirs = marker == PERSON and cell.address.thing is Thing.SECRET  # such an address is its person's own, and says so
            if marker in said and not ties & readers and not theirs and not cell.address.path.startswith(DECIDED_THERE):
                yield f"{cell}: {marker}"
        if SECRET in said and not (cell.address.thing in OWN_PAGES and ties & IN_FULL):
            yield f"{cell}: {SECRET}"


def test_no_answer_of_the_matrix_says_more_than_its_reader_may_know(cells: list[Cell]):
    assert list(leaks(cells)) == []


def test_whom_it_concerns_reads_it(cells: list[Cell]):
    read = {(cell.login, marker) for cell in cells for marker in (TITLE, DETAIL) if marker in text_of(cell)}
    assert {login for login, marker in read if marker == TITLE} >= {login for login, p in PERSONS.items() if p[3] & TAKES_PART}
    assert {login for login, marker in read if marker == DETAIL} >= {login for login, p in PERSONS.items() if p[3] & IN_FULL}


def test_a_confidential_title_stands_on_its_own_pages_alone(world: World):
    cells = list(world.secret_cells(("lead", "part", "agency", "supervisor", "unrelated")))
    assert list(leaks(cells)) == []
    shown = {cell.address.path for cell in cells if SECRET in text_of(cell)}
    assert {"/steps/{step_id}", "/workflows/{workflow_id}"} <= shown


def test_lists_that_are_narrowed_or_searched_say_no_more(world: World):
    for path in LISTS:
        address = Address("GET", path, None, path, path)
        found = [Cell(Policy.SIGNED_IN, address, login, world.ask(login, "GET", path)) for login in world.browsers]
        assert any(TITLE in text_of(cell) for cell in found) or "secret" in path or "unread" in path
        assert list(leaks(found)) == [], path


def test_live_pages_hear_only_of_what_exists_for_them(world: World):
    marked = int(world.ids["workflow_id"])
    heard = {login for login in PERSONS if marked in concerning(world.db, world.actor(login), {1, marked})}
    assert heard == {login for login, person in PERSONS.items() if person[3] & TAKES_PART}


def test_no_log_line_says_what_anybody_wrote(cells: list[Cell]):
    assert len(LOGGED) >= len(cells)
    assert [line for line in LOGGED if any(marker in line for marker in (TITLE, DETAIL, PERSON, SECRET))] == []


def test_who_has_nothing_to_do_with_a_plan_finds_the_same_office_with_and_without_it(world: World, tmp_path: Path):
    """Byte for byte: lists, counts beside the navigation, search, API. So no count and no order tells of it."""
    other = World(tmp_path, marked=False)
    try:
        for login in ("unrelated", "unrelated-head", "nobody"):
            for method, route in world.routes():
                path = str(getattr(route, "path", ""))
                if method == "GET" and "{" not in path and path not in ("/live", "/metrics", "/readyz", "/api/v1/openapi.json"):
                    here, there = (w.ask(login, "GET", path) for w in (world, other))
                    assert drawn(here.text, world, login) == drawn(there.text, other, login), f"{path} as {login}"
    finally:
        other.close()


def drawn(text: str, world: World, login: str) -> str:
    """``text`` without the session's token and what is drawn anew for each page."""
    return re.sub(r'name="key" value="[^"]*"|incident [0-9a-f]{8}', "", text.replace(world.csrf[login], ""))
