"""Typing @ in a comment offers the people who read the step, by keyboard and by pointer; what is typed by hand stays as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.axe import ALL, AXE, RUN
from tests.journeys.people import sign_in
from tests.web.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def page(office: Office, chromium: Browser, base: str) -> Iterator[Page]:
    """A step of huyen-01 as huyen-01 sees it."""
    context = chromium.new_context(base_url=base, locale="vi-VN", reduced_motion="reduce")
    context.add_init_script(AXE)
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    sign_in(page, "huyen-01")
    page.goto(f"/steps/{office.step_id('gop-y', 'huyen-01')}")
    yield page
    context.close()
    assert broken == [], "a script of the page failed"


@pytest.fixture
def comment(page: Page) -> Locator:
    """The field of the comment."""
    return page.locator("#comment-text")


def offered(page: Page) -> Locator:
    """Whom the open list offers."""
    return page.get_by_role("listbox", name="Người có thể nhắc đến").get_by_role("option")


def test_a_name_is_found_by_its_beginning_and_written_by_keyboard(page: Page, comment: Locator):
    comment.press_sequentially("Nhờ @")
    many = offered(page).count()
    assert many > 1
    expect(comment).to_have_attribute("aria-activedescendant", "offer-0")
    expect(page.locator(".mentions-told")).to_contain_text(f"{many} người")
    assert page.evaluate(RUN, ALL) == []
    comment.press("ArrowUp")
    expect(offered(page).nth(many - 1)).to_have_attribute("aria-selected", "true")
    comment.press_sequentially("nguoi thuong")  # a name without its marks, by two words
    expect(offered(page)).to_have_count(1)
    comment.press("Enter")
    expect(comment).to_have_value("Nhờ @thuong-truc ")
    expect(comment).not_to_have_attribute("role", "combobox")
    comment.press_sequentially("người")  # the name is written; what follows is looked for no more
    expect(offered(page)).to_have_count(0)
    comment.press_sequentially(" này xem giúp")
    page.get_by_role("button", name="Gửi ý kiến").click()
    expect(page.locator(".log")).to_contain_text("Nhắc đến Người thuong-truc")


def test_the_list_can_be_waved_away_and_pressed_on_and_lets_mail_addresses_be(page: Page, comment: Locator):
    comment.press_sequentially("Gửi a@thuong")
    expect(offered(page)).to_have_count(0)
    comment.press_sequentially(" và @th")
    comment.evaluate("it => it.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))")
    expect(offered(page)).not_to_have_count(0)  # the key belonged to whoever composes Vietnamese letters
    comment.press("Escape")
    comment.press_sequentially("uong")
    expect(offered(page)).to_have_count(0)
    comment.press("Enter")
    comment.press_sequentially("(@thuong")
    offered(page).first.click()
    expect(comment).to_have_value("Gửi a@thuong và @thuong\n(@thuong-truc ")
    expect(comment).to_be_focused()
    comment.press_sequentially("@")
    comment.blur()
    expect(offered(page)).to_have_count(0)
    comment.fill("")
    comment.press_sequentially("Nhờ @th")
    expect(offered(page)).not_to_have_count(0)
    comment.press("Home")  # the caret left what the list was about
    expect(offered(page)).to_have_count(0)
    comment.press("Enter")
    expect(comment).to_have_value("\nNhờ @th")
    page.locator("[name=mentions]").first.evaluate("it => { it.value = 'nguyen.van_thu-ky'; }")
    comment.fill("")
    comment.press_sequentially("@ky van")  # parts of a sign-in name
    offered(page).first.click()
    expect(comment).to_have_value("@nguyen.van_thu-ky ")
