"""The page of changes of units: who may, what is shown before anything is kept, exceptions for a step, and taking back."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import httpx
import pytest

from services.unit_settle import settle_units
from tests.factories import at
from tests.web.office import Browser, Office, words

HOME = "/admin/units/change"
MERGER = {
    "kind": "merge", "units": ["huyen-01", "huyen-02"], "new_name": "UBND khu vực", "new_short": "Khu vực", "on": "01/07/2024",
    "document": "Nghị quyết 1/NQ",
}  # fmt: skip


def hidden(page: httpx.Response) -> dict[str, object]:
    """The hidden fields of the form that agrees; lists where a name occurs several times."""
    form = re.search(r'<form method="post" action="/admin/units/change">.*?</form>', page.text, re.S)
    assert form, words(page)
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0]):
        found.setdefault(name, []).append(unescape(value))
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


@pytest.fixture
def keeper(office: Office) -> Browser:
    return office.browser("quan-tri")


def test_the_office_changes_units_and_everybody_sees_them(office: Office) -> None:
    for login, status in {"quan-tri": 200, "thuong-truc": 200, "giam-sat": 403, "huyen-01": 403}.items():
        browser = office.browser(login)
        assert browser.get(HOME).status_code == status, login
        assert browser.post(f"{HOME}/preview", **MERGER).status_code == status, login
        assert browser.get("/units").status_code == 200, login
    assert office.browser("huyen-01").post(HOME, **MERGER).status_code == 403
    assert office.browser("huyen-01").post("/admin/units/changes/1/withdraw").status_code == 403


def test_the_preview_shows_every_step_and_agreeing_keeps_it_for_its_day(office: Office, keeper: Browser) -> None:
    page = keeper.post(f"{HOME}/preview", **MERGER)
    assert page.status_code == 200, words(page)
    assert "8 bước đổi đơn vị chủ trì" in words(page)
    assert "UBND khu vực" in words(page)
    assert "Cấp huyện: huyen-01 →" in words(page)  # the group's name, not its code
    assert keeper.post(HOME, **hidden(page)).headers["location"] == f"{HOME}?did=units-planned"
    assert office.plan.step("gop-y", "huyen-01")["lead"] == "huyen-01"
    settle_units(office.db, now=at(date(2024, 7, 1), 0, 5))
    assert office.plan.step("gop-y", "huyen-01")["lead"] == "ubnd-khu-vuc"
    office.day = date(2024, 7, 1)
    shown = words(office.browser("quan-tri").get("/units"))
    assert "Đã kết thúc" in shown and "UBND khu vực" in shown


def test_sending_it_twice_keeps_it_once(office: Office, keeper: Browser) -> None:
    fields = hidden(keeper.post(f"{HOME}/preview", **MERGER))
    assert [keeper.post(HOME, **fields).status_code for _ in range(2)] == [303, 303]
    assert words(keeper.get(HOME)).count("Nghị quyết 1/NQ") == 1


def test_one_step_goes_elsewhere(office: Office, keeper: Browser) -> None:
    step = office.plan.step("gop-y", "huyen-01")["id"]
    page = keeper.post(f"{HOME}/preview", **MERGER, **{f"step-{step}": "huyen-03"})
    fields = {**hidden(page), f"step-{step}": "huyen-03"}
    assert keeper.post(HOME, **fields).status_code == 303
    settle_units(office.db, now=at(date(2024, 7, 1), 0, 5))
    assert office.plan.step("gop-y", "huyen-01")["lead"] == "huyen-03"
    assert office.plan.step("bao-cao", "huyen-01")["lead"] == "ubnd-khu-vuc"


def test_another_choice_than_was_shown_is_shown_first(office: Office, keeper: Browser) -> None:
    step = office.plan.step("gop-y", "huyen-01")["id"]
    page = keeper.post(HOME, **{**hidden(keeper.post(f"{HOME}/preview", **MERGER)), f"step-{step}": "huyen-03"})
    assert page.status_code == 422
    assert "Danh sách vừa thay đổi" in words(page)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"document": ""}, "Nêu văn bản quyết định."),
        ({"on": "31/02/2024"}, "ngày"),
        ({"on": ""}, "Ghi ngày hiệu lực."),
        ({"on": "01/06/2024"}, "đã qua"),
        ({"kind": ""}, "Chọn loại thay đổi."),
        ({"units": []}, "Chọn đơn vị thay đổi."),
        ({"new_name": ""}, "Chọn đơn vị kế thừa"),
        ({"kind": "rename"}, "Mỗi lần chỉ đổi tên một đơn vị."),
        ({"kind": "end", "new_name": ""}, "không có đơn vị kế thừa"),
        ({"units": ["huyen-01"], "into": ["huyen-01"], "new_name": ""}, "Cần ít nhất hai đơn vị"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_comes_back(keeper: Browser, change: dict[str, object], said: str) -> None:
    page = keeper.post(f"{HOME}/preview", **{**MERGER, **change})
    assert page.status_code == 422
    assert said in words(page)
    if "document" not in change:
        assert 'value="Nghị quyết 1/NQ"' in page.text
    if "units" not in change:
        assert 'name="units" value="huyen-02" checked' in page.text


def test_a_planned_change_is_taken_back(office: Office, keeper: Browser) -> None:
    keeper.post(HOME, **hidden(keeper.post(f"{HOME}/preview", **MERGER)))
    (address,) = re.findall(r'action="(/admin/units/changes/\d+/withdraw)"', keeper.get(HOME).text)
    assert keeper.post(address).headers["location"] == f"{HOME}?did=units-withdrawn"
    assert settle_units(office.db, now=at(date(2024, 7, 1), 0, 5)) == 0
    assert "đã rút" in words(keeper.get(HOME))


def test_a_new_name_holds_from_its_day(office: Office, keeper: Browser) -> None:
    typed = {"kind": "rename", "units": ["mttq"], "name": "MTTQ tỉnh mới", "on": "01/07/2024", "document": "Quyết định 2"}
    keeper.post(HOME, **hidden(keeper.post(f"{HOME}/preview", **typed)))
    settle_units(office.db, now=at(date(2024, 7, 1), 0, 5))
    assert "MTTQ tỉnh mới" not in words(keeper.get("/units"))
    office.day = date(2024, 7, 1)
    assert "MTTQ tỉnh mới" in words(office.browser("quan-tri").get("/units"))


BODY = {
    "on": "01/07/2024", "document": "Nghị quyết 1/NQ", "new_units": [{"code": "khu-vuc", "name": "UBND khu vực"}],
    "parts": [{"merge": ["huyen-01", "huyen-02"], "into": "khu-vuc"}],
}  # fmt: skip


def test_the_api_previews_keeps_once_and_takes_back(office: Office, keeper: Browser) -> None:
    path = "/unit-changes"
    seen = keeper.api("POST", f"{path}?preview=true", json=BODY)
    assert (seen.status_code, len(seen.json()["steps"]), seen.json()["id"]) == (200, 8, None)
    assert keeper.api("GET", path).json() == []
    answers = [keeper.api("POST", path, json=BODY, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    (line,) = keeper.api("GET", path).json()
    assert (line["state"], line["document"]) == ("planned", "Nghị quyết 1/NQ")
    assert keeper.api("POST", f"{path}/{line['id']}/withdraw").json() == {"withdrawn": True}
    assert office.browser("huyen-01").api("POST", path, json=BODY).status_code == 403
    assert {"huyen-01", "mttq"} <= {unit["code"] for unit in office.browser("huyen-01").api("GET", "/units").json()}


def test_the_api_lists_every_problem(keeper: Browser) -> None:
    wrong = {**BODY, "on": "01/06/2024", "parts": [{"merge": ["huyen-01", "huyen-22"], "into": "khong-co"}]}
    answer = keeper.api("POST", "/unit-changes", json=wrong, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 422
    assert sorted(error["field"].split("-", 1)[1] for error in answer.json()["errors"]) == ["past-day", "unknown-unit", "unknown-unit"]
    assert keeper.api("POST", "/unit-changes", json={"on": 5}).status_code == 422


def test_several_changes_of_one_document_are_typed_row_by_row_and_hold_together(office: Office, keeper: Browser) -> None:
    second = {"kind.2": "end", "units.2": ["huyen-03"], "into.2": ["mttq"]}
    more = keeper.post(f"{HOME}/more", **MERGER)
    assert more.status_code == 200 and 'name="kind.2"' in more.text and 'name="units" value="huyen-02" checked' in more.text
    assert 'value="UBND khu vực"' in more.text and 'name="kind.3"' not in more.text
    wrong = keeper.post(f"{HOME}/preview", **MERGER, **{**second, "kind.2": ""})
    assert wrong.status_code == 422 and 'href="#change-kind.2"' in wrong.text and 'id="change-kind.2-e"' in wrong.text
    step = office.plan.step("gop-y", "huyen-03")["id"]
    page = keeper.post(f"{HOME}/preview", **MERGER, **second, **{f"step-{step}.2": "so-noi-vu"})
    assert page.status_code == 200 and f'name="step-{step}.2"' in page.text
    assert keeper.post(HOME, **{**hidden(page), f"step-{step}.2": "so-noi-vu"}).status_code == 303
    settle_units(office.db, now=at(date(2024, 7, 1), 0, 5))
    leads = {slot: office.plan.step("gop-y", slot)["lead"] for slot in ("huyen-01", "huyen-02", "huyen-03")}
    assert leads == {"huyen-01": "ubnd-khu-vuc", "huyen-02": "ubnd-khu-vuc", "huyen-03": "so-noi-vu"}
    assert office.plan.step("bao-cao", "huyen-03")["lead"] == "mttq"


def test_two_rows_can_not_name_the_same_new_unit(keeper: Browser) -> None:
    again = {"kind.2": "end", "units.2": ["huyen-03"], "new_name.2": "UBND khu vực"}
    page = keeper.post(f"{HOME}/preview", **MERGER, **again)
    assert page.status_code == 422 and "đã ghi ở phần trên" in words(page)
