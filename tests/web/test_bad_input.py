"""What the deadlines and reminders refuse: each a clear error beside its field, with what was typed, and nothing saved."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from models.database import Database
from models.tables import account, assignment, calendar_change, calendar_day, deadline, journal_entry, notice, webhook
from tests.web.office import Office

TABLES = (account, assignment, calendar_change, calendar_day, deadline, journal_entry, notice, webhook)
ASSIGNMENT: dict[str, Any] = {
    "number": "12/CV", "signed_on": "03/06/2024", "abstract": "Rà soát", "leader": "Chủ tịch", "text": "Báo cáo kết quả",
    "leads": "huyen-01", "evidence": "Báo cáo", "approver": "",
}  # fmt: skip


def extension(login: str, action: str, until: str) -> Callable[[Office], httpx.Response]:
    """An extension of a step that is due on 31/07/2024."""
    return lambda office: office.browser(login).act(office.step_id("gop-y", "huyen-01"), action, until=until, reason="mưa lũ")


def days(**fields: str) -> Callable[[Office], httpx.Response]:
    """Days for the office's calendar."""
    return lambda office: office.browser("quan-tri").post("/admin/calendar/preview", what="add", document="Thông báo 1", **fields)


def assigned(**fields: str) -> Callable[[Office], httpx.Response]:
    """An assignment by document."""
    return lambda office: office.browser("thuong-truc").post("/assign/preview", **{**ASSIGNMENT, **fields})


def hooked(url: str, name: str = "Trục") -> Callable[[Office], httpx.Response]:
    """A webhook."""
    return lambda office: office.browser("quan-tri").post("/admin/webhooks", name=name, url=url, kinds="step.overdue")


@pytest.mark.parametrize(
    ("send", "field", "says", "typed"),
    [
        (extension("huyen-01", "request-extension", "30/07/2024"), "until", "Phải sau hạn hiện tại 31/07/2024", "30/07/2024"),
        (extension("huyen-01", "request-extension", "31/07/2024"), "until", "Phải sau hạn hiện tại 31/07/2024", "31/07/2024"),
        (extension("thuong-truc", "grant-extension", "01/07/2024"), "until", "Phải sau hạn hiện tại 31/07/2024", "01/07/2024"),
        (days(off_from="05/08/2024", off_to="02/08/2024"), "off_to", "Trước ngày đầu 05/08/2024", "02/08/2024"),
        (days(off_from="29/12/2023"), "off_from", "02/01/2024", "29/12/2023"),
        (days(make_up="30/12/2023"), "make_up", "02/01/2024", "30/12/2023"),
        (assigned(due_on="03/06/2024"), "due_on", "Ngày đã qua", "03/06/2024"),
        (hooked("https://169.254.169.254/latest/meta-data/"), "url", "169.254.169.254", "https://169.254.169.254/latest/meta-data/"),
        (hooked("https://example.vn/\x00"), "url", "ký tự điều khiển", "Trục"),
        (hooked("https://[::ffff:169.254.169.254]/"), "url", "169.254.169.254", "https://[::ffff:169.254.169.254]/"),
    ],
)
def test_an_error_stands_beside_its_field_and_nothing_is_saved(
    office: Office, send: Callable[[Office], httpx.Response], field: str, says: str, typed: str
) -> None:
    before = stored(office.db)
    answer = send(office)
    assert answer.status_code == 422
    bad = re.findall(r'<div class="field is-bad.*?</div>', answer.text, re.S)
    assert [block for block in bad if f'name="{field}"' in block and says in block], bad
    assert f'value="{typed}"' in answer.text
    assert stored(office.db) == before


def stored(db: Database) -> dict[str, int]:
    """How many rows there are of everything that could have been saved."""
    with db.read() as connection:
        return {table.name: int(connection.execute(select(func.count()).select_from(table)).scalar_one()) for table in TABLES}


def test_half_a_character_is_refused_and_nothing_is_saved(office: Office) -> None:
    before = stored(office.db)
    headers = {"content-type": "application/json"}
    answer = office.browser().send("POST", "/api/v1/session", content=rb'{"login": "\ud800", "password": "x"}', headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "not-text")
    browser, step = office.browser("huyen-01"), office.step_id("gop-y", "huyen-01")
    headers |= {"X-CSRF-Token": browser.csrf()}
    answer = browser.send("POST", f"/api/v1/steps/{step}/actions/comment", content=rb'{"payload": {"text": "\ud800"}}', headers=headers)
    assert answer.status_code == 422
    assert stored(office.db) == before
