"""The page of ad-hoc assignments, and the same over the API."""

from __future__ import annotations

import re
from typing import Any

import httpx
from sqlalchemy import func, select

from models.tables import assignment
from tests.web.office import Office, words

FORM: dict[str, Any] = {
    "number": "512/UBND-NC", "signed_on": "03/06/2024", "abstract": "Phòng cháy rừng", "leader": "Chủ tịch UBND tỉnh",
    "text": "Kiểm tra phương án <b>phòng cháy</b>", "leads": ["huyen-01", "huyen-02"], "due_on": "21/06/2024", "evidence": "Báo cáo",
}  # fmt: skip
API = {**FORM, "signed_on": "2024-06-03", "due_on": "2024-06-21", "evidence": ["Báo cáo"]}


def hidden(page: httpx.Response) -> dict[str, Any]:
    """The hidden fields of the form that agrees; a list where a name comes twice."""
    form = re.search(r'<form method="post" action="/assign">.*?</form>', page.text, re.S)
    assert form, "no form that agrees"
    found: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0]):
        found.setdefault(name, []).append(value.replace("&lt;", "<").replace("&gt;", ">"))
    return found


def made(office: Office) -> int:
    with office.db.read() as connection:
        return int(connection.execute(select(func.count()).select_from(assignment)).scalar_one())


def test_only_the_standing_agency_may(office: Office) -> None:
    for login, status in {"thuong-truc": 200, "giam-sat": 403, "huyen-01": 403, "quan-tri": 403}.items():
        browser = office.browser(login)
        assert browser.get("/assign").status_code == status, login
        assert browser.post("/assign/preview", **FORM).status_code == status, login
    assert office.browser("huyen-01").post("/assign", **FORM).status_code == 403 and made(office) == 0


def test_preview_then_consent_makes_it_once(office: Office) -> None:
    browser = office.browser("thuong-truc")
    page = browser.post("/assign/preview", **FORM)
    shown = words(page)
    assert page.status_code == 200 and "Giao 2 bước?" in shown and "Người huyen-01" in shown and made(office) == 0
    assert "&lt;b&gt;phòng cháy" in page.text
    fields = hidden(page)
    answers = [browser.post("/assign", **fields) for _ in range(2)]
    assert [a.status_code for a in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"] and made(office) == 1
    workflow = browser.get(answers[0].headers["location"])
    assert "Đột xuất · số 512/UBND-NC · Phòng cháy rừng" in words(workflow) and "Đã giao việc." in words(workflow)
    assert "Việc đột xuất" in words(browser.get("/plans/1")) and "512/UBND-NC" in words(office.browser("huyen-01").get("/"))
    assert office.browser("mttq").get(answers[0].headers["location"].partition("?")[0]).status_code == 404


def test_what_is_wrong_comes_back_beside_its_field_with_what_was_typed(office: Office) -> None:
    browser = office.browser("thuong-truc")
    page = browser.post("/assign/preview", **{**FORM, "number": "", "due_on": "31/02/2024", "leads": []})
    assert page.status_code == 422 and made(office) == 0
    shown = words(page)
    assert "Chưa ghi số văn bản." in shown and "Chọn đơn vị chủ trì." in shown and "Ngày không đúng" in shown
    assert 'value="31/02/2024"' in page.text and "Phòng cháy rừng" in page.text


def test_going_back_keeps_everything_and_makes_nothing(office: Office) -> None:
    browser = office.browser("thuong-truc")
    page = browser.post("/assign", **{**hidden(browser.post("/assign/preview", **FORM)), "edit": "1"})
    assert page.status_code == 200 and made(office) == 0
    assert re.search(r'name="leads" value="huyen-02" checked', page.text) and 'value="512/UBND-NC"' in page.text


def test_the_api_previews_assigns_and_replays(office: Office) -> None:
    browser = office.browser("thuong-truc")
    seen = browser.api("POST", "/assignments?preview=true", json=API).json()
    assert [s["lead"] for s in seen["steps"]] == ["huyen-01", "huyen-02"] and seen["workflow_id"] is None and made(office) == 0
    keyed = {"json": API, "headers": {"Idempotency-Key": "a1"}}
    first, again = (browser.api("POST", "/assignments", **keyed) for _ in range(2))
    assert (first.status_code, first.json()["replayed"], again.json()["replayed"]) == (201, False, True)
    assert first.json()["workflow_id"] == again.json()["workflow_id"] and made(office) == 1
    assert browser.api("POST", "/assignments", json=API).status_code == 422
    wrong = browser.api("POST", "/assignments", json={**API, "leads": ["x"]}, headers={"Idempotency-Key": "a2"})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "leads")
    assert office.browser("huyen-01").api("POST", "/assignments", **keyed).status_code == 403
    assert browser.get("/api/v1/plans/1").json()["ad_hoc"][0]["title"]["vi"].startswith("Đột xuất · số 512/UBND-NC")
