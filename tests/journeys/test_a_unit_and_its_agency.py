"""A district submits, the standing agency returns and approves, the next step opens, Prefect shows it, the mails arrive."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.journeys.people import browser_page, sign_in
from tests.journeys.stack import Stack, until

pytestmark = [pytest.mark.prefect, pytest.mark.browser, pytest.mark.xdist_group("stack")]

UNIT, AGENCY, OTHER = "loc-ninh", "cong-an-tinh", "cong-an-tinh-2"
PAIRS = {"NV2": {"ra-mat": "kiem-tra"}, "NV3": {"tu-kiem-tra": "ho-so"}, "NV4": {"ke-hoach-huyen": "danh-sach", "to-chuc": "bao-cao"}}


def rows(stack: Stack, query: str, *values: object) -> list[sqlite3.Row]:
    """What the database says."""
    with sqlite3.connect(f"file:{stack.data / 'dondoc.sqlite'}?mode=ro", uri=True) as connection:
        connection.row_factory = sqlite3.Row
        return connection.execute(query, values).fetchall()


def a_step_to_do(stack: Stack) -> sqlite3.Row:
    """A step of the district that it can submit, approved by the standing agency, with a later step of the same unit waiting for it."""
    query = """
        SELECT step.id, step.code, step.workflow_id, later.id AS later_id, later.code AS later_code FROM step
        JOIN step AS later ON later.workflow_id = step.workflow_id AND later.slot = step.slot AND later.position > step.position
        WHERE step.lead = ? AND step.slot = ? AND step.status IN ('open', 'in-progress', 'returned') AND later.status = 'waiting'
        ORDER BY step.due_on, later.position"""
    return rows(stack, query, UNIT, UNIT)[0]


def submit(page: Page, step_id: int, folder: Path) -> None:
    """Fill in what the step asks for, with a file, and submit."""
    page.goto(f"/steps/{step_id}")
    form = page.locator(f'form[action="/steps/{step_id}/actions/submit"]')
    if not form.is_visible():
        page.locator("#submit > summary").click()
    for box in form.locator('input[name^="evidence."][name$=".number"]').all():
        box.fill("45/BC-UBND")
    for box in form.locator('input[name^="evidence."][name$=".date"]').all():
        box.fill("2024-07-24")
    for box in form.locator('input[name^="figures."]').all():
        box.fill("3")
    report = folder / "Báo cáo.pdf"
    report.write_bytes(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    for chooser in form.locator('input[type="file"]').all():
        chooser.set_input_files(report)
    form.locator("button.btn--main, button:not([formaction])").last.click()


def press(page: Page, step_id: int, action: str, **typed: str) -> None:
    """One action with what it needs."""
    page.goto(f"/steps/{step_id}")
    form = page.locator(f'form[action="/steps/{step_id}/actions/{action}"]')
    if not form.is_visible():
        page.locator(f"#{action} > summary").click()
    for name, value in typed.items():
        form.locator(f'[name="{name}"]').fill(value)
    form.locator("button.btn--main, button:not([formaction])").last.click()


def status(stack: Stack, step_id: int) -> str:
    return str(rows(stack, "SELECT status FROM step WHERE id = ?", step_id)[0]["status"])


def test_submit_return_approve_and_what_follows(stack: Stack, tmp_path: Path) -> None:
    until("the seven key tasks wait", lambda: len(stack.key_tasks_waiting()) == 7, seconds=240)
    found = a_step_to_do(stack)
    step_id, workflow_id = found["id"], found["workflow_id"]
    with browser_page(stack.base) as page:
        sign_in(page, UNIT)
        submit(page, step_id, tmp_path)
        assert status(stack, step_id) == "submitted"
        sign_in(page, AGENCY)
        last = rows(stack, "SELECT max(id) AS id FROM message")[0]["id"]
        press(page, step_id, "return", reason="Thiếu số liệu của xã.")
        assert status(stack, step_id) == "returned"
        returned = "SELECT subject FROM message WHERE state = 'sent' AND kind = 'returned' AND id > ?"
        letters = until("the returned letter has arrived", lambda: rows(stack, returned, last), seconds=60)
        page.goto("/mailbox")
        assert letters[-1]["subject"] in page.inner_text("main")
        sign_in(page, UNIT)
        assert "Thiếu số liệu của xã." in page.goto(f"/steps/{step_id}").text()  # type: ignore[union-attr]
        submit(page, step_id, tmp_path)
        sign_in(page, OTHER)
        before = rows(stack, "SELECT wake FROM workflow WHERE id = ?", workflow_id)[0]["wake"]
        press(page, step_id, "approve")
        assert status(stack, step_id) == "done"
        opened = rows(stack, "SELECT status, not_before FROM step WHERE id = ?", found["later_id"])[0]
        assert opened["status"] == "open" or opened["not_before"] is not None
        until(
            "the flow run has woken",
            lambda: rows(stack, "SELECT woken FROM workflow WHERE id = ?", workflow_id)[0]["woken"] >= before + 1,
            seconds=60,
        )


def test_what_is_overdue_is_found_by_its_tag(stack: Stack) -> None:
    unfinished = "status NOT IN ('done', 'cancelled', 'not-applicable', 'prior')"
    query = f"SELECT DISTINCT workflow_id FROM step JOIN clock WHERE due_at <= clock.at AND {unfinished}"
    stored = {f"workflow:{row['workflow_id']}" for row in rows(stack, query)}
    assert stored

    def exactly_those() -> list[dict[str, Any]]:
        found = stack.runs("overdue")
        said = all("quá hạn" in run["state_name"] for run in found)  # a run that is just looking has its tags before its name
        return found if said and {tag for run in found for tag in run["tags"] if tag.startswith("workflow:")} == stored else []

    assert until("Prefect shows what is overdue, says so, and shows nothing else", exactly_those, seconds=120)


def test_a_month_forward_brings_each_reminder_once(stack: Stack) -> None:
    with browser_page(stack.base) as page:
        sign_in(page, AGENCY)
        start = rows(stack, "SELECT at FROM clock")[0]["at"]
        for _ in range(4):
            page.goto("/")
            page.locator(".sim button", has_text="tuần").click()
        until("the clock has moved four weeks", lambda: rows(stack, "SELECT at = target AS there FROM clock")[0]["there"], seconds=180)
    assert rows(stack, "SELECT at FROM clock")[0]["at"][:10] > start[:10]
    twice = rows(stack, "SELECT key FROM message GROUP BY key HAVING count(*) > 1")
    gathered = "SELECT key FROM message WHERE kind = 'digest' GROUP BY account_id, date(business_at, '+7 hours') HAVING count(*) > 1"
    doubled = rows(stack, gathered)
    assert twice == [] and doubled == []
    reminded = rows(stack, "SELECT count(*) AS n FROM message WHERE kind = 'digest' AND business_at > ? AND state = 'sent'", start)
    assert reminded[0]["n"] > 0
    until("overdue marks follow", lambda: stack.runs("overdue"), seconds=60)
