"""Acts on many steps: ticked in a list, one form, a result a row."""

from __future__ import annotations

import re

from tests.web.office import Office, words


def test_from_the_overdue_list_to_a_result_for_each(office: Office) -> None:
    office.day = office.day.replace(month=8, day=7)
    browser = office.browser("thuong-truc")
    assert "Với các bước đã chọn" in words(browser.get("/overdue"))
    assert "Với các bước đã chọn" not in words(office.browser("huyen-01").get("/overdue"))
    steps = [office.step_id("gop-y", f"huyen-0{n}") for n in (1, 2, 3)]
    chosen = "&".join(f"step={id_}" for id_ in steps)
    page = browser.get(f"/bulk?action=grant-extension&{chosen}")
    assert page.status_code == 200 and "làm được 3" in words(page)
    fields = {"action": "grant-extension", "step": [str(id_) for id_ in steps], "key": "k", "days": "3", "document": "9/CV"}
    done = browser.post("/bulk", **fields)
    assert "Đã làm 3/3 bước" in words(done)
    assert {str(office.plan.step("gop-y", f"huyen-0{n}")["due_on"]) for n in (1, 2, 3)} == {"2024-08-05"}
    assert "Đã làm 3/3 bước" in words(browser.post("/bulk", **fields))
    assert {office.plan.step("gop-y", f"huyen-0{n}")["extensions"] for n in (1, 2, 3)} == {1}


def test_a_field_that_is_wrong_for_all_comes_back_beside_it(office: Office) -> None:
    browser = office.browser("thuong-truc")
    step = str(office.step_id("gop-y", "huyen-01"))
    page = browser.post("/bulk", action="cancel", step=step, key="k", reason="")
    assert page.status_code == 422 and "Chưa ghi lý do." in words(page) and re.search(r'id="bulk-reason"', page.text)
    assert browser.post("/bulk", action="grant-extension", step=step, key="k", days="ba").status_code == 422
    assert browser.post("/bulk", action="chase", key="k").status_code == 422
    assert office.plan.status("gop-y", "huyen-01") == "open"


def test_a_whole_workflow_from_its_page(office: Office) -> None:
    browser = office.browser("thuong-truc")
    assert "/bulk?action=suspend&amp;workflow=1" in browser.get("/workflows/1").text
    assert browser.get("/bulk?action=suspend&workflow=1").status_code == 200
    done = browser.post("/bulk", action="suspend", workflow="1", key="w", reason="Chờ hướng dẫn mới")
    assert done.status_code == 200 and office.plan.status("gop-y", "huyen-01") == "suspended"
    assert browser.get("/bulk?action=suspend&workflow=99").status_code == 404


def test_only_the_standing_agency_and_the_same_over_the_api(office: Office) -> None:
    step = office.step_id("gop-y", "huyen-01")
    body = {"action": "cancel", "steps": [step, 999], "payload": {"reason": "Bỏ", "document": "1/QĐ"}}
    for login in ("huyen-01", "giam-sat"):
        assert office.browser(login).get(f"/bulk?action=cancel&step={step}").status_code == 403
        assert office.browser(login).api("POST", "/bulk", json=body, headers={"Idempotency-Key": "x"}).status_code == 403
    browser = office.browser("thuong-truc")
    seen = browser.api("POST", "/bulk?preview=true", json=body).json()
    assert [(r["step_id"], r["possible"]) for r in seen] == [(step, True)]
    assert browser.api("POST", "/bulk", json=body).status_code == 422
    rows = browser.api("POST", "/bulk", json=body, headers={"Idempotency-Key": "x"}).json()
    assert [(r["step_id"], r["code"], r["done"] and r["done"]["status"]) for r in rows] == [
        (step, None, "cancelled"),
        (999, "not-found", None),
    ]


def test_a_unit_takes_on_everything_new_in_two_steps_and_is_told_what_was_not_done(office: Office) -> None:
    browser = office.browser("huyen-01")
    mine, theirs = office.step_id("gop-y", "huyen-01"), office.step_id("gop-y", "huyen-02")
    page = browser.get("/").text
    assert f'form="bulk" name="step" value="{mine}"' in page and "Với các bước đã chọn" in page
    assert '<option value="accept">' in page and '<option value="cancel">' not in page
    seen = words(browser.get(f"/bulk?action=accept&step={mine}&step={theirs}"))
    assert "làm được 1" in seen and "Chỉ dành cho đơn vị chủ trì." in seen
    done = words(browser.post("/bulk", action="accept", step=[str(mine), str(theirs)], key="k"))
    assert "Đã làm 1/2 bước" in done and "Chỉ dành cho đơn vị chủ trì." in done
    assert (office.plan.status("gop-y", "huyen-01"), office.plan.status("gop-y", "huyen-02")) == ("in-progress", "open")


def test_submitting_many_says_which_want_their_own_page(office: Office) -> None:
    step = office.step_id("ke-hoach")
    page = office.browser("thuong-truc").get(f"/bulk?action=submit&step={step}")
    assert "Cần minh chứng hoặc số liệu" in words(page) and "Không bước nào làm được lúc này" in words(page)
    assert 'method="post" action="/bulk"' not in page.text
