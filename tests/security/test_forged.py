"""No request that changes something is taken from another site or without the session's token; no page runs a script of anybody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from engine.access import Policy
from tests.security.asking import STREAM, Address, Cell
from tests.security.putting_back import really
from tests.security.world import World
from web.gate import SAFE
from web.policy import policy_of

pytestmark = pytest.mark.xdist_group("access")

FOREIGN = ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"})
HEALTH = "heartbeat"  # in which /readyz tries whether the database takes writes
INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", re.IGNORECASE)


def unsafe(world: World) -> Iterator[tuple[Policy, Address]]:
    """Every route that changes something, with its policy."""
    for method, route in world.routes():
        if method not in SAFE:
            yield policy_of(route), world.address(method, route)


def refused(world: World, address: Address, login: str, headers: dict[str, str], **more: object) -> bool:
    """Whether the request is refused as a forged one."""
    world.browsers[login].client.cookies.update(world.cookies[login])
    answer = world.browsers[login].send(address.method, address.here, headers=headers, **more)
    return answer.status_code == 403 and ("csrf" in answer.text or "không đến từ một trang của hệ thống" in answer.text)


def test_another_site_sends_nothing_even_with_the_token(world: World):
    """The standing agency heads for everything; what is not for it stops before, so that administrators and heads try the rest."""
    wrong = [
        f"{address.method} {address.path} {headers}"
        for policy, address in unsafe(world)
        for headers in FOREIGN
        if not any(refused(world, address, login, {**headers, "X-CSRF-Token": world.csrf[login]}) for login in ("", "agency"))
    ]
    assert wrong == []


def test_nothing_is_changed_without_the_sessions_token(world: World):
    wrong = []
    for policy, address in unsafe(world):
        if policy in (Policy.FLOW_UI, Policy.DEMONSTRATION):  # its POSTs ask, none changes anything; and there is no demonstration here
            continue
        login = {Policy.PEOPLE: "head", Policy.ADMINISTRATOR: "administrator"}.get(policy, "agency")
        for token in ("", "wrong", world.csrf["lead"]):
            if not refused(world, address, login, {"X-CSRF-Token": token}, data={"csrf": token}):
                wrong.append(f"{address.method} {address.path} with {token!r}")
    assert wrong == []


def test_every_answer_has_its_headers_and_no_page_holds_a_script_or_a_style(cells: list[Cell]):
    wrong = []
    for cell in cells:
        headers = cell.answer.headers
        policy = headers.get("content-security-policy", "")
        if (
            "access-control-allow-origin" in headers
            or "unsafe" in policy
            or not ("default-src 'self'" in policy or "default-src 'none'" in policy)
        ):
            wrong.append(f"{cell}: {policy}")
        if headers.get("x-content-type-options") != "nosniff" or not headers.get("referrer-policy") or not unkept(cell):
            wrong.append(f"{cell}: {dict(headers)}")
        if headers.get("content-type", "").startswith("text/html") and (found := INLINE.search(cell.answer.text)):
            wrong.append(f"{cell}: {cell.answer.text[found.start() - 20 : found.end() + 60]}")
    assert wrong == []


def unkept(cell: Cell) -> bool:
    """Whether nobody on the way keeps the answer."""
    own = {"/feeds/{token}.ics": "private, no-cache"}.get(cell.address.path, "no-store")
    return cell.answer.headers.get("cache-control") in (own, "no-store") or cell.policy is Policy.FLOW_UI


def test_signing_out_clears_what_the_browser_kept(world: World):
    assert world.ask("lead", "POST", "/sign-out").headers["clear-site-data"] == '"cache", "storage"'


def test_looking_changes_nothing(world: World):
    """Whoever is led to an address, by a picture in a mail or a program that looks ahead, does nothing by it."""
    with really(world):
        before = rows(world)
        for method, route in world.routes():
            path = world.address(method, route).here
            if method == "GET" and path != STREAM and policy_of(route) is not Policy.FLOW_UI:
                for login in ("agency", "lead"):
                    world.ask(login, "GET", path)
        assert {name for name, found in rows(world).items() if found != before[name]} == {HEALTH}


def rows(world: World) -> dict[str, list[object]]:
    """Everything that is stored, by table."""
    with world.db.read() as connection:
        return {name: list(connection.execute(select(table))) for name, table in SQLModel.metadata.tables.items()}
