"""axe-core over pages: WCAG 2.2 A and AA, light and dark, wide and on a phone; every answer comes from the office itself.

Most pages are made of the same parts. A page is looked at if it has a part that no page before it had (`parts_of`), and the first of each
route in any case; so every part is looked at once, and the whole takes a minute.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Route

from tests.browser.every_page import Seen
from tests.browser.fitting import misfits
from web.app import STATIC
from web.headers import HEADERS

AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
BASE = "http://dondoc.test"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ALL: dict[str, Any] = {"runOnly": WCAG}
SHAPES: dict[str, Any] = {"runOnly": {"type": "rule", "values": ["color-contrast", "target-size", "scrollable-region-focusable"]}}
COLOURS: dict[str, Any] = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
Look = tuple[int, str, dict[str, Any]]  # width, colours, what can differ from the looks before
LOOKS: tuple[Look, ...] = ((1440, "light", ALL), (390, "dark", SHAPES))
MORE_LOOKS: tuple[Look, ...] = ((390, "light", SHAPES), (1440, "dark", COLOURS))
MAIN = ("/", "/overview", "/workflows/{workflow_id}", "/steps/{step_id}", "/overdue")  # every look on one page of each
RUN = """async options => (await axe.run(document, {...options, resultTypes: ["violations"], elementRef: false})).violations.flatMap(
  rule => rule.nodes.map(node => {
    const [said] = [...node.any, ...node.all, ...node.none];
    return `${rule.id}: ${node.target.join(" ")}: ${said?.message ?? rule.help}`;
  }))"""
OPEN = "for (const it of document.querySelectorAll('main details')) it.open = true"
TOLD = ("class", "role", "type", "scope", "for", "hidden", "disabled", "required", "lang")
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})


class Parts(HTMLParser):
    """Collects what a page is made of: each element with what surrounds it and what assistive tools are told of it."""

    def __init__(self) -> None:
        super().__init__()
        self.path: list[str] = []
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = [f"{k}={v if k in TOLD[:4] else ''}" for k, v in attrs if k in TOLD or k.startswith("aria-")]
        self.path.append(" ".join((tag, *told)))
        self.found.add(" > ".join(self.path[-3:]))
        if tag in VOID:
            self.path.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.path and self.path.pop().partition(" ")[0] != tag:
            pass


def parts_of(html: str) -> set[str]:
    """The kinds of elements of a page, each with its two nearest surroundings."""
    parts = Parts()
    parts.feed(html)
    return parts.found


@dataclass
class Auditor:
    """Looks at pages. ``foreign``: addresses elsewhere that a page asked for. ``looked``: pages looked at so far."""

    page: Page
    foreign: list[str] = field(default_factory=list)
    looked: int = 0
    _parts: set[str] = field(default_factory=set)
    _routes: set[str] = field(default_factory=set)
    _html: str = ""

    def __post_init__(self) -> None:
        self.page.route("**/*", self._answer)
        self.page.add_init_script(AXE)

    def faults(self, seen: Seen) -> Iterator[str]:
        """What is wrong with a page, in every look; nothing for a page that is made of what was looked at before."""
        parts = parts_of(seen.html)
        if parts <= self._parts and seen.route in self._routes:
            return
        first = seen.route not in self._routes
        self._parts |= parts
        self._routes.add(seen.route)
        yield from self.look(seen.html, str(seen), LOOKS + MORE_LOOKS if first and seen.route in MAIN else LOOKS)

    def look(self, html: str, name: str, looks: tuple[Look, ...] = LOOKS) -> Iterator[str]:
        """What is wrong with ``html``."""
        self.looked += 1
        self._html = html
        for turn, (width, colours, options) in enumerate(looks):
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
            if not turn:
                self.page.goto(f"{BASE}/audited", timeout=120_000)  # a machine may be busy with other tests
                self.page.evaluate(OPEN)
            yield from (f"{name} at {width} {colours}: {fault}" for fault in self.page.evaluate(RUN, options))
        yield from (f"{name} {fault}" for fault in misfits(self.page))

    def _answer(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.netloc != urlsplit(BASE).netloc:
            self.foreign.append(route.request.url)
            route.abort()
        elif address.path == "/audited":
            route.fulfill(body=self._html, headers={"Content-Type": "text/html; charset=utf-8", **HEADERS})
        elif address.path.startswith("/static/"):
            route.fulfill(path=STATIC / address.path.removeprefix("/static/"))
        else:
            route.fulfill(status=204)  # what keeps an open page fresh


def auditor(chromium: Chromium) -> Auditor:
    """An auditor with a window of its own, closed with ``chromium``."""
    return Auditor(chromium.new_context(locale="vi-VN", reduced_motion="reduce").new_page())
