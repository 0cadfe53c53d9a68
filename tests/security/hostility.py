"""Hostile texts in every field of every form, every body of the API and every address: refused or kept as text, never an error of ours.

    python -m tests.security.hostility --json

The forms are those that pages show, sent by who was shown them; the routes that change something are walked, so that none is forgotten.
What is sent really changes the office. After each form everything that must hold at any time must still hold, and the journal must verify;
then the office is put back.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, urlencode

import httpx
from starlette.routing import BaseRoute

from engine.access import Policy
from tests.security.asking import Cell
from tests.security.forms import Form, different, questions, shown
from tests.security.hostile import BODIES, FIELDS, FILES, MARK, PLACES, VALUES, body
from tests.security.putting_back import Kept, faults, really
from tests.security.unshown import more_forms
from tests.security.world import World
from web.gate import SAFE
from web.policy import policy_of

Value = TypeVar("Value")
LIVELY = f"<script src=//x>{MARK}"  # what must stand in no page
FORM = "application/x-www-form-urlencoded"


@dataclass
class Report:
    """What a run came to. ``routes``: those that change something and were tried by a form; ``changed``: how often something was."""

    routes: int = 0
    forms: int = 0
    sent: int = 0
    changed: int = 0
    bodies: int = 0
    addresses: int = 0
    seconds: float = 0.0
    findings: list[str] = field(default_factory=list)

    def summary(self) -> str:
        """The report for people."""
        lines = [
            f"{self.sent} times {self.forms} forms of {self.routes} routes, {self.changed} times something changed; "
            f"{self.bodies} bodies, {self.addresses} addresses; {self.seconds:.0f} s",
            *(self.findings or ["no error of ours, no markup, nothing that was typed is lost, nothing half done"]),
        ]
        return "\n".join(lines)


@dataclass
class Attack:
    """``each``: how many texts are tried in all fields at once, and in each field; 0: all of them."""

    world: World
    each: int
    report: Report = field(default_factory=Report)

    def forms(self, cells: Sequence[Cell]) -> None:
        """Every form; every route that changes something has one."""
        found = list(different([*shown(cells), *more_forms(self.world)]))
        tried = {str(getattr(route, "path", "")) for form in found for route in [self._route(form)] if route}
        unsafe = {str(getattr(r, "path", "")) for method, r in self.world.routes() if method not in SAFE and is_page(r)}
        self.report.findings += [f"{path}: no form of it was tried" for path in sorted(unsafe - tried)]
        self.report.routes, self.report.forms = len(unsafe & tried), len(found)
        with really(self.world) as kept:
            for number, form in enumerate(found):
                self._form(form, number, kept)

    def _form(self, form: Form, number: int, kept: Kept) -> None:
        changes = 0
        for what, name, fields, file in self._tries(form, number):
            with closing(sqlite3.connect(self.world.folder / "dondoc.sqlite3")) as watching:
                before = version_of(watching)
                places = {form.page} | self._judge(form, what, name, send(self.world, form, fields, file))
                changed = version_of(watching) != before
            if changed:
                changes += 1
                self._look_after(form, what, places, whole=changes == 1 or not self.each)
                kept.put_back()
        self.report.changed += changes

    def _look_after(self, form: Form, what: str, places: set[str], *, whole: bool) -> None:
        """After something has changed: what pages show of it, and with ``whole`` everything that must hold."""
        for place in sorted(places):
            self._judge(form, f"{what}, then looking at {place}", "", self.world.ask(form.login, "GET", place))
        if whole:
            self.report.findings += [f"{form.path} as {form.login}, {what}: {fault}" for fault in faults(self.world)]

    def _tries(self, form: Form, number: int) -> Iterator[tuple[str, str, dict[str, str], tuple[str, bytes, str] | None]]:
        """(what is tried, the one field that is filled in alone, the fields, a file)."""
        for what, fields, name in self._filled(form, number):
            yield what, name, fields, None
        for what, file in self._some(FILES, number) if form.files else ():
            yield what, "", form.fields, file

    def _filled(self, form: Form, number: int) -> Iterator[tuple[str, dict[str, str], str]]:
        """(what is tried, the fields, the one field that is filled in alone)."""
        for name, text in self._some(FIELDS, number):
            yield f"{name} everywhere", {f: old if f in form.hidden else text for f, old in form.fields.items()}, ""
        for place, one in enumerate(sorted(form.fields.keys() - {"csrf"})):
            for name, text in self._some(FIELDS, number + place):
                yield f"{name} in {one}", {**form.fields, one: text}, one if MARK in text and one in form.written else ""

    def _some(self, texts: dict[str, Value], start: int) -> Iterator[tuple[str, Value]]:
        """All of ``texts``, or `each` of them, other ones for each ``start``."""
        names = list(texts)
        chosen = names if not self.each else [names[(start * self.each + n) % len(names)] for n in range(self.each)]
        return ((name, texts[name]) for name in chosen)

    def _judge(self, form: Form, what: str, name: str, answer: httpx.Response) -> set[str]:
        """Note what is wrong with the answer; where it leads to."""
        self.report.sent += 1
        told = f"{form.path} as {form.login or 'signed out'}, {what}: {answer.status_code}"
        page = answer.headers.get("content-type", "").startswith("text/html")
        if answer.status_code >= 500:
            self.report.findings.append(told)
        elif page and LIVELY in answer.text:
            self.report.findings.append(f"{told}, markup comes back as markup")
        elif page and answer.status_code == 422 and name and MARK not in answer.text:
            self.report.findings.append(f"{told}, what was typed is lost")
        to = answer.headers.get("location", "")
        return {to} if to.startswith("/") and not to.startswith("/sign-in") else set()

    def _route(self, form: Form) -> BaseRoute | None:
        scope = {"type": "http", "path": form.path, "method": "POST"}
        return next((r for m, r in self.world.routes() if m == "POST" and r.matches(scope)[0].value == 2), None)

    def bodies(self) -> None:
        """Every operation of the API that takes a body; what it answers is described elsewhere."""
        with really(self.world) as kept:
            for method, path, names, login in operations(self.world):
                for what, content in [*BODIES.items(), *((name, body(names, value)) for name, value in VALUES.items())]:
                    answer = as_program(self.world, login, method, path, content)
                    self.report.bodies += 1
                    if answer.status_code >= 500 or (answer.status_code >= 400 and "problem+json" not in answer.headers["content-type"]):
                        self.report.findings.append(f"{method} {path}, {what}: {answer.status_code}")
                self.report.findings += [f"{method} {path}: {fault}" for fault in faults(self.world)]
                kept.put_back()
            for what, file in FILES.items():
                path = f"/api/v1/steps/{self.world.ids['step_id']}/attachments"
                answer = self.world.ask("lead", "POST", path, files={"file": file}, data={"evidence": what})
                self.report.bodies += 1
                self.report.findings += [f"POST {path}, {what}: {answer.status_code}"] if answer.status_code >= 500 else []

    def addresses(self, cells: Sequence[Cell]) -> None:
        """Every address that names something, naming what nothing is called; every question that a page asks, with what nobody asks."""
        for login, method, path in self._places(questions(cells)):
            answer = self.world.ask(login, method, path)
            self.report.addresses += 1
            if answer.status_code >= 500 and path.partition("?")[0] != "/readyz":
                self.report.findings.append(f"{method} {path[:200]} as {login}: {answer.status_code}")
            elif answer.headers.get("content-type", "").startswith("text/html") and LIVELY in answer.text:
                self.report.findings.append(f"{method} {path[:200]} as {login}: markup comes back as markup")

    def _places(self, asked: dict[str, set[str]]) -> Iterator[tuple[str, str, str]]:
        for number, (method, route) in enumerate(self.world.routes()):
            path = str(getattr(route, "path", ""))
            names = list(getattr(route, "param_convertors", {}))
            if names and method != "HEAD" and policy_of(route) is not Policy.FLOW_UI:
                for _, place in self._some({place: place for place in PLACES}, number):
                    here = path
                    for name in names:
                        here = here.replace(f"{{{name}}}", place).replace(f"{{{name}:path}}", place)
                    yield who(route), method, here
        for number, (path, questions_) in enumerate(sorted(asked.items())):
            for _, text in self._some(FIELDS, number):
                if len(text) < 2000:
                    query = urlencode(dict.fromkeys(sorted(questions_), text), errors="surrogatepass")
                    yield "agency", "GET", f"{path}?{query}"


def is_page(route: BaseRoute) -> bool:
    """Whether people send it by a form: not the API, not what only the demonstration has, not Prefect's questions."""
    return policy_of(route) not in (Policy.DEMONSTRATION, Policy.FLOW_UI) and not str(getattr(route, "path", "")).startswith("/api/")


def who(route: BaseRoute) -> str:
    """Somebody who may use ``route``."""
    return {Policy.PEOPLE: "head", Policy.ADMINISTRATOR: "administrator"}.get(policy_of(route), "agency")


def version_of(watching: sqlite3.Connection) -> int:
    """A number that changes with every change that somebody else makes."""
    return int(watching.execute("PRAGMA data_version").fetchone()[0])


def send(world: World, form: Form, fields: dict[str, str], file: tuple[str, bytes, str] | None = None) -> httpx.Response:
    """The form as a browser sends it, or a program that writes what no browser would."""
    browser = world.browsers[form.login]
    browser.client.cookies = httpx.Cookies(world.cookies[form.login])
    sent = {**fields, "csrf": world.csrf[form.login]}
    if form.multipart or file:
        whole = {name: text.encode("utf-8", "replace").decode() for name, text in sent.items()}
        return browser.send("POST", form.action, data=whole, files=dict.fromkeys(form.files or {"file"}, file or ("", b"")))
    content = urlencode(sent, quote_via=quote, errors="surrogatepass")
    return browser.send("POST", form.action, content=content.encode(), headers={"content-type": FORM})


def as_program(world: World, login: str, method: str, path: str, content: bytes) -> httpx.Response:
    """A body of the API."""
    browser = world.browsers[login]
    browser.client.cookies = httpx.Cookies(world.cookies[login])
    headers = {"content-type": "application/json", "X-CSRF-Token": world.csrf[login], "Idempotency-Key": "k"}
    return browser.send(method, path, content=content, headers=headers)


def operations(world: World) -> Iterator[tuple[str, str, list[str], str]]:
    """(method, address, names in the body, who) of every operation of the API that takes a body."""
    described = world.ask("", "GET", "/api/v1/openapi.json").json()
    for method, route in world.routes():
        operation = described["paths"].get(getattr(route, "path", ""), {}).get(method.lower(), {})
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content:
            shape = content["schema"].get("$ref", "").rsplit("/", 1)[-1]
            names = list(described["components"]["schemas"].get(shape, {}).get("properties", {}))
            yield method, world.address(method, route).here, names, who(route)


def run(world: World, cells: Iterable[Cell], *, each: int = 0) -> Report:
    """Everything."""
    begin, attack, asked = time.monotonic(), Attack(world, each), list(cells)
    attack.forms(asked)
    attack.bodies()
    attack.addresses(asked)
    attack.report.seconds = round(time.monotonic() - begin, 1)
    return attack.report


def main() -> int:
    """Parse, run, print; exit code 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.security.hostility", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--each", type=int, default=0, help="texts for each field (default: all)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dondoc-hostile-") as folder:
        world = World(Path(folder))
        try:
            report = run(world, world.cells(), each=chosen.each)
        finally:
            world.close()
    sys.stdout.write((json.dumps(asdict(report), ensure_ascii=False) if chosen.json else report.summary()) + "\n")
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main())
