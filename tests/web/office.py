"""The web application over a small plan, and browsers that use it without a network."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any, Protocol

import httpx
from fastapi import FastAPI

from engine.access import Membership
from models.database import Database
from services import clock
from services.accounts import add_account, checked, create_account
from services.passwords import new_hash
from tests.factories import CALENDAR, at
from tests.services.played import Played
from web.app import create_app
from wiring.context import AppContext
from wiring.settings import Settings

DAY = date(2024, 6, 10)
PASSWORD = "mật khẩu thử 123"
PEOPLE = {
    "thuong-truc": (("cong-an-tinh",), ("agency",)),
    "ban-chi-dao": (("ban-chi-dao",), ()),
    "huyen-01": (("huyen-01",), ()),
    "huyen-02": (("huyen-02",), ()),
    "mttq": (("mttq",), ()),
    "giam-sat": ((), ("supervisor",)),
    "quan-tri": ((), ("administrator",)),
    "nguoi-la": ((), ()),
}
WITH_PASSWORD = {"login": "co-mat-khau", "name": "Có mật khẩu", "title": "", "address": ""}


@cache
def _hashed() -> str:
    """Made once: a hash is as slow as it is meant to be."""
    return new_hash(PASSWORD, login=WITH_PASSWORD["login"], name=WITH_PASSWORD["name"])


@dataclass
class Office:
    """``app`` runs on ``day``; every account of `PEOPLE` exists, signing in by a click or by `PASSWORD`.

    ``planned``: a plan is published; without one the office is as `dondoc init` leaves it, but for the accounts.
    """

    db: Database
    folder: Path
    simulated: bool = True
    day: date = DAY
    planned: bool = True
    app: FastAPI = field(init=False)
    plan: Played = field(init=False)
    runner: asyncio.Runner = field(default_factory=asyncio.Runner)

    def __post_init__(self) -> None:
        if self.planned:
            self.plan = Played(self.db, self.day)
        clock.start(self.db, at(self.day).business)
        for login, (units, roles) in PEOPLE.items():
            create_account(self.db, login=login, name=f"Người {login}", memberships=self.places(*units), roles=roles)
        with self.db.write() as connection:
            add_account(connection, checked(**WITH_PASSWORD), self.places("huyen-03"), password_hash=_hashed())
        settings = Settings(_env_file=None, data=self.folder)
        self.context = AppContext(settings, self.db, lambda: at(self.day), lambda: CALENDAR, self.simulated)
        self.app = create_app(self.context)

    def places(self, *units: str) -> list[Membership]:
        """Places in ``units``; none where no plan has brought units in."""
        return [Membership(unit) for unit in units] if self.planned else []

    def close(self) -> None:
        """End the loop that the browsers shared."""
        self.runner.close()

    def browser(self, login: str = "", **headers: str) -> Browser:
        """A browser, signed in as ``login`` if given."""
        browser = Browser(self, headers)
        if login:
            assert browser.post("/sign-in", account=login).status_code == 303
        return browser

    def step_id(self, code: str, slot: str = "") -> int:
        """The id of a step."""
        return int(self.plan.step(code, slot)["id"])


class Served(Protocol):
    """What a browser needs: an application, and the loop that all browsers share."""

    app: FastAPI
    runner: asyncio.Runner


class Browser:
    """What a person does with a browser: look, fill in, send. Cookies are kept; redirects are not followed by themselves."""

    def __init__(self, office: Served, headers: dict[str, str]) -> None:
        self.office = office
        transport = httpx.ASGITransport(office.app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://dondoc.test", headers=headers)

    def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request."""
        return self.office.runner.run(self.client.request(method, path, **more))

    def get(self, path: str, **more: Any) -> httpx.Response:
        """Look at a page."""
        return self.send("GET", path, **more)

    def post(self, path: str, *, files: Any = None, **fields: Any) -> httpx.Response:
        """Send a form; the session's token comes along unless ``csrf`` is given."""
        fields.setdefault("csrf", self.csrf() if self.client.cookies else "")
        return self.send("POST", path, data=fields, files=files)

    def csrf(self) -> str:
        """The token of the session."""
        return str(self.get("/api/v1/session").json().get("csrf", ""))

    def act(self, step_id: int, action: str, *, files: Any = None, **fields: Any) -> httpx.Response:
        """Fill in the form of ``action`` as the step's page gives it, and send it."""
        return self.post(f"/steps/{step_id}/actions/{action}", files=files, **{**self.carried(step_id, action), **fields})

    def carried(self, step_id: int, action: str) -> dict[str, str]:
        """The hidden fields of the action's form."""
        page = self.get(f"/steps/{step_id}").text
        form = re.search(rf'<form[^>]*action="/steps/{step_id}/actions/{action}".*?</form>', page, re.S)
        assert form, f"no form for {action}"
        return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0]))

    def api(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request to the API with the session's token."""
        headers = {"X-CSRF-Token": self.csrf(), **more.pop("headers", {})}
        return self.send(method, f"/api/v1{path}", headers=headers, **more)


def words(response: httpx.Response) -> str:
    """The text of a page, without its tags."""
    return text_of(response.text)


def text_of(html: str) -> str:
    """The text of some HTML, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
