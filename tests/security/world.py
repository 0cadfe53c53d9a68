"""An office with a marked plan in full use, a browser for every kind of person, and addresses that name its things or missing ones."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Table, func, select
from starlette.routing import BaseRoute, Mount

from engine.access import SYSTEM, Actor, Membership
from engine.compiled import CompiledWorkflow
from engine.definition import Text, UnitName
from engine.step_state import StepState, from_row
from engine.units import ChangeKind, ChangePart, UnitChange
from models.database import sqlite_url
from models.schema import create_all
from models.tables import attachment, deputy, key_task, message, notice, step, workflow
from notifications.channels.web import Web, WebRules
from notifications.hours import OfficeHours
from notifications.render import Site
from services import api_tokens, clock, feeds, inbox, purge, webhooks
from services.accounts import actor_of, create_account
from services.act import act
from services.anchors import take_anchor
from services.definitions import workflow_of
from services.deputies import name_deputy
from services.expand import expand
from services.open_cycles import open_cycles
from services.password_links import give
from services.publish import publish
from services.sweep import sweep
from services.unit_change import plan_change
from tests.factories import CALENDAR, at
from tests.security.asking import FORMS, MISSING, PDF, STREAM, Address, Cell, Dry
from tests.security.marked import DETAIL, LEADER, PERSON, PERSONS, home_plan, marked_plan
from tests.web.office import Browser
from web.app import create_app
from web.policy import policy_of, thing_of
from wiring.context import AppContext
from wiring.settings import Settings

BEGIN, DAY = date(2024, 4, 15), date(2024, 5, 20)
RENAME = UnitChange(
    date(2024, 7, 1), "Nghị quyết 1/NQ",
    (ChangePart(ChangeKind.RENAME, (LEADER,), name=UnitName(Text("Sở Riêng"), Text("SR"), date(2024, 7, 1))),),
)  # fmt: skip
SITE = Site("http://dondoc.test")
LINK = "lien-ket-dat-mat-khau"


class World:
    """``app`` is a real office's application (no demonstration) on `DAY`; ``browsers`` holds one for each of `PERSONS`, "" signed out.

    Without ``marked`` there is the festival alone, with the same units and people.
    """

    def __init__(self, folder: Path, *, marked: bool = True) -> None:
        self.folder, self.runner = folder, asyncio.Runner()
        self.db = Dry(sqlite_url(folder / "dondoc.sqlite3"), durable=False)
        create_all(self.db)
        self.plan_id = publish(self.db, home_plan(), now=at(BEGIN), actor=SYSTEM)
        if marked:
            self.plan_id = publish(self.db, marked_plan(), now=at(BEGIN), actor=SYSTEM)
        open_cycles(self.db, now=at(BEGIN), calendar=CALENDAR)
        clock.start(self.db, at(DAY).business)
        self.accounts = {login: self._person(login) for login in PERSONS}
        if marked:
            self._work()
        for day in (date(2024, 5, 3), date(2024, 5, 9), date(2024, 5, 15)):
            sweep(self.db, now=at(day), calendar=CALENDAR)
        inbox.post(self.db, now=at(DAY))
        expand(self.db, now=at(DAY), hours=OfficeHours(CALENDAR), site=SITE)
        plan_change(self.db, RENAME, actor=self.actor("agency"), key="k", now=at(DAY))
        if marked:
            self._keep_office()
        self.ids = self._ids() if marked else {}
        settings = Settings(
            _env_file=None, data=folder, prefect_port=9, metrics_token="watch", webhook_timeout=1, writes_per_minute=0,
            oidc_issuer="http://127.0.0.1:9", oidc_client_id="dondoc",
        )  # fmt: skip
        self.context = AppContext(settings, self.db, lambda: at(DAY), lambda: CALENDAR, False)
        self.app, self._demonstration = create_app(self.context), create_app(replace(self.context, simulated=True))
        self.browsers = {login: self.browser(login) for login in ("", *PERSONS)}
        if marked:
            self.browsers["deputy"].post("/acting-for", deputy=self.ids["deputy_id"])
        self.cookies = {login: dict(browser.client.cookies) for login, browser in self.browsers.items()}
        self.csrf = {login: browser.csrf() for login, browser in self.browsers.items()}
        self.db.dry = True

    def close(self) -> None:
        """End the loop and the database."""
        self.runner.close()
        self.db.close()

    def browser(self, login: str) -> Browser:
        """A browser; signing in by a click needs the demonstration, whose sessions are the same."""
        browser = Browser(self, {})
        if login:
            app, self.app = self.app, self._demonstration
            there = Browser(self, {})
            assert there.post("/sign-in", account=login).status_code == 303
            self.app = app
            browser.client.cookies = there.client.cookies
        return browser

    def ask(self, login: str, method: str, path: str, form: str = "", **more: Any) -> httpx.Response:
        """One request with the session's token, and what `FORMS` has for ``form``; else an empty form, or an empty object for the API."""
        browser, token, more = self.browsers[login], self.csrf[login], {**FORMS.get(form, {}), **more}
        if not more and method not in ("GET", "HEAD"):
            more = {"json": {}} if "/api/" in path else {"data": {"csrf": token}}
        browser.client.cookies = httpx.Cookies(self.cookies[login])  # a sign-out took them away
        return browser.send(method, path, headers={"X-CSRF-Token": token}, **more)

    def routes(self) -> list[tuple[str, BaseRoute]]:
        """(method, route) of every route of the application, mounts left out."""
        routes = (route for route in self.app.router.routes if not isinstance(route, Mount))
        return [(method, route) for route in routes for method in sorted(getattr(route, "methods", ()))]

    def cells(self) -> Iterator[Cell]:
        """Every route as every person, one request each."""
        for method, route in self.routes():
            address = self.address(method, route)
            for login in self.browsers if address.path != STREAM else ():
                yield self.cell(method, route, address, login)

    def secret_cells(self, logins: Collection[str]) -> Iterator[Cell]:
        """Every page that names something, with what is confidential in the place of what is open, as ``logins``."""
        for method, route in self.routes():
            address = self.address(method, route, self.secret_ids())
            if method == "GET" and address.here != self.address(method, route).here:
                yield from (self.cell(method, route, address, login) for login in logins)

    def cell(self, method: str, route: BaseRoute, address: Address, login: str) -> Cell:
        """One request."""
        return Cell(policy_of(route), address, login, self.ask(login, method, address.here, address.path))

    def address(self, method: str, route: BaseRoute, ids: dict[str, str] | None = None) -> Address:
        """The route with the marked things in its address."""
        path, ids = str(getattr(route, "path", "")), ids or self.ids
        here = missing = path
        for name in getattr(route, "param_convertors", {}):
            value = "mot" if name == "code" and path.startswith(("/figures", "/api/v1/figures")) else ids[name]
            for slot in (f"{{{name}}}", f"{{{name}:path}}"):
                here = here.replace(slot, value)
                missing = missing.replace(slot, value if name in ("action", "kind") else MISSING if name != "code" else "khong-co")
        return Address(method, path, thing_of(route), here, missing)

    def step_id(self, code: str, workflow_code: str = "rieng") -> int:
        """The id of a step of the marked plan."""
        query = select(step.c.id).join(workflow).where(workflow.c.plan_id == self.plan_id, workflow.c.code == workflow_code)
        with self.db.read() as connection:
            return int(connection.execute(query.where(step.c.code == code)).scalar_one())

    def state(self, code: str) -> tuple[StepState, CompiledWorkflow]:
        """A step of the marked plan, and its definition."""
        with self.db.read() as connection:
            row = connection.execute(select(step).where(step.c.id == self.step_id(code))).mappings().one()
            flow = connection.execute(select(workflow).where(workflow.c.id == row["workflow_id"])).mappings().one()
            return from_row(row), workflow_of(connection, flow)

    def actor(self, login: str) -> Actor:
        """The person as the services know them."""
        return actor_of(self.db, self.accounts[login])

    def act(self, login: str, action: str, step_id: int, **payload: Any) -> None:
        """One action of one person."""
        act(self.db, actor=self.actor(login), step_id=step_id, action=action, payload=payload, now=at(BEGIN), calendar=CALENDAR)

    def secret_ids(self) -> dict[str, str]:
        """`ids` with the confidential workflow, its step and its file in the place of the open ones."""
        with self.db.read() as connection:
            row = connection.execute(select(workflow.c.id).where(workflow.c.plan_id == self.plan_id, workflow.c.code == "mat")).one()
        step_id = self.step_id("mot", "mat")
        file = self._one(attachment, attachment.c.step_id == step_id)
        return {**self.ids, "workflow_id": str(row.id), "step_id": str(step_id), "attachment_id": str(file)}

    def _person(self, login: str) -> int:
        unit, role, roles, _ = PERSONS[login]
        places = [Membership(unit, role)] if unit else []
        name = f"{PERSON} {login}" if unit.startswith("so-") else f"Người {login}"
        return create_account(self.db, login=login, name=name, address=f"{login}@example.vn", memberships=places, roles=roles)

    def _work(self) -> None:
        """Work on the marked steps: files, drafts, words, a round, a request."""
        for id_ in (self.step_id("mot"), self.step_id("ba"), self.step_id("mot", "mat")):
            digest = f"{id_:064}"
            self._keep(digest)
            file = {"evidence": "kh", "name": f"{DETAIL}.pdf", "media_type": "application/pdf", "size": len(PDF), "sha256": digest}
            self.act("lead", "accept", id_)
            self.act("lead", "attach", id_, files=[file])
            self.act("lead", "save-draft", id_, figures={"so": "5", "loi": f"{DETAIL} words"}, note=f"{DETAIL} note")
            self.act("lead", "progress", id_, text=f"{DETAIL} progress")
            self.act("coordinating", "comment", id_, text=f"{DETAIL} comment")
            self.act("lead", "request-extension", id_, until="2024-08-01", reason=f"{DETAIL} reason")
        self.act("lead", "submit", self.step_id("ba"), note=f"{DETAIL} round")

    def _keep_office(self) -> None:
        """What else leaves a row: a deputy, a file to destroy, a webhook, an anchor, a feed."""
        form = {"unit": LEADER, "deputy": str(self.accounts["deputy"]), "from": DAY.isoformat(), "to": "2024-06-30"}
        name_deputy(self.db, self.actor("lead"), form, now=at(DAY))
        file = self._one(attachment, attachment.c.step_id == self.step_id("ba"))
        purge.propose(self.db, self.actor("lead"), file, f"{DETAIL} purge", now=at(DAY))
        web = Web(WebRules(True, (), 1), resolver=lambda host, port: ())
        hook: dict[str, Any] = {"name": "Trục", "url": "https://203.0.114.5/", "kinds": ["step.overdue"]}
        webhooks.add(self.db, **hook, actor=self.actor("agency"), now=at(DAY), web=web, master="m")
        assert take_anchor(self.db, now=at(DAY), site=SITE)
        lead = self.actor("lead")
        token = api_tokens.make(
            self.db, lead.account_id, actor=lead, name=f"{DETAIL} token", scopes=["read"], days=9, longest=9, now=at(DAY)
        )
        self.token_id = token.id
        with self.db.write() as connection:
            give(connection, self.accounts["lead"], "reset", LINK, made_by=0, now=at(DAY))
        self.feed = feeds.issue(self.db, self.accounts["lead"], now=at(DAY))

    def _keep(self, digest: str) -> None:
        path = self.folder / "attachments" / digest[:2] / digest
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PDF)

    def _ids(self) -> dict[str, str]:
        mot = self.step_id("mot")
        mine = self.accounts["lead"]
        proposed = notice.c.data["proposed"].as_boolean().is_(True)
        found: dict[str, object] = {
            "plan_id": self.plan_id,
            "key_task_id": self._one(key_task, key_task.c.plan_id == self.plan_id),
            "workflow_id": self._one(workflow, workflow.c.plan_id == self.plan_id, workflow.c.code == "rieng"),
            "step_id": mot,
            "attachment_id": self._one(attachment, attachment.c.step_id == mot),
            "message_id": self._one(message, message.c.account_id == mine),
            "notice_id": self._one(notice, proposed, notice.c.step_id == mot),
            "deputy_id": self._one(deputy),
            "account_id": mine,
            "token": self.feed,
            "link": LINK,
            "token_id": self.token_id,
            "action": "accept",
            "code": LEADER,
            "kind": "csv",
            "unit": LEADER,
            "mail_id": "x",
            "path": "flow_runs",
            "number": 1,
            "webhook_id": 1,
            "purge_id": 1,
        }
        return {name: str(value) for name, value in found.items()}

    def _one(self, table: Table, *where: Any) -> int:
        with self.db.read() as connection:
            return int(connection.execute(select(func.min(table.c.id)).where(*where)).scalar_one())
