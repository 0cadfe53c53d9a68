"""No page breaks WCAG 2.2 A or AA, whoever looks, light or dark, on a wide screen or a phone; each fits 360 px and 200 % zoom; none asks
another host for anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.database import Database
from tests.browser.axe import Auditor, auditor
from tests.browser.every_page import NotVisited, Seen, addresses, everything, routes
from tests.browser.fitting import misfits
from tests.browser.lived import lived_in
from tests.databases import sqlite_database
from tests.web.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def lived(sqlite: Database, tmp_path: Path) -> list[Seen]:
    """Every page of an office after a summer, then of one that has no plan yet."""
    office = lived_in(sqlite, tmp_path)
    found = everything(office)
    office.close()
    (tmp_path / "new").mkdir()
    with sqlite_database(tmp_path / "new") as db:
        office = Office(db, tmp_path / "new", planned=False)
        found += everything(office)
        office.close()
    return found


@pytest.fixture
def looks(lived: list[Seen], request: pytest.FixtureRequest) -> Auditor:
    """An auditor; its browser starts when every page has been fetched, since it keeps an event loop running."""
    return auditor(request.getfixturevalue("chromium"))


def test_no_page_breaks_wcag(lived: list[Seen], looks: Auditor):
    faults = [fault for seen in lived for fault in looks.faults(seen)]
    assert not faults, "\n".join(faults)
    assert looks.foreign == []
    assert looks.looked > 60
    assert sorted(looks.look(PLANTED, "planted")), "the auditor sees nothing any more"
    looks.page.evaluate(SPOILT)
    told = " ".join(misfits(looks.page))
    assert [fault for fault in ("scrolls sideways", "is cut off", "overlap") if fault not in told] == []


PLANTED = """<!doctype html><html lang="vi"><head><meta name="color-scheme" content="light dark"><title>x</title></head>
<body><main><h1>x</h1><img src="/x"><p>many words</p><p>many more words</p>
<p><a href="/a">one</a> <a href="/b">two</a></p></main></body></html>"""
SPOILT = """() => {
  const [wide, cut, both] = document.querySelectorAll("p");
  wide.style.width = "50rem";
  Object.assign(cut.style, {overflow: "hidden", width: "3rem", whiteSpace: "nowrap"});
  both.lastElementChild.style.marginInlineStart = "-2rem";
}"""


def test_a_route_that_nobody_looks_at_is_noticed(sqlite: Database, tmp_path: Path):
    office = Office(sqlite, tmp_path)
    assert {"/", "/steps/{step_id}", "/overview"} <= set(routes(office))
    with pytest.raises(NotVisited, match="thing_id"):
        addresses("/things/{thing_id}", {"step_id": ["1"]})
    office.close()
