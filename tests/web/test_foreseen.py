"""The page of mails to come: for those who read the step in full."""

from __future__ import annotations

import pytest

from tests.web.office import Office, words


def test_a_unit_sees_what_will_come_about_its_step(office: Office) -> None:
    step = office.step_id("gop-y", "huyen-01")
    browser = office.browser("huyen-01")
    assert f'href="/steps/{step}/messages"' in browser.get(f"/steps/{step}").text
    page = words(browser.get(f"/steps/{step}/messages?days=90"))
    assert "Người huyen-01" in page
    assert "7 ngày làm việc trước hạn" in page
    assert browser.get(f"/steps/{step}/messages?days=x").status_code == 200


def test_a_step_of_which_nobody_is_reminded_has_an_empty_page(office: Office) -> None:
    page = office.browser("thuong-truc").get(f"/steps/{office.step_id('tong-hop')}/messages")
    assert (page.status_code, "Không có thư nào" in page.text) == (200, True)


@pytest.mark.parametrize("login", ["huyen-02", "nguoi-la", "quan-tri"])
def test_others_do_not_find_it(office: Office, login: str) -> None:
    assert office.browser(login).get(f"/steps/{office.step_id('gop-y', 'huyen-01')}/messages").status_code == 404


def test_a_unit_sees_all_that_will_come_to_it_day_by_day(office: Office) -> None:
    browser = office.browser("huyen-01")
    page = browser.get("/units/huyen-01/messages?days=90")
    assert page.status_code == 200 and "Người huyen-01" in words(page) and "7 ngày làm việc trước hạn" in words(page)
    assert "Người huyen-02" not in words(page)
    assert 'href="/units/huyen-01/messages"' in browser.get("/units/huyen-01").text
    for login, path in (("huyen-02", "/units/huyen-01/messages"), ("thuong-truc", "/units/khong-co/messages")):
        assert office.browser(login).get(path).status_code == 404


def test_the_whole_plan_is_for_who_supervises(office: Office) -> None:
    path = f"/plans/{office.plan.plan_id}/messages?days=90"
    page = words(office.browser("giam-sat").get(path))
    assert "Người huyen-01" in page and "Người huyen-02" in page
    assert "05/08/2024 : gop-y NV4 · 2024, bước 6 · huyen-03 : không có ai để gửi" in page
    assert office.browser("giam-sat").get(f"{path}&page=99").status_code == 200
    assert office.browser("huyen-01").get(path).status_code == 403
    assert office.browser("giam-sat").get("/plans/999/messages").status_code == 404
