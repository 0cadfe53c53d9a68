"""Approvals ask again who one is, where the office wants that; what was typed stays."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from engine.access import Membership
from engine.instants import Now
from models.database import Database
from services.accounts import create_account
from tests.factories import at
from tests.web.office import DAY, PASSWORD, Browser, Office, words
from wiring.settings import Settings

NOTE = "Đồng ý, lưu ý mục 3"


class Guarded(Office):
    """An office that wants a proof of the last 15 minutes; the plan's first step waits for the Steering Committee's approval."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.moved = timedelta(0)
        object.__setattr__(self.context, "now", self.now)
        object.__setattr__(self.context, "settings", Settings(_env_file=None, data=self.folder, step_up_minutes=15))
        for login, unit in (("nop", "cong-an-tinh"), ("duyet", "ban-chi-dao")):
            create_account(self.db, login=login, name=login, memberships=[Membership(unit)], password=PASSWORD)
        evidence = {"evidence.kh.number": "12/KH", "evidence.kh.date": "05/06/2024"}
        assert self.signed_in("nop").act(self.step_id("ke-hoach"), "submit", **evidence).status_code == 303

    def now(self) -> Now:
        present = at(DAY)
        return Now(present.business, present.system + self.moved)

    def wait(self, minutes: int) -> None:
        self.moved += timedelta(minutes=minutes)

    def signed_in(self, login: str) -> Browser:
        browser = self.browser()
        assert browser.post("/sign-in", login=login, password=PASSWORD).status_code == 303
        return browser

    @property
    def status(self) -> str:
        return self.plan.status("ke-hoach")


@pytest.fixture
def guarded(sqlite: Database, tmp_path: Path) -> Iterator[Guarded]:
    office = Guarded(sqlite, tmp_path, simulated=False)
    yield office
    office.close()


def approve(office: Guarded, browser: Browser, **fields: str) -> httpx.Response:
    return browser.act(office.step_id("ke-hoach"), "approve", note=NOTE, **fields)


def over_the_api(office: Guarded, browser: Browser, **more: object) -> httpx.Response:
    step = office.plan.step("ke-hoach")
    body = {"expected_version": int(step["version"]), "payload": {"round": int(step["round"]), "link": int(step["link"])}}
    return browser.api("POST", f"/steps/{step['id']}/actions/approve", json=body, **more)


def test_who_has_just_signed_in_is_not_asked(guarded: Guarded):
    browser = guarded.signed_in("duyet")
    guarded.wait(14)
    assert 'name="proof"' not in browser.get(f"/steps/{guarded.step_id('ke-hoach')}").text
    assert approve(guarded, browser).status_code == 303 and guarded.status == "done"


def test_later_one_is_asked_in_the_form_and_nothing_typed_is_lost(guarded: Guarded):
    browser = guarded.signed_in("duyet")
    guarded.wait(15)
    for proof in ({}, {"proof": "sai hẳn rồi"}):
        answer = approve(guarded, browser, **proof)
        assert answer.status_code == 422 and guarded.status == "submitted"
        assert NOTE in answer.text and 'href="#approve-proof"' in answer.text and "sai hẳn" not in answer.text
    assert approve(guarded, browser, proof=PASSWORD).status_code == 303 and guarded.status == "done"
    assert PASSWORD not in words(browser.get(f"/steps/{guarded.step_id('ke-hoach')}"))


def test_a_proof_is_good_for_the_next_approvals_of_this_session_alone(guarded: Guarded):
    here, there = guarded.signed_in("duyet"), guarded.signed_in("duyet")
    guarded.wait(15)
    assert here.api("POST", "/session/proof", json={"proof": PASSWORD}).status_code == 204
    assert approve(guarded, there).status_code == 422
    guarded.wait(14)
    assert approve(guarded, here).status_code == 303


def test_a_page_opened_in_time_and_sent_too_late_is_asked_too(guarded: Guarded):
    browser = guarded.signed_in("duyet")
    step = guarded.step_id("ke-hoach")
    carried = browser.carried(step, "approve")
    guarded.wait(20)
    answer = browser.post(f"/steps/{step}/actions/approve", **carried, note=NOTE)
    assert answer.status_code == 422 and NOTE in answer.text and 'name="proof"' in answer.text and guarded.status == "submitted"


def test_a_form_kept_beyond_its_session_keeps_the_words_and_not_the_proof(guarded: Guarded):
    browser = guarded.signed_in("duyet")
    step = guarded.step_id("ke-hoach")
    carried = browser.carried(step, "approve")
    browser.client.cookies.clear()
    fields = {**carried, "note": NOTE, "proof": PASSWORD}
    answer = browser.send("POST", f"/steps/{step}/actions/approve", data=fields, headers={"Origin": "http://dondoc.test"})
    assert NOTE in answer.text and PASSWORD not in answer.text and 'name="proof"' not in answer.text


def test_the_api_says_so_and_takes_the_proof(guarded: Guarded):
    browser = guarded.signed_in("duyet")
    guarded.wait(15)
    refused = over_the_api(guarded, browser)
    assert (refused.status_code, refused.json()["code"], refused.headers["content-type"]) == (403, "step-up", "application/problem+json")
    assert browser.api("POST", "/session/proof", json={"proof": "sai"}).json()["field"] == "proof"
    assert over_the_api(guarded, browser).json()["code"] == "step-up"
    assert browser.api("POST", "/session/proof", json={"proof": PASSWORD}).status_code == 204
    assert over_the_api(guarded, browser).status_code == 200 and guarded.status == "done"


def test_a_token_approves_nothing_and_proves_nothing(guarded: Guarded):
    browser = guarded.signed_in("duyet")
    page = browser.post("/preferences/tokens", name="x", scopes=["read", "act"], days="3")
    token = re.findall(r"dd_[\w-]{43}", page.text)[0]
    bearer = {"headers": {"Authorization": f"Bearer {token}"}}
    assert over_the_api(guarded, guarded.browser(), **bearer).json()["code"] == "step-up"
    proof = guarded.browser().send("POST", "/api/v1/session/proof", json={"proof": PASSWORD}, **bearer)
    assert proof.json()["code"] == "session-only" and guarded.status == "submitted"


def test_trying_passwords_there_gets_slower(guarded: Guarded):
    browser = guarded.signed_in("duyet")
    guarded.wait(15)
    answers = [browser.api("POST", "/session/proof", json={"proof": f"sai {n}"}).status_code for n in range(11)]
    assert answers == [422] * 10 + [429]
    assert browser.api("POST", "/session/proof", json={"proof": PASSWORD}).status_code == 429


def test_returns_and_other_acts_do_not_ask(guarded: Guarded):
    browser = guarded.signed_in("duyet")
    guarded.wait(60)
    step = guarded.step_id("ke-hoach")
    assert browser.act(step, "comment", text="xem").status_code == 303
    assert browser.act(step, "return", reason="thiếu", redo_on="20/06/2024").status_code == 303


def test_it_is_off_unless_the_office_wants_it(guarded: Guarded):
    object.__setattr__(guarded.context, "settings", Settings(_env_file=None, data=guarded.folder))
    browser = guarded.signed_in("duyet")
    guarded.wait(600)
    assert approve(guarded, browser).status_code == 303 and guarded.status == "done"


def test_what_is_decided_on_paper_asks_as_well_unless_it_is_a_return():
    from engine.step_up import asks

    assert asks("approve", {}) and asks("record", {}) and asks("record", {"decision": "approve"})
    assert not asks("record", {"decision": "return"}) and not asks("submit", {})


def test_approving_many_at_once_asks_too_on_the_page_and_over_the_api(guarded: Guarded):
    assert approve(guarded, guarded.signed_in("duyet")).status_code == 303
    create_account(guarded.db, login="huyen", name="huyen", memberships=[Membership("huyen-01")], password=PASSWORD)
    step = guarded.step_id("ke-hoach-huyen", "huyen-01")
    assert guarded.signed_in("huyen").act(step, "submit").status_code == 303
    browser = guarded.signed_in("nop")
    guarded.wait(16)
    fields = {"action": "approve", "step": str(step), "key": "k"}
    assert "Mật khẩu của bạn" in words(browser.get(f"/bulk?action=approve&step={step}"))
    wrong = browser.post("/bulk", **fields, proof="không phải mật khẩu")
    assert wrong.status_code == 422 and 'id="bulk-proof-e"' in wrong.text and "không phải mật khẩu" not in wrong.text
    asked = browser.api("POST", "/bulk", json={"action": "approve", "steps": [step]}, headers={"Idempotency-Key": "x"})
    assert (asked.status_code, asked.json()["code"]) == (403, "step-up")
    assert guarded.plan.status("ke-hoach-huyen", "huyen-01") == "submitted"
    assert browser.post("/bulk", **fields, proof=PASSWORD).status_code == 200
    assert guarded.plan.status("ke-hoach-huyen", "huyen-01") == "done"
