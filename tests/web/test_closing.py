"""Closing a cycle and a year on pages and over the API."""

from __future__ import annotations

import re
from typing import Any

import httpx

from tests.web.office import Office, words


def form_of(page: httpx.Response, path: str) -> dict[str, str]:
    """Everything that the form to ``path`` would send as it stands."""
    form = re.search(rf'<form method="post" action="{path}".*?</form>', page.text, re.S)
    assert form, f"no form to {path}"
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0]))
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form[0], re.S):
        found[name] = re.search(r'value="([^"]*)" selected', options)[1]  # type: ignore[index]
    return found


def test_only_the_standing_agency(office: Office) -> None:
    for login in ("huyen-01", "giam-sat", "quan-tri"):
        browser = office.browser(login)
        for path in ("/workflows/1/close", "/workflows/1/reopen", "/plans/1/close"):
            assert (browser.get(path).status_code, browser.post(path, reason="x").status_code) == (403, 403), (login, path)
    assert office.plan.workflow()["closed_at"] is None


def test_a_cycle_is_closed_as_chosen_and_reopened(office: Office) -> None:
    browser = office.browser("thuong-truc")
    page = browser.get("/workflows/1/close")
    fields = form_of(page, "/workflows/1/close")
    step = office.step_id("gop-y", "huyen-01")
    assert fields[f"decision.{step}"] == "carry" and "Hủy" in words(page)
    fields |= {f"decision.{step}": "cancel", f"reason.{step}": "Đã gộp", "reason": "Kết thúc sớm"}
    answers = [browser.post("/workflows/1/close", **fields) for _ in range(2)]
    assert [a.headers.get("location") for a in answers] == ["/workflows/1?did=cycle-closed"] * 2
    assert office.plan.status("gop-y", "huyen-01") == "cancelled" and office.plan.workflow()["closed_at"] is not None
    shown = words(browser.get("/workflows/1?did=cycle-closed"))
    assert "Đã kết sổ ngày 10/06/2024." in shown and "kết sổ chu kỳ" in shown and "Đã gộp" in shown
    assert "Chu kỳ đã kết sổ ngày 10/06/2024." in words(browser.get(f"/steps/{office.step_id('bao-cao', 'huyen-02')}"))
    asked = browser.get("/workflows/1/reopen")
    assert browser.post("/workflows/1/reopen", **form_of(asked, "/workflows/1/reopen"), reason="").status_code == 422
    again = browser.post("/workflows/1/reopen", **form_of(asked, "/workflows/1/reopen"), reason="Kết sổ nhầm")
    assert again.headers["location"] == "/workflows/1?did=cycle-reopened" and office.plan.workflow()["closed_at"] is None


def test_what_is_wrong_comes_back_beside_its_field(office: Office) -> None:
    browser = office.browser("thuong-truc")
    step = office.step_id("gop-y", "huyen-01")
    fields = form_of(browser.get("/workflows/1/close"), "/workflows/1/close")
    page = browser.post("/workflows/1/close", **{**fields, f"until.{step}": "01/01/2024", "reason": "Hết năm"})
    assert page.status_code == 422 and "Hạn mới đã qua." in words(page) and 'value="01/01/2024"' in page.text
    assert browser.post("/workflows/1/close", **{**fields, f"until.{step}": "31/02/2024", "reason": "x"}).status_code == 422
    assert browser.post("/workflows/1/close", **{**fields, f"decision.{step}": "burn", "reason": "x"}).status_code == 422
    assert browser.post("/workflows/1/close", **fields, reason="").status_code == 422
    assert browser.post("/workflows/1/close", **{**fields, "seen": "other", "reason": "x"}).status_code == 422
    assert office.plan.workflow()["closed_at"] is None
    assert browser.get("/workflows/99/close").status_code == 404


def test_a_year_closes_what_is_ticked_and_says_what_became_of_each(office: Office) -> None:
    browser = office.browser("thuong-truc")
    page = browser.get("/plans/1/close?year=2024")
    assert "1 quy trình chưa kết sổ trong 1." in words(page)
    fields = form_of(page, "/plans/1/close")
    assert browser.post("/plans/1/close", **fields, reason="x").status_code == 422  # nothing ticked
    assert browser.post("/plans/1/close", **fields, workflow="1", reason="").status_code == 422
    done = browser.post("/plans/1/close", **fields, workflow="1", reason="Hết năm")
    assert done.status_code == 200 and "đã kết sổ 10/06/2024" in words(done)
    assert "đã kết sổ" in words(browser.get("/plans/1"))
    assert browser.get("/plans/9/close").status_code == 404


def test_the_api_previews_closes_and_reopens(office: Office) -> None:
    browser = office.browser("thuong-truc")
    seen: dict[str, Any] = browser.get("/api/v1/workflows/1/close").json()
    step = office.step_id("gop-y", "huyen-01")
    body = {"reason": "Hết năm", "seen": seen["seen"], "steps": [{"step": step, "decision": "leave", "reason": "Không làm kịp"}]}
    keyed = {"json": body, "headers": {"Idempotency-Key": "c1"}}
    first, again = (browser.api("POST", "/workflows/1/close", **keyed) for _ in range(2))
    assert first.status_code == 200 and again.json() == {**first.json(), "replayed": True}
    assert first.json()["decided"]["leave"] >= 1
    refused = browser.api("POST", f"/steps/{step}/actions/cancel", json={"expected_version": 3, "payload": {"reason": "x"}})
    assert (refused.status_code, refused.json()["code"]) in {(403, "closed"), (409, "stale")}
    opened = browser.api("POST", "/workflows/1/reopen", json={"reason": "Nhầm"}, headers={"Idempotency-Key": "c2"})
    assert opened.json()["decided"] == {"leave": first.json()["decided"]["leave"]}
    year = browser.api("POST", "/plans/1/close", json={"year": 2024, "reason": "Hết năm"}, headers={"Idempotency-Key": "c3"})
    assert [o["problem"] for o in year.json()] == [None]
    assert office.browser("huyen-01").api("POST", "/workflows/1/close", **keyed).status_code == 403
