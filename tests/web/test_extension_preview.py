"""Granting more time: the page shows what the date asked for, or the one typed, would overtake, before anything is granted."""

from __future__ import annotations

from datetime import date

from tests.factories import MEMBER, OFFICER
from tests.services.test_act import NUMBERED
from tests.web.office import Office, words


def asked(office: Office) -> int:
    """A district asks for more time for its plan; the step."""
    office.plan.day = office.day
    office.plan.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    office.plan.act(MEMBER, "approve", "ke-hoach")
    step = office.step_id("ke-hoach-huyen", "huyen-01")
    assert office.browser("huyen-01").act(step, "request-extension", until="20/08/2024", reason="mưa lũ").status_code == 303
    return step


def test_the_date_asked_for_is_filled_in_with_what_it_would_overtake(office: Office):
    step = asked(office)
    page = office.browser("thuong-truc").get(f"/steps/{step}")
    assert 'id="grant-extension-until" name="until" type="text" value="20/08/2024"' in page.text
    assert "Gia hạn đến 20/08/2024, các bước sau đến hạn trước bước này:" in words(page) and "to-chuc" in words(page)


def test_another_date_is_previewed_and_nothing_is_granted(office: Office):
    step = asked(office)
    browser = office.browser("thuong-truc")
    page = browser.post(f"/steps/{step}/extension-preview", until="25/06/2024")
    assert page.status_code == 200 and "không vượt hạn bước nào sau đó" in words(page)
    assert 'value="25/06/2024"' in page.text
    wrong = browser.post(f"/steps/{step}/extension-preview", until="31/02/2024")
    assert wrong.status_code == 422 and 'id="grant-extension-until-e"' in wrong.text
    assert office.plan.step("ke-hoach-huyen", "huyen-01")["due_on"] < date(2024, 6, 25)
    assert "Gia hạn đến" not in words(office.browser("huyen-01").get(f"/steps/{step}"))
