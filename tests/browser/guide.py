"""The pictures of the users' guide (docs/huong-dan), taken from the demonstration: ``make guide``.

Beside the pictures stands what could be read on them; a test reads the same pages again and fails when they say something else, so that
no picture goes stale unnoticed. Pixels are not compared: fonts differ from machine to machine.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from sqlalchemy import select

from models.database import Database, sqlite_url
from models.tables import step, workflow
from plans.reader import read_pack
from simulation.demo import prepare
from tests.browser.conftest import chromium_path
from tests.browser.served import served
from tests.journeys.people import ARGUMENTS, sign_in
from web.app import create_app
from wiring.calendar import build_calendar
from wiring.context import build_context
from wiring.settings import CHECKOUT, Settings

FOLDER = CHECKOUT / "docs" / "huong-dan"
PICTURES = FOLDER / "anh"
WORDS = PICTURES / "words.json"
PACK = CHECKOUT / "plans" / "222-kh-ubnd"
HASH = re.compile(r"\b[0-9a-f]{4}…[0-9a-f]{4}\b")
PHONE, WIDE = (390, 780), (1280, 860)
DISTRICT, HEAD, AGENCY, SUPERVISOR, AUDITOR, KEEPER = (
    "loc-ninh", "loc-ninh-lanh-dao", "cong-an-tinh", "giam-sat", "kiem-tra-vien", "quan-tri",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: what ``who`` sees at ``path`` in a window of ``size``. ``open_``: the id of a part that is brought
    into view, unfolded if it is a form."""

    name: str
    who: str
    path: str
    size: tuple[int, int] = WIDE
    open_: str = ""


SHOTS = (
    Shot("dang-nhap", "", "/sign-in", PHONE),
    Shot("viec-cua-toi", DISTRICT, "/", PHONE),
    Shot("buoc", DISTRICT, "{step:NV4/2024/san-sang/loc-ninh}", PHONE),
    Shot("trinh-duyet", DISTRICT, "{step:NV4/2024/san-sang/loc-ninh}", PHONE, "submit"),
    Shot("xin-gia-han", DISTRICT, "{step:NV2/2024/kiem-tra/loc-ninh}", PHONE, "request-extension"),
    Shot("lich", DISTRICT, "/calendar", WIDE),
    Shot("vang-mat", HEAD, "/absence", PHONE),
    Shot("nhan-su", HEAD, "/people", WIDE),
    Shot("tong-quan", AGENCY, "/overview"),
    Shot("duyet", AGENCY, "{step:NV2/2024/ra-mat/chon-thanh}"),
    Shot("tra-lai", AGENCY, "{step:NV2/2024/ra-mat/chon-thanh}", WIDE, "return"),
    Shot("cho-duyet", AGENCY, "/"),
    Shot("qua-han", AGENCY, "/overdue"),
    Shot("giao-viec", AGENCY, "/assign"),
    Shot("quy-trinh", AGENCY, "{workflow:NV4/2024/san-sang/loc-ninh}"),
    Shot("so-lieu", AGENCY, "/figures"),
    Shot("ke-hoach", AGENCY, "/plans/1"),
    Shot("ket-so", AGENCY, "/plans/1/close?year=2023"),
    Shot("chuyen-cap-tren", AGENCY, "/escalations"),
    Shot("ban-tin-sang", SUPERVISOR, "/brief", PHONE),
    Shot("ngay-da-qua", SUPERVISOR, "/overview?as_of=31/05/2024"),
    Shot("tim-kiem", SUPERVISOR, "/search?q=ngay+hoi"),
    Shot("nhat-ky", AUDITOR, "{workflow:NV4/2024/san-sang/loc-ninh}", WIDE, "journal"),
    Shot("ngay-nghi", KEEPER, "/admin/calendar"),
    Shot("doi-don-vi", KEEPER, "/admin/units/change"),
)


@dataclass
class Demonstration:
    """The demonstration behind its pages."""

    app: FastAPI
    db: Database


@contextmanager
def demonstration(data: Path) -> Iterator[Demonstration]:
    """The pages of the demonstration that lies in ``data``."""
    context = build_context(Settings(_env_file=None, data=data))
    try:
        yield Demonstration(create_app(context), context.db)
    finally:
        context.db.close()


class Camera:
    """Goes to each shot's page and brings it into view; people sign in once."""

    def __init__(self, browser: Browser, base: str, db: Database) -> None:
        self.browser, self.base, self.db = browser, base, db
        self._pages: dict[tuple[str, tuple[int, int]], Page] = {}

    def at(self, shot: Shot) -> Page:
        """The page of ``shot``, ready to be taken or read."""
        page = self._page(shot)
        answer = page.goto(self._address(shot.path))
        assert answer is not None and answer.status == 200, f"{shot.name}: {shot.path} answers {answer and answer.status}"
        if shot.open_:
            part = page.locator(f"#{shot.open_}")
            if part.evaluate("e => e.open === false"):
                part.locator("summary").first.click()
            part.evaluate("e => window.scrollTo(0, e.getBoundingClientRect().top + window.scrollY - 80)")
        return page

    def words(self, shot: Shot) -> str:
        """What can be read on the page's main part, but for the ends of hashes: those differ in every demonstration."""
        return HASH.sub("…", " ".join(self._subject(self.at(shot), shot).inner_text().split()))

    def take(self, shot: Shot, folder: Path) -> Path:
        """The picture: as much as the window shows."""
        page, file = self.at(shot), folder / f"{shot.name}.png"
        page.screenshot(path=file)
        return file

    def _subject(self, page: Page, shot: Shot) -> Locator:
        return page.locator(f"#{shot.open_}" if shot.open_ else "main")

    def _page(self, shot: Shot) -> Page:
        key = shot.who, shot.size
        if key not in self._pages:
            width, height = shot.size
            context = self.browser.new_context(
                base_url=self.base, locale="vi-VN", viewport={"width": width, "height": height}, reduced_motion="reduce"
            )  # fmt: skip
            self._pages[key] = context.new_page()
            if shot.who:
                sign_in(self._pages[key], shot.who)
        return self._pages[key]

    def _address(self, path: str) -> str:
        """``{step:NV4/2024/code/unit}`` and ``{workflow:…}`` name what has another number in every database."""
        if not path.startswith("{"):
            return path
        kind, _, key = path.strip("{}").partition(":")
        task, cycle, code, slot = key.split("/")
        query = select(step.c.id, step.c.workflow_id).join_from(step, workflow)
        found = query.where(workflow.c.key_task == task, workflow.c.cycle == cycle, step.c.code == code, step.c.slot == slot)
        with self.db.read() as connection:
            row = connection.execute(found).one()
        return f"/steps/{row.id}" if kind == "step" else f"/workflows/{row.workflow_id}"


def main() -> None:
    """Make the demonstration, take every picture, write down what they say."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        prepare(sqlite_url(Path(folder) / "dondoc.sqlite"), read_pack(PACK, build_calendar))
        with demonstration(Path(folder)) as demo, served(demo) as base, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
            camera = Camera(browser, base, demo.db)
            said = {shot.name: camera.words(shot) for shot in SHOTS}
            for shot in SHOTS:
                camera.take(shot, PICTURES)
            browser.close()
    WORDS.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(SHOTS)} pictures in {PICTURES.relative_to(CHECKOUT)}\n")


if __name__ == "__main__":
    main()
