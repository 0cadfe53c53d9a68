"""An open page follows what others do, within two seconds, and never touches what is being typed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.factories import OFFICER, district
from tests.journeys.people import sign_in
from tests.web.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Opened = Callable[[str, str], Page]
SOON = 5_000  # milliseconds until a test gives up; two seconds is what people get on a quiet machine


@pytest.fixture
def opened(chromium: Browser, base: str) -> Iterator[Opened]:
    """Opens a page as somebody; each has a browser window of their own."""
    contexts, broken = [], []

    def open_(login: str, path: str) -> Page:
        contexts.append(chromium.new_context(base_url=base, locale="vi-VN"))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: broken.append(str(error)))
        sign_in(page, login)
        with page.expect_request(lambda request: request.url.endswith("/live")):
            page.goto(path)
        time.sleep(1.2)  # until the server has had its first look
        return page

    yield open_
    for context in contexts:
        context.close()
    assert broken == [], "a script of the page failed"


def test_an_open_list_follows_what_somebody_else_does(office: Office, opened: Opened):
    step = office.step_id("gop-y", "huyen-01")
    page = opened("huyen-01", "/")
    row = page.locator(f'.row:has(a[href="/steps/{step}"])')
    expect(row).to_be_visible()
    before = row.inner_text()
    page.evaluate("window.kept = true")
    office.plan.act(district(1), "submit", "gop-y", "huyen-01")
    expect(row).not_to_have_text(before, timeout=SOON)
    expect(row).to_contain_text("Xong đúng hạn")
    assert page.evaluate("window.kept"), "the page changed itself; it was not loaded again"


def test_what_is_being_typed_stays_and_the_rest_of_the_page_is_new(office: Office, opened: Opened):
    step = office.step_id("gop-y", "huyen-01")
    page = opened("thuong-truc", f"/steps/{step}")
    form = page.locator(f'form[action="/steps/{step}/actions/comment"]')
    if not form.is_visible():
        page.locator("summary", has=page.locator("text=Ý kiến")).first.click()
    form.locator("textarea").fill("Tôi đang viết dở")
    office.plan.act(district(1), "accept", "gop-y", "huyen-01")
    expect(page.locator("main")).to_contain_text("Đang thực hiện", timeout=SOON)
    assert form.locator("textarea").input_value() == "Tôi đang viết dở"
    form.locator("button").last.click()
    expect(page.locator("main")).to_contain_text("Tôi đang viết dở")


def test_the_workflow_is_drawn_anew(office: Office, opened: Opened):
    page = opened("giam-sat", "/workflows/1")
    before = page.locator(".fig svg").first.inner_html()
    office.plan.act(district(1), "submit", "gop-y", "huyen-01")
    page.wait_for_function("old => document.querySelector('.fig svg').innerHTML !== old", arg=before, timeout=SOON)


def test_the_number_of_unread_notices_follows(office: Office, opened: Opened):
    page = opened("ban-chi-dao", "/")
    unread = page.locator(".bell .n")
    assert page.locator(".bell .unread").is_hidden()
    document = {"evidence": {"kh": {"number": "12/KH", "date": "2024-06-10"}}}
    office.plan.act(OFFICER, "submit", "ke-hoach", payload=document)
    expect(unread).to_have_text("1", timeout=SOON)
    assert page.title().startswith("(1) ")


def test_somebody_without_a_part_in_it_is_told_nothing(office: Office, opened: Opened):
    page = opened("nguoi-la", "/")
    page.evaluate("window.told = []; new EventSource('/live').addEventListener('moved', e => window.told.push(e.data))")
    time.sleep(1.5)
    office.plan.act(district(1), "accept", "gop-y", "huyen-01")
    time.sleep(3)
    assert page.evaluate("window.told") == []
