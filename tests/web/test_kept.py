"""A form whose session is over, or another's: nothing is done, what was typed is kept and sent again with one more click."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from tests.web.office import Browser, Office, words

OURS = {"Origin": "http://dondoc.test"}


@pytest.fixture
def typed(office: Office) -> dict[str, Any]:
    """A comment as its page would send it, by somebody whose session then ends."""
    browser = office.browser("huyen-01")
    step = office.step_id("gop-y", "huyen-01")
    return {"path": f"/steps/{step}/actions/comment", **browser.carried(step, "comment"), "csrf": browser.csrf(), "text": "Dài dòng <b>"}


def send(browser: Browser, typed: dict[str, Any], **headers: str) -> Any:
    fields = {name: value for name, value in typed.items() if name != "path"}
    return browser.send("POST", typed["path"], data=fields, headers=headers)


def fields_of(html: str) -> dict[str, str]:
    """The hidden fields of the form that sends again."""
    form = re.search(r'<form method="post" action="/steps/.*?</form>', html, re.S)
    assert form
    return {name: unescape(value) for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0])}


def test_after_signing_in_again_it_is_sent_once(office: Office, typed: dict[str, Any]):
    page = send(office.browser(), typed, **OURS)
    assert page.status_code == 401 and "Dài dòng &lt;b&gt;" in page.text and "không mất gì" in words(page)
    assert '<p class="typed"><b>Nội dung</b><br>Dài dòng &lt;b&gt;</p>' in page.text  # by the field's label, as on its page
    again = office.browser("huyen-01")
    shown = send(again, {"path": typed["path"], **fields_of(page.text)}, **OURS)
    assert shown.status_code == 403 and "Bạn đang đăng nhập là Người huyen-01" in words(shown)
    for _ in range(2):
        assert send(again, {"path": typed["path"], **fields_of(shown.text)}, **OURS).status_code == 303
    step = typed["path"].split("/")[2]
    assert words(again.get(f"/steps/{step}")).count("Dài dòng") == 1


def test_only_what_a_page_of_ours_sent_is_shown_again(office: Office, typed: dict[str, Any]):
    signed_in = office.browser("huyen-01")
    for headers in ({}, {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}):
        assert "Dài dòng" not in send(office.browser(), typed, **headers).text
        answer = send(signed_in, {**typed, "csrf": "khac"}, **headers)
        assert answer.status_code == 403 and "Dài dòng" not in answer.text
    assert send(signed_in, {**typed, "csrf": ""}, **OURS).status_code == 403
    assert office.plan.status("gop-y", "huyen-01") == "open"


def test_a_secret_is_never_written_into_a_page(office: Office, typed: dict[str, Any]):
    answer = send(office.browser(), {**typed, "new_password": "rất bí mật"}, **OURS)
    assert answer.status_code == 303 and "bí mật" not in answer.text


def test_files_are_asked_for_again_by_name(office: Office, typed: dict[str, Any]):
    fields = {name: value for name, value in typed.items() if name != "path"}
    answer = office.browser().send(
        "POST", typed["path"].replace("comment", "submit"), data=fields, files={"file.kh": ("Kế hoạch.pdf", b"%PDF-1.7\n")}, headers=OURS
    )
    assert answer.status_code == 401 and "Chọn lại tệp Kế hoạch.pdf" in words(answer) and 'name="file.kh"' in answer.text
