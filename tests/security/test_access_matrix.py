"""Every route × every kind of person × everything that an address can name, generated from the application's own table of routes.

What each cell must answer is worked out from `engine.access` (who may use the route) and `engine.reach` (for whom the thing exists).
Nothing that is written stays: each cell finds the same office.
"""

from __future__ import annotations

import re
from enum import StrEnum
from html import unescape
from urllib.parse import quote

import httpx
import pytest

from engine.access import Policy, may_use
from engine.decide import HANDLERS, relations_to
from engine.reach import Thing, exists_for
from engine.transitions import Action, find
from tests.security.asking import Address, Cell
from tests.security.marked import PERSONS
from tests.security.world import World
from web.gate import SAFE

# These need a token of a preview or an amendment in the form, which an empty form does not hold. So may any address that names nothing
# and changes something: a password that one does not have, a session of one's own.
NAMED_IN_THE_FORM = {"/plans/new/steps.csv", "/plans/new/mails.csv", "/plans/{plan_id}/amend", "/plans/{plan_id}/amend/undo"}
NAMED_IN_THE_FORM |= {"/plans/{plan_id}/prior"}
DOWN = ("/readyz", "/sign-in/provider")  # say truly that no orchestrator, no identity provider runs here, as Prefect's pages say of Prefect
pytestmark = pytest.mark.xdist_group("access")  # one worker asks once


class Answer(StrEnum):
    SIGN_IN = "must sign in"
    REFUSED = "not for this role"
    MISSING = "does not exist"
    ADMITTED = "admitted"


def expected(world: World, policy: Policy, address: Address, login: str) -> Answer:
    """What the two tables say."""
    if policy is Policy.DEMONSTRATION:
        return Answer.MISSING
    actor = world.actor(login) if login else None
    if not may_use(policy, actor, simulated=False):
        return Answer.REFUSED if actor else Answer.SIGN_IN
    if address.thing in (None, Thing.SECRET) or exists_for(address.thing, PERSONS[login][3] if login else frozenset()):
        return Answer.ADMITTED
    return Answer.MISSING


def named_in_form(address: Address) -> bool:
    """Whether the form names a further thing, which is missing here."""
    return address.path in NAMED_IN_THE_FORM or (address.thing is None and address.method != "GET")


def told(answer: httpx.Response) -> Answer:
    """What was answered."""
    to = answer.headers.get("location", "")
    if answer.status_code == 401 or (to.startswith("/sign-in") and "did=" not in to):
        return Answer.SIGN_IN
    if answer.status_code == 404:
        return Answer.MISSING
    if answer.request.method == "HEAD":
        return Answer.REFUSED if answer.status_code == 403 else Answer.ADMITTED
    refused = answer.status_code == 403 and ("Trang này không dành cho bạn" in answer.text or '"code":"policy"' in answer.text)
    return Answer.REFUSED if refused else Answer.ADMITTED


def plain(text: str, address: Address) -> str:
    """``text`` without what echoes the address, and without what is drawn anew for each page."""
    for path in (address.here, address.missing):
        for form in (path, quote(path, safe="")):
            text = text.replace(form, "(address)")
    return re.sub(r'name="(csrf|key)" value="[^"]*"|incident [0-9a-f]{8}', "(drawn)", unescape(text))


def test_every_cell_answers_as_the_tables_say(world: World, cells: list[Cell]):
    wrong = []
    for cell in cells:
        wanted, got = expected(world, cell.policy, cell.address, cell.login), told(cell.answer)
        if got is not wanted and not (wanted is Answer.ADMITTED and named_in_form(cell.address)):
            wrong.append(f"{cell}: {wanted}, got {cell.answer.status_code} {got}")
    assert wrong == []


def test_who_only_reads_is_refused_whatever_changes_the_office(cells: list[Cell]):
    """Auditors and supervisors: said once more here, since the cells follow the table wherever it goes."""
    elsewhere = (Policy.PUBLIC, Policy.SIGNED_IN, Policy.FLOW_UI, Policy.DEMONSTRATION)
    changing = [c for c in cells if c.login in ("auditor", "supervisor") and c.address.method not in SAFE and c.policy not in elsewhere]
    assert [f"{c}: {c.answer.status_code}" for c in changing if told(c.answer) is not Answer.REFUSED] == []
    assert len(changing) > 60


def test_no_cell_fails(cells: list[Cell]):
    failed = [c for c in cells if c.answer.status_code >= 500 and c.address.path not in DOWN and c.policy is not Policy.FLOW_UI]
    assert [f"{c}: {c.answer.status_code}" for c in failed] == []


def test_what_is_foreign_looks_like_what_is_missing(world: World, cells: list[Cell]):
    wrong = []
    for cell in cells:
        if cell.address.thing is None or expected(world, cell.policy, cell.address, cell.login) is not Answer.MISSING:
            continue
        missing = world.ask(cell.login, cell.address.method, cell.address.missing, cell.address.path)
        seen = [(a.status_code, a.headers.get("content-type"), plain(a.text, cell.address)) for a in (cell.answer, missing)]
        if seen[0] != seen[1]:
            wrong.append(f"{cell}: {cell.answer.status_code} tells it from {missing.status_code}, which a missing one gets")
    assert wrong == []


@pytest.mark.parametrize("code", ["mot", "ba", "hai"])  # with the unit, with the approver, not opened
def test_every_action_is_for_those_whom_its_row_names(world: World, code: str):
    """Role × action × relation, from `engine.transitions`: whom no relation of the row fits is told so, whom one fits never is."""
    wrong = []
    step, workflow = world.state(code)
    path = f"/api/v1/steps/{step.id}/actions/"
    for login in PERSONS:
        held = relations_to(step, workflow, world.actor(login))
        for action in HANDLERS:
            row = find(action, step.status)
            if row is None or action is Action.ATTACH:
                continue
            answer = world.ask(login, "POST", path + action.value, json={"expected_version": step.version})
            got = 404 if answer.status_code == 404 else answer.json().get("code") != "relation"
            known = exists_for(Thing.STEP, PERSONS[login][3])
            if got != (bool(held & row.who) if known else 404):
                wrong.append(f"{action} on {code} as {login}: {answer.status_code} {answer.text[:120]}")
    assert wrong == []
