"""A person in front of a browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
)  # fmt: skip


@contextmanager
def browser_page(base: str, *, width: int = 1440) -> Iterator[Page]:
    """A page of a real Chromium with an empty profile; addresses are relative to ``base``."""
    chromium = next(found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        page = browser.new_page(base_url=base, viewport={"width": width, "height": 900}, locale="vi-VN")
        try:
            yield page
        finally:
            browser.close()


def sign_in(page: Page, login: str) -> None:
    """Sign in as a demonstration account, out of whatever was open before."""
    page.context.clear_cookies()
    page.goto("/sign-in")
    page.locator(f'button[name=account][value="{login}"]').click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
