"""Naming who handles a step on its page, on many at once and over the API; the rows of my work by who handles them."""

from __future__ import annotations

import re

import pytest

from engine.access import Membership
from services.accounts import create_account
from tests.web.office import Office, words

UNIT = "huyen-01"


@pytest.fixture
def two(office: Office) -> Office:
    """The district has a second officer."""
    create_account(office.db, login="chi-lan", name="Chị Lan", memberships=[Membership(UNIT)])
    return office


def handler(office: Office, code: str = "gop-y") -> object:
    return office.plan.step(code, UNIT)["handler"]


def test_the_page_names_shows_and_takes_back(two: Office) -> None:
    browser, step = two.browser(UNIT), two.step_id("gop-y", UNIT)
    shown = browser.get(f"/steps/{step}").text
    offered = re.search(r'<select id="name-handler-handler".*?</select>', shown, re.S)
    assert offered and re.findall(r'value="([^"]*)"', offered[0]) == ["", "chi-lan", UNIT]
    landed = browser.get(browser.act(step, "name-handler", handler="chi-lan", note="nhờ chị").headers["location"])
    assert "Đã giao người xử lý." in words(landed) and "Người xử lý: Chị Lan , từ 10/06/2024" in words(landed)
    assert "giao người xử lý : Chị Lan" in words(landed) and "nhờ chị" in words(landed)
    assert "Người xử lý: Chị Lan" in words(browser.get(f"/steps/{step}/print"))
    assert browser.act(step, "name-handler", **{"handler": "", "was.handler": "chi-lan"}).status_code == 303
    assert handler(two) is None


def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_comes_back(two: Office) -> None:
    browser, step = two.browser(UNIT), two.step_id("gop-y", UNIT)
    for given, said in (("", "Chưa ghi người xử lý."), ("huyen-02", "không làm việc ở đơn vị chủ trì")):
        answer = browser.act(step, "name-handler", handler=given, note="một lời")
        assert answer.status_code == 422 and said in words(answer) and "một lời" in answer.text
        assert re.search(r'<details id="name-handler" open', answer.text) and 'href="#name-handler-handler"' in answer.text
    assert handler(two) is None


def test_my_work_says_who_and_can_be_narrowed(two: Office) -> None:
    mine, hers = two.browser(UNIT), two.browser("chi-lan")
    assert "Chưa giao ai (" not in words(mine.get("/"))  # nothing to choose yet
    mine.act(two.step_id("gop-y", UNIT), "name-handler", handler="chi-lan")
    page = words(mine.get("/"))
    assert "Người xử lý: Chị Lan" in page and "Cả đơn vị (4) Của tôi (0) Chưa giao ai (3)" in page
    assert "Không có việc nào như vậy." in words(mine.get("/?handler=me"))
    assert "gop-y" in words(hers.get("/?handler=me")) and "bao-cao" not in words(hers.get("/?handler=me"))
    assert "bao-cao" in words(hers.get("/?handler=nobody")) and "gop-y" not in words(hers.get("/?handler=nobody"))
    assert words(mine.get("/?handler=ai-do")) == page


def test_many_at_once(two: Office) -> None:
    browser, steps = two.browser(UNIT), [str(two.step_id(code, UNIT)) for code in ("gop-y", "bao-cao")]
    assert '<option value="name-handler">' in browser.get("/").text
    form = browser.get(f"/bulk?action=name-handler&step={steps[0]}&step={steps[1]}")
    assert "làm được 2" in words(form) and '<option value="chi-lan">' in form.text
    assert browser.post("/bulk", action="name-handler", step=steps, key="k", handler="").status_code == 422
    done = browser.post("/bulk", action="name-handler", step=steps, key="k2", handler="chi-lan", note="cả hai")
    assert "Đã làm 2/2 bước" in words(done) and handler(two) == handler(two, "bao-cao") is not None


def test_over_the_api(two: Office) -> None:
    browser, step = two.browser(UNIT), two.step_id("gop-y", UNIT)
    act = f"/steps/{step}/actions/name-handler"
    assert browser.api("POST", act, json={"payload": {}}).json()["field"] == "handler"
    done = browser.api("POST", act, json={"payload": {"handler": "chi-lan"}}).json()
    assert done["facts"] == [{"kind": "step.handler-named", "account": handler(two)}]
    read = browser.api("GET", f"/steps/{step}").json()
    assert (read["handler"], read["handled_since"]) == ("chi-lan", "2024-06-10T02:00:00Z")
    assert two.browser("huyen-02").api("GET", f"/steps/{step}").json()["handler"] is None  # another district knows the step, no more
    groups = two.browser("chi-lan").api("GET", "/my-work?handler=me").json()
    assert [each["id"] for group in groups for each in group["steps"]] == [step]
    assert browser.api("GET", "/my-work?handler=x").status_code == 422
    assert browser.api("POST", act, json={"payload": {"handler": ""}}).status_code == 200 and handler(two) is None
