"""The pages' queries mean the same on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.database import Database
from tests.web.office import Office, words


@pytest.fixture
def either(db: Database, tmp_path: Path) -> Iterator[Office]:
    """An office on each database in turn."""
    found = Office(db, tmp_path)
    yield found
    found.close()


def test_a_step_goes_from_hand_to_hand(either: Office):
    agency, committee, district = (either.browser(login) for login in ("thuong-truc", "ban-chi-dao", "huyen-01"))
    step = either.step_id("ke-hoach")
    fields = {"evidence.kh.number": "1/KH", "evidence.kh.date": "05/06/2024"}
    assert agency.act(step, "submit", files={"file.kh": ("kh.pdf", b"%PDF-1.7\n")}, **fields).status_code == 303
    assert committee.act(step, "approve", note="Đồng ý").status_code == 303
    page = words(agency.get(f"/steps/{step}"))
    for said in ("Đồng ý", "kh.pdf", "số 1/KH ngày 05/06/2024", "mở bước “ke-hoach-huyen” × 3"):
        assert said in page
    assert "Chờ bước nào ke-hoach" in words(district.get(f"/steps/{either.step_id('ke-hoach-huyen', 'huyen-01')}"))
    assert "dondoc_dirty_workflows 1.0" in district.get("/metrics").text
    workflow = agency.get(f"/api/v1/steps/{step}").json()["workflow_id"]
    assert agency.get(f"/api/v1/workflows/{workflow}").json()["done"] == 1


def test_the_character_nul_is_no_error_of_ours(either: Office):
    browser = either.browser("huyen-01")
    assert browser.get("/search?q=%00ke").status_code < 500
    assert browser.get("/overdue?unit=%00").status_code < 500
    assert either.browser().send("POST", "/sign-in", data={"login": "a\x00b", "password": "x"}).status_code < 500
