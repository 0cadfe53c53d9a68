"""Pages that only come about when somebody did something first: steps of the second factor, a merger's preview, the destruction of a file,
the preview of a plan to publish.

Each is brought about in a browser, on the data folder that is photographed; it therefore changes that folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, Page
from pyotp import TOTP
from sqlalchemy import select

from models.tables import step
from plans.reader import read_pack
from plans.write import pack_zip
from services.passwords import set_password
from tests.journeys.people import sign_in
from tests.web.test_attachments import PDF
from wiring.context import AppContext

PACK = Path(__file__).parents[2] / "plans" / "222-kh-ubnd"
PASSWORD = "một câu dài dễ nhớ"
WATCHER, UNIT, AGENCY, KEEPER = "giam-sat", "loc-ninh", "cong-an-tinh", "quan-tri"
Shown = Iterator[tuple[str, str, Page]]  # a name for the page, who sees it, the page as it lies open


def second_factor(new_page: Callable[[], Page], context: AppContext) -> Shown:
    """Setting it up, the codes on paper, and its code asked for at sign-in."""
    set_password(context.db, WATCHER, PASSWORD, now=context.now())
    page = new_page()
    sign_in(page, WATCHER)
    page.goto("/preferences/second-factor")
    page.locator("main form button").first.click()
    yield "second-factor-begun", WATCHER, page
    key = page.locator("code.secret").inner_text().replace(" ", "")
    page.fill("#factor-code", TOTP(key).now())
    page.fill("#factor-present", PASSWORD)
    page.locator("form[action$='/confirm'] button").click()
    yield "second-factor-codes", WATCHER, page
    other = new_page()
    other.goto("/sign-in")
    other.fill("#login", WATCHER)
    other.fill("#password", PASSWORD)
    other.locator("form:has(#password) button").first.click()
    yield "sign-in-second-factor", "visitor", other


def merger(new_page: Callable[[], Page], _context: AppContext) -> Shown:
    """What a merger would change. The one that the plan brings is taken back first: no unit ends twice."""
    page = new_page()
    sign_in(page, KEEPER)
    page.goto("/admin/units/change")
    page.locator("form[action$='/withdraw'] button").first.click()
    page.goto("/admin/units/change")
    page.fill("[name=on]", "01/08/2024")
    page.fill("[name=document]", "Nghị quyết 12/NQ-HĐND ngày 20/07/2024")
    page.locator("select[name^=kind]").select_option("merge")
    page.locator("[name^=units][value=bu-dop]").check()
    page.locator("[name^=into][value=loc-ninh]").check()
    page.locator("main form button.btn--main").first.click()
    yield "merger-preview", KEEPER, page


def purge(new_page: Callable[[], Page], context: AppContext) -> Shown:
    """Proposing that a file be destroyed, and the second person's question."""
    with context.db.read() as connection:
        wanted = select(step.c.id).where(step.c.lead == UNIT, step.c.status == "in-progress").order_by(step.c.due_on).limit(1)
        number = connection.execute(wanted).scalar_one()
    page = new_page()
    sign_in(page, UNIT)
    page.goto(f"/steps/{number}")
    chooser = page.locator("form[action$='/attach'] input[type=file]").first
    chooser.set_input_files({"name": "danh-muc.pdf", "mimeType": "application/pdf", "buffer": PDF})
    chooser.locator("xpath=ancestor::form").locator("button").first.click()
    page.locator("a[href$='/purge']").first.click()
    yield "purge-proposal", UNIT, page
    page.fill("#purge-reason", "Có thông tin cá nhân của người dân")
    page.locator("main form .btn--grave").click()
    second = new_page()
    sign_in(second, AGENCY)
    second.goto("/admin/files")
    yield "purge-to-confirm", AGENCY, second


def publishing(new_page: Callable[[], Page], _context: AppContext) -> Shown:
    """What publishing a plan like the shipped one would do: every step, every mail, and what is wrong with its pack."""
    plan = replace(read_pack(PACK), number="223/KH-UBND")
    page = new_page()
    sign_in(page, AGENCY)
    page.goto("/plans/new")
    page.set_input_files("#pack", {"name": "ke-hoach.zip", "mimeType": "application/zip", "buffer": pack_zip(plan)})
    page.locator("main form .btn--main").click()
    yield "publishing-preview", AGENCY, page


ALL: tuple[Callable[[Callable[[], Page], AppContext], Shown], ...] = (second_factor, merger, purge, publishing)


def brought(browser: Browser, base: str, context: AppContext, only: list[str]) -> Shown:
    """Every such page in turn, or those of the functions whose name holds one of the texts in ``only``."""

    def new_page() -> Page:
        return browser.new_context(base_url=base, locale="vi-VN", reduced_motion="reduce").new_page()

    for bring in ALL:
        if not only or any(text in bring.__name__ for text in only):
            yield from bring(new_page, context)
