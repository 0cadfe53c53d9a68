"""Absence over the pages: naming a deputy, acting on behalf, and what a stale page is told."""

from __future__ import annotations

from engine.access import Membership
from services.accounts import create_account
from tests.web.office import Office, words


def colleagues(office: Office) -> dict[str, str]:
    """A second officer and a head of huyen-01; account ids by sign-in name."""
    unit = "huyen-01"
    return {
        login: str(create_account(office.db, login=login, name=f"Người {login}", memberships=[Membership(unit, role)]))
        for login, role in (("h1-hai", "officer"), ("h1-truong", "head"))
    }


def named(office: Office) -> str:
    """The first officer is away; the second stands in. The second one's id."""
    by = colleagues(office)["h1-hai"]
    answer = office.browser("huyen-01").post("/absence", unit="huyen-01", deputy=by, **{"from": "10/06/2024", "to": "14/06/2024"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/absence?did=deputy-named")
    return by


def test_each_error_stands_beside_its_field_and_what_was_typed_comes_back(office: Office):
    by = colleagues(office)["h1-hai"]
    browser = office.browser("huyen-01")
    answer = browser.post("/absence", unit="huyen-01", deputy=by, **{"from": "14/06/2024", "to": "10/06/2024"})
    assert answer.status_code == 422
    assert 'id="a-to-e"' in answer.text and "Ngày cuối phải từ ngày đầu trở đi." in words(answer)
    assert 'value="14/06/2024"' in answer.text and f'<option value="{by}" selected>' in answer.text
    assert "Không ai vắng." in words(browser.get("/absence"))


def test_a_deputy_chooses_on_whose_behalf_and_every_page_says_so(office: Office):
    named(office)
    browser = office.browser("h1-hai")
    page = browser.get("/")
    assert "Có người vắng mà bạn thay mặt:" in words(page)
    number = page.text.split('name="deputy" value="')[1].split('"')[0]
    assert browser.post("/acting-for", deputy=number, next="/").status_code == 303
    assert "Bạn đang thay mặt Người huyen-01" in words(browser.get("/"))
    step = office.step_id("gop-y", "huyen-01")
    assert browser.act(step, "accept").status_code == 303
    assert "Người h1-hai (thay mặt Người huyen-01)" in words(browser.get(f"/steps/{step}"))
    assert "Người h1-hai (thay mặt Người huyen-01)" in words(browser.get(f"/workflows/{office.plan.workflow_id}"))
    assert browser.post("/acting-for", deputy="").status_code == 303
    assert "Bạn đang thay mặt" not in words(browser.get("/"))


def test_a_page_shown_on_behalf_is_refused_when_one_acts_for_oneself_again(office: Office):
    named(office)
    browser = office.browser("h1-hai")
    number = browser.get("/").text.split('name="deputy" value="')[1].split('"')[0]
    browser.post("/acting-for", deputy=number)
    step = office.step_id("gop-y", "huyen-01")
    carried = browser.carried(step, "accept")
    browser.post("/acting-for", deputy="")
    answer = browser.post(f"/steps/{step}/actions/accept", **carried)
    assert answer.status_code == 403 and "Người bạn thay mặt đã đổi" in words(answer)
    assert office.plan.status("gop-y", "huyen-01") == "open"


def test_nobody_acts_for_a_stranger(office: Office):
    named(office)
    browser = office.browser("huyen-02")
    for number in ("1", "999", "x", "٣"):
        assert browser.post("/acting-for", deputy=number).status_code == 404


def test_the_head_ends_what_is_no_longer_so(office: Office):
    named(office)
    head = office.browser("h1-truong")
    assert "Người h1-hai" in words(head.get("/absence"))
    assert office.browser("huyen-02").post("/absence/1/end").status_code == 404
    assert head.post("/absence/1/end").headers["location"] == "/absence?did=deputy-ended"
    assert "Không ai vắng." in words(head.get("/absence"))
