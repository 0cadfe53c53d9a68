"""Pictures of every page of the demonstration, wide and on a phone, light and dark, to be looked at one by one; of every error page too.

    .venv/bin/python -m tests.browser.pictures FOLDER --data DIR [--only TEXT …] [--brought]

``--data``: a folder that `dondoc demo` has filled. ``--only``: pages whose address holds one of the texts. Each page is taken once, as a
visitor or else as the first of `PEOPLE` who may open it. ``--brought``: instead of these the pages that somebody must act for first
(tests/browser/brought.py); it changes what is in the data folder.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import func, select

from models.database import Database
from models.migrate import upgrade
from models.tables import account, attachment, key_task, message, step, workflow
from tests.browser.brought import brought
from tests.browser.conftest import chromium_path
from tests.browser.error_pages import install_errors
from tests.browser.every_page import addresses, routes
from tests.browser.served import served
from tests.journeys.people import ARGUMENTS, sign_in
from web.app import create_app
from wiring.context import AppContext, build_context
from wiring.settings import Settings

VISITOR = "khach"  # nobody is signed in
PEOPLE = (VISITOR, "cong-an-tinh", "loc-ninh", "giam-sat", "quan-tri")
SIZES = {"wide": (1440, 1000), "phone": (390, 844)}
COLOURS = ("light", "dark")


@dataclass
class Demonstration:
    """The demonstration as it stands in a data folder."""

    app: FastAPI
    db: Database


def known(db: Database) -> dict[str, list[str]]:
    """What the addresses of pages can be filled with: a step in each status, the busiest workflow, a key task, a unit."""
    with db.read() as connection:
        steps = connection.execute(select(func.max(step.c.id)).group_by(step.c.status)).scalars()
        flows = select(step.c.workflow_id).join(workflow).where(workflow.c.finished_at.is_(None)).group_by(step.c.workflow_id)
        busiest = connection.execute(flows.order_by(func.count().desc())).scalars().first()
        one = {name: connection.execute(select(func.max(table.c.id))).scalar() for name, table in LATEST.items()}
        figures = connection.execute(select(step.c.workflow_id, step.c.code).where(step.c.code == "bao-cao")).first()
    return {
        **{name: [str(value)] if value else [] for name, value in one.items()},
        "step_id": [str(id_) for id_ in steps],
        "workflow_id": [str(busiest)],
        "plan_id": ["1"],
        "number": ["1"],
        "mail_id": ["1"],
        "link": ["khong-co"],
        "code": ["loc-ninh", *([figures.code] if figures else [])],
    }


LATEST = {"key_task_id": key_task, "message_id": message, "attachment_id": attachment, "account_id": account}


def name_of(path: str) -> str:
    """A file name for a page."""
    return re.sub(r"[^\w.=-]+", "-", path.strip("/")) or "my-work"


def take(page: Page, folder: Path, path: str, who: str, status: int = 200) -> Iterator[Path]:
    """The four pictures of one page; none where ``who`` may not open it, or is sent elsewhere."""
    answer = page.goto(path)
    if answer is None or answer.status != status or not answer.headers.get("content-type", "").startswith("text/html"):
        return
    if answer.request.redirected_from is not None:
        return
    yield from four_ways(page, folder, f"{name_of(path)}.{who}")


def four_ways(page: Page, folder: Path, name: str) -> Iterator[Path]:
    """The page as it lies open, wide and on a phone, light and dark."""
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for colours in COLOURS:
            page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
            file = folder / f"{name}.{size}.{colours}.png"
            page.screenshot(path=file, full_page=True)
            yield file


def take_all(browser: Browser, base: str, demo: Demonstration, folder: Path, only: list[str]) -> int:
    """Take every page; how many pictures there are."""
    values = known(demo.db)
    wanted = [path for route in routes(demo) for path in addresses(route, values)]
    errors = install_errors(demo.app)
    wanted = [path for path in [*wanted, *errors] if not only or any(text in path for text in only)]
    taken: dict[str, int] = {}
    for who in PEOPLE:
        page = browser.new_context(base_url=base, locale="vi-VN", reduced_motion="reduce").new_page()
        if who != VISITOR:
            sign_in(page, who)
        for path in wanted:
            if path not in taken or path == "/":
                count = sum(1 for _ in take(page, folder, path, who, errors.get(path, 200)))
                if count:
                    taken[path] = taken.get(path, 0) + count
        page.context.close()
    return sum(taken.values())


def take_brought(browser: Browser, base: str, context: AppContext, folder: Path, only: list[str]) -> int:
    """Bring about the pages that need it, and take them; how many pictures there are."""
    return sum(len(list(four_ways(page, folder, f"{name}.{who}"))) for name, who, page in brought(browser, base, context, only))


def main() -> None:
    """Parse, serve, take."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--brought", action="store_true")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    context = build_context(Settings(_env_file=None, data=given.data))
    upgrade(context.db)
    demo = Demonstration(create_app(context), context.db)
    with served(demo) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        if given.brought:
            count = take_brought(browser, base, context, given.folder, given.only)
        else:
            count = take_all(browser, base, demo, given.folder, given.only)
        sys.stdout.write(f"{count} pictures in {given.folder}\n")
        browser.close()
    context.db.close()


if __name__ == "__main__":
    main()
