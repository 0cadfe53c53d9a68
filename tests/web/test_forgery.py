"""A request that changes something must come from our own page, with the session's token."""

import pytest

from tests.web.office import Office


def test_a_form_without_the_token_is_refused(office: Office):
    browser = office.browser("huyen-01")
    step = office.step_id("gop-y", "huyen-01")
    for token in ("", "wrong", office.browser("huyen-02").csrf()):
        assert browser.post(f"/steps/{step}/actions/accept", csrf=token).status_code == 403
    assert office.plan.status("gop-y", "huyen-01") == "open"
    assert browser.post(f"/steps/{step}/actions/accept").status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://dondoc.test.evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_cannot_send_even_with_the_token(office: Office, headers: dict[str, str]):
    browser = office.browser("huyen-01")
    step = office.step_id("gop-y", "huyen-01")
    answer = browser.send("POST", f"/steps/{step}/actions/accept", data={"csrf": browser.csrf()}, headers=headers)
    assert answer.status_code == 403
    assert office.browser().send("POST", "/sign-in", data={"account": "huyen-01"}, headers=headers).status_code == 403


def test_our_own_origin_may(office: Office):
    browser = office.browser("huyen-01", **{"Origin": "http://dondoc.test", "Sec-Fetch-Site": "same-origin"})
    assert browser.act(office.step_id("gop-y", "huyen-01"), "accept").status_code == 303


def test_the_api_wants_the_token_in_its_header(office: Office):
    browser = office.browser("huyen-01")
    step = office.step_id("gop-y", "huyen-01")
    body = {"expected_version": office.plan.step("gop-y", "huyen-01")["version"]}
    bare = browser.send("POST", f"/api/v1/steps/{step}/actions/accept", json=body)
    assert (bare.status_code, bare.json()["code"]) == (403, "csrf")
    assert browser.api("POST", f"/steps/{step}/actions/accept", json=body).status_code == 200
