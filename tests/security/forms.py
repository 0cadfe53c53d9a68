"""The forms that pages show: where each goes, what its fields hold, and who was shown it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from urllib.parse import parse_qsl

import httpx

from tests.security.asking import Cell

WRITTEN = ("text", "search", "email", "url", "tel", "number", "date", "textarea", "")
"""Kinds of fields in which people write: what stands in them comes back where something is wrong."""


@dataclass
class Form:
    """A form as the page ``page`` shows it to ``login``. ``written``: the fields in which people write; ``elsewhere``: where other buttons
    send it."""

    action: str
    login: str
    page: str
    multipart: bool = False
    fields: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)

    @property
    def path(self) -> str:
        """Where it goes, without what stands after the question mark."""
        return self.action.partition("?")[0]

    @property
    def kind(self) -> tuple[str, frozenset[str]]:
        """What makes it another form than others: numbers in its address do not."""
        return re.sub(r"\d+", "0", self.path), frozenset(self.fields)


class Reader(HTMLParser):
    """Gathers the forms of a page that are sent with POST, and in ``asked`` what its links and other forms ask: names by path."""

    def __init__(self, login: str, page: str) -> None:
        super().__init__()
        self.login, self.page, self.found = login, page, list[Form]()
        self.asked: dict[str, set[str]] = {}
        self._now: Form | None = None
        self._of: dict[str, Form] = {}
        self._select = ""
        self._looks: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a form, or note a field."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._begin(given)
            return
        if tag == "a" and "?" in given.get("href", ""):
            path, _, query = given["href"].partition("?")
            self.asked.setdefault(path or self.page, set()).update(dict(parse_qsl(query, keep_blank_values=True)))
        form = self._of.get(given.get("form", ""), self._now)
        name = given.get("name", "")
        if form and tag in ("input", "select", "textarea", "button"):
            form.elsewhere |= {given["formaction"]} if given.get("formaction") else set()
            self._note(form, tag, name, given)
        elif form and tag == "option" and self._select and ("selected" in given or not form.fields[self._select]):
            form.fields[self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """Close it."""
        if tag == "form":
            self._now = None
        elif tag == "select":
            self._select = ""

    def _begin(self, given: dict[str, str]) -> None:
        action = given.get("action") or self.page
        self._now = self._of[given.get("id", "-")] = Form(action, self.login, self.page, given.get("enctype", "") == "multipart/form-data")
        if given.get("method", "").lower() == "post":
            self.found.append(self._now)
        else:
            self._looks.append(self._now)

    def _note(self, form: Form, tag: str, name: str, given: dict[str, str]) -> None:
        if not name:
            return
        kind = given.get("type", "") if tag == "input" else tag
        if kind == "file":
            form.files.add(name)
            return
        self._select = name if tag == "select" else ""
        form.fields.setdefault(name, given.get("value", ""))
        form.hidden |= {name} if kind == "hidden" else set()
        form.written |= {name} if kind in WRITTEN else set()

    def close(self) -> None:
        """What forms ask that change nothing, and forms that a button sends elsewhere."""
        super().close()
        self.found += [replace(form, action=to, elsewhere=set()) for form in self.found for to in sorted(form.elsewhere)]
        for form in self._looks:
            self.asked.setdefault(form.path, set()).update(form.fields)


def read(answer: httpx.Response, login: str, page: str) -> Reader:
    """What one answer holds; nothing if it is no page."""
    reader = Reader(login, page)
    if answer.headers.get("content-type", "").startswith("text/html"):
        reader.feed(answer.text)
        reader.close()
    return reader


def different(forms: Iterable[Form]) -> Iterator[Form]:
    """Each kind of form once, as whoever was shown it first."""
    seen = set()
    for form in forms:
        if form.path.startswith("/") and form.kind not in seen:
            seen.add(form.kind)
            yield form


def shown(cells: Iterable[Cell]) -> list[Form]:
    """The forms of every page that anybody was shown."""
    return [form for cell in cells if cell.answer.status_code == 200 for form in read(cell.answer, cell.login, cell.address.here).found]


def questions(cells: Iterable[Cell]) -> dict[str, set[str]]:
    """Path → names of everything that links and forms of these pages ask after the question mark."""
    asked: dict[str, set[str]] = {}
    for cell in cells:
        for path, names in read(cell.answer, cell.login, cell.address.here).asked.items():
            if path.startswith("/"):
                asked.setdefault(path, set()).update(names)
    return asked
