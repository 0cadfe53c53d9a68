"""People of a story in front of real browsers, each with habits of their own: a phone in the dark, no scripts, a wide screen.

Everything runs in one thread of its own, since Playwright keeps an event loop running in the thread that it is used from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.browser.conftest import chromium_path
from tests.browser.served import Serves, served
from tests.journeys.people import ARGUMENTS

LIVE_MS = 10_000  # until a page that should follow is given up; on a quiet machine two seconds are enough
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
DAY = re.compile(r"(\d\d)/(\d\d)/(\d{4})")
Files = Mapping[str, tuple[str, bytes, str]]
Cookies = Callable[[str], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Habits:
    """How somebody looks at pages: size of the window, colours, and whether scripts run."""

    width: int = 1440
    height: int = 900
    dark: bool = False
    scripts: bool = True


HABITS = {
    "loc-ninh": Habits(390, 844, dark=True),
    "bu-dop": Habits(width=1024, scripts=False),
    "dong-phu": Habits(360, 740),
    "giam-sat": Habits(dark=True),
}


@dataclass
class Hands:
    """What people do with their browsers under ``base``; ``cookies`` gives the session of a login.

    ``wrong``: what no page may do: fail in a script, ask another host, be wider than the window. ``acted``: actions by login.
    """

    base: str
    chromium: Browser
    thread: ThreadPoolExecutor
    cookies: Cookies
    wrong: list[str] = field(default_factory=list)
    acted: dict[str, int] = field(default_factory=dict)
    _pages: dict[str, Page] = field(default_factory=dict)

    def act(self, login: str, step_id: int, action: str, files: Files | None, fields: Mapping[str, str]) -> None:
        """Open the step's page, fill in the form of ``action``, send it. AssertionError with what the page says if it was not taken."""
        self.acted[login] = self.acted.get(login, 0) + 1
        self.thread.submit(self._act, login, step_id, action, files or {}, fields).result()

    def look(self, login: str, path: str) -> str:
        """The HTML of a page as the browser has it."""
        return self.thread.submit(self._look, login, path).result()

    def leave_open(self, login: str, path: str) -> None:
        """Open a page that follows what others do, and leave it alone."""
        self.thread.submit(self._leave_open, login, path).result()

    def follows(self, login: str, words: str) -> None:
        """The page that was left open comes to show ``words`` by itself."""
        self.thread.submit(lambda: expect(self._pages[login].locator("main")).to_contain_text(words, timeout=LIVE_MS)).result()

    # ── in the thread ────────────────────────────────────────────────────────

    def _page(self, login: str) -> Page:
        if login not in self._pages:
            habits = HABITS.get(login, Habits())
            context = self.chromium.new_context(
                base_url=self.base, locale="vi-VN", viewport={"width": habits.width, "height": habits.height},
                color_scheme="dark" if habits.dark else "light", java_script_enabled=habits.scripts,
            )  # fmt: skip
            context.on("request", lambda request: self._asked(login, request.url))
            self._pages[login] = context.new_page()
            self._pages[login].on("pageerror", lambda error: self.wrong.append(f"{login}: {error}"))
        page = self._pages[login]
        page.context.add_cookies([{"name": name, "value": value, "url": self.base} for name, value in self.cookies(login).items()])
        return page

    def _asked(self, login: str, url: str) -> None:
        if url.startswith("http") and urlsplit(url).netloc != urlsplit(self.base).netloc:
            self.wrong.append(f"{login}: another host is asked: {url}")

    def _open(self, login: str, path: str) -> Page:
        page = self._page(login)
        answer = page.goto(path)
        assert answer is not None and answer.status == 200, f"{login} {path}: {answer and answer.status}"
        if HABITS.get(login, Habits()).scripts and page.evaluate(TOO_WIDE):
            self.wrong.append(f"{login}: {path} is wider than the window")
        return page

    def _look(self, login: str, path: str) -> str:
        page = self._open(login, path)
        html = page.content()
        page.goto("about:blank")  # an open page follows everything that happens, for weeks
        return html

    def _leave_open(self, login: str, path: str) -> None:
        with self._page(login).expect_request(lambda request: request.url.endswith("/live")):
            self._open(login, path)

    def _act(self, login: str, step_id: int, action: str, files: Files, fields: Mapping[str, str]) -> None:
        page = self._open(login, f"/steps/{step_id}")
        form = page.locator(f'form[action="/steps/{step_id}/actions/{action}"]')
        if not form.is_visible():
            page.locator(f"#{action} > summary").click()
        for name, value in fields.items():
            _fill(form.locator(f'[name="{name}"]'), value)
        for name, (filename, content, kind) in files.items():
            form.locator(f'[name="{name}"]').set_input_files({"name": filename, "mimeType": kind, "buffer": content})
        with page.expect_navigation():
            form.locator("button.btn--main, button:not([formaction])").last.click()
        assert "/actions/" not in page.url, f"{login} {action}: {page.inner_text('main')[:2000]}"
        page.goto("about:blank")


def _fill(control: Locator, value: str) -> None:
    """Type, choose or tick ``value``; days come as people write them."""
    kind: dict[str, Any] = control.first.evaluate("e => ({tag: e.tagName, type: e.type})", timeout=5_000)
    if kind["tag"] == "SELECT":
        control.select_option(value)
    elif kind["type"] == "date" and (day := DAY.fullmatch(value)):
        control.fill("-".join(reversed(day.groups())))
    else:
        control.fill(value)


@contextmanager
def hands(office: Serves, cookies: Cookies) -> Iterator[Hands]:
    """People with browsers, for as long as the block: ``office`` is served to them by a real server."""
    with served(office) as base, ThreadPoolExecutor(max_workers=1) as thread:
        playwright = thread.submit(lambda: sync_playwright().start()).result()
        try:
            chromium = thread.submit(partial(playwright.chromium.launch, executable_path=chromium_path(), args=list(ARGUMENTS))).result()
            yield Hands(base, chromium, thread, cookies)
            thread.submit(chromium.close).result()
        finally:
            thread.submit(playwright.stop).result()
