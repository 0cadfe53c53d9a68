"""A session that ends mid-form, a double click, the back button, two tabs: nothing is lost, nothing is done twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

from tests.journeys.people import sign_in
from tests.web.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
TYPED = "Một ý kiến rất dài mà không ai muốn viết lại"


@pytest.fixture
def window(chromium: Browser, base: str) -> Iterator[BrowserContext]:
    """The browser of huyen-01."""
    context = chromium.new_context(base_url=base, locale="vi-VN")
    sign_in(context.new_page(), "huyen-01")
    yield context
    context.close()


def opened(window: BrowserContext, step: int) -> Page:
    """A new tab with the step."""
    page = window.new_page()
    page.goto(f"/steps/{step}")
    return page


def write(page: Page) -> None:
    """Type the comment."""
    page.locator("#comment-text").fill(TYPED)


def send(page: Page, **more: object) -> None:
    """Press the button of the comment."""
    page.locator('form[action$="/actions/comment"] button').last.click(**more)  # type: ignore[arg-type]


def pdf(size: int) -> FilePayload:
    """A file of ``size`` bytes."""
    return {"name": "Kế hoạch.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n".ljust(size)}


def written(office: Office, step: int) -> int:
    """How often the comment stands in the history, asked of the database."""
    with office.db.read() as connection:
        query = "SELECT count(*) FROM journal_entry WHERE step_id = ? AND text = ?"
        return int(connection.exec_driver_sql(query, (step, TYPED)).scalar_one())


@pytest.fixture
def step(office: Office) -> int:
    """A step of huyen-01 that is open."""
    return office.step_id("gop-y", "huyen-01")


def test_a_session_that_ends_while_one_types_loses_nothing(office: Office, window: BrowserContext, step: int):
    page = opened(window, step)
    write(page)
    window.clear_cookies()
    send(page)
    expect(page.locator("main")).to_contain_text(TYPED)
    with window.expect_page() as other:
        page.locator("a.btn--main").click()
    other.value.locator('button[name=account][value="huyen-01"]').click()
    other.value.wait_for_url(lambda url: "/sign-in" not in url)
    page.locator("main form button").click()
    expect(page.locator("main")).to_contain_text("Bạn đang đăng nhập là Người huyen-01")
    assert written(office, step) == 0
    page.locator("main form button").click()
    page.wait_for_url("**/steps/*")
    expect(page.locator(".log")).to_contain_text(TYPED)
    assert written(office, step) == 1


# Limits that a test can exceed, set as a file is chosen: until then the page may renew itself after the comment, and say its own again.
SMALL = """() => addEventListener("input", ({ target }) => {
  if (target.type === "file") Object.assign(target.dataset, { most: 1048576, together: 1572864 });
}, { capture: true })"""


def test_a_double_click_writes_once_and_a_file_that_is_too_large_is_told_before_it_is_sent(
    office: Office, window: BrowserContext, step: int
):
    page = opened(window, step)
    write(page)
    send(page, click_count=2)
    expect(page.locator(".log")).to_contain_text(TYPED)
    assert written(office, step) == 1

    form, told = page.locator('form[action$="/actions/attach"]').last, page.locator('form[action$="/actions/attach"] .err').last
    chosen = form.locator("input[type=file]")
    page.evaluate(SMALL)
    chosen.set_input_files(pdf(1048577))
    expect(told).to_have_text("Tệp “Kế hoạch.pdf” có 1,1 MB; tối đa 100 MB.")
    expect(told).to_be_visible()
    form.evaluate("form => { form.noValidate = true; }")  # as the forms of actions are
    form.locator("button").click()
    expect(chosen).to_be_focused()
    expect(chosen).to_have_attribute("aria-invalid", "true")
    chosen.evaluate("field => { field.multiple = true; }")
    chosen.set_input_files([pdf(900_000)] * 2)
    expect(told).to_have_text("Các tệp có tất cả 1,8 MB; mỗi lần gửi nhận tối đa 132 MB.")
    chosen.set_input_files(pdf(100))
    expect(told).to_be_hidden()
    form.locator("button").click()
    expect(page.locator("main")).to_contain_text("Kế hoạch.pdf")


def test_going_back_and_sending_again_writes_once(office: Office, window: BrowserContext, step: int):
    page = opened(window, step)
    write(page)
    send(page)
    expect(page.locator(".log")).to_contain_text(TYPED)
    page.go_back()
    send(page)  # the browser may have kept the text, or not: then the field asks for it
    page.wait_for_load_state()
    assert written(office, step) == 1


def test_of_two_tabs_the_second_is_told_and_keeps_its_words(office: Office, window: BrowserContext, step: int):
    first, second = opened(window, step), opened(window, step)
    second.locator("summary", has_text="Từ chối").click()
    second.locator("#refuse-reason").fill(TYPED)
    first.locator('form[action$="/actions/accept"] button').click()
    expect(first.locator("main")).to_contain_text("Đang thực hiện")
    second.locator('form[action$="/actions/refuse"] button').last.click()
    expect(second.locator("main")).to_contain_text("vừa thay đổi")
    expect(second.locator(".errors")).to_contain_text(TYPED)  # its form is gone: what is in progress cannot be refused
    assert office.plan.status("gop-y", "huyen-01") == "in-progress"
