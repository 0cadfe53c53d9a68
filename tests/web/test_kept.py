"""A form whose session is over, or another's: nothing is done, what was typed is kept and sent again with one more click."""

from __future__ import annotations

import asyncio
import errno
import re
from collections.abc import AsyncIterator, Iterator
from html import unescape
from tempfile import SpooledTemporaryFile
from typing import Any

import httpx
import pytest
from jinja2 import nodes

from engine.definition import Text
from engine.errors import DondocError, StorageFull, Unavailable
from tests.architecture.sources import CHECKOUT
from tests.web.office import Browser, Office, words
from web import limits, reading
from web.app import create_app
from web.kept import LEFT_OUT, is_secret
from web.rates import Rates
from web.render import environment

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


def test_other_forms_come_back_under_their_labels_too(office: Office):
    sent = {"path": "/admin/units/change/preview", "csrf": "-", "document": "12/NQ", "new_official_code1": "07001", "kind1": "merge"}
    page = send(office.browser(), sent, **OURS)
    shown = words(page)
    assert "Văn bản 12/NQ" in shown and "Mã đơn vị hành chính 07001" in shown
    assert "merge" not in shown and "Những gì đã chọn hoặc đánh dấu cũng được gửi cùng." in shown and 'value="merge"' in page.text


def test_where_sending_it_again_would_not_help_what_was_typed_is_shown(office: Office):
    browser, headers = office.browser("huyen-01"), {**OURS, "Referer": "http://dondoc.test/assign"}
    sent = {"path": "/assign/preview", "csrf": browser.csrf(), "abstract": "Dài dòng"}
    page, nothing = send(browser, sent, **headers), send(browser, {**sent, "abstract": ""}, **headers)
    assert page.status_code == nothing.status_code == 403 and "Trang này không dành cho bạn." in words(page)
    assert "Trích yếu Dài dòng" in words(page) and "Gửi lại" not in words(page) and 'href="/assign">Quay lại trang trước' in page.text
    assert "không mất gì" not in words(nothing) and 'href="/assign">Quay lại trang trước' in nothing.text


def test_files_are_asked_for_again_by_name(office: Office, typed: dict[str, Any]):
    fields = {name: value for name, value in typed.items() if name != "path"}
    answer = office.browser().send(
        "POST", typed["path"].replace("comment", "submit"), data=fields, files={"file.kh": ("Kế hoạch.pdf", b"%PDF-1.7\n")}, headers=OURS
    )
    assert answer.status_code == 401 and "Chọn lại tệp Kế hoạch.pdf" in words(answer) and 'name="file.kh"' in answer.text


AWAY = Text("Cơ sở dữ liệu đang bận.", "The database is busy.")


@pytest.mark.parametrize("error", [Unavailable(AWAY, code="busy"), StorageFull()])
def test_at_a_bad_moment_everything_typed_comes_back(
    office: Office, typed: dict[str, Any], monkeypatch: pytest.MonkeyPatch, error: DondocError
):
    def fail(*_: object) -> None:
        raise error

    browser = office.browser("huyen-01")
    sent = {**typed, "csrf": browser.csrf()}
    with monkeypatch.context() as bad:
        bad.setattr("web.pages.steps.perform", fail)
        page = send(browser, sent, **OURS)
        assert "Dài dòng" not in send(browser, sent).text  # nobody says that a page of ours sent it
        code = send(browser, {**sent, "again": "rất bí mật"}, **OURS)
    assert page.status_code == code.status_code == error.http_status
    assert error.text.vi in words(page) and "Dài dòng &lt;b&gt;" in page.text and "Gửi lại" in page.text
    assert "bí mật" not in code.text and "Dài dòng" not in code.text
    assert fields_of(page.text).pop("csrf") == sent["csrf"] not in words(page).split()
    for _ in range(2):
        assert send(browser, {"path": typed["path"], **fields_of(page.text)}, **OURS).status_code == 303
    assert words(browser.get(typed["path"].partition("/actions")[0])).count("Dài dòng") == 1


def test_after_a_mistake_of_ours_everything_typed_comes_back_with_its_number(
    office: Office, typed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object) -> None:
        raise RuntimeError("planted")

    browser = office.browser("huyen-01")
    sent = {**typed, "csrf": browser.csrf()}
    with monkeypatch.context() as bad:
        bad.setattr("web.pages.steps.perform", fail)
        page = send(browser, sent, **OURS)
        assert page.status_code == 500 and "Dài dòng" not in send(browser, sent).text
    assert re.search(r"mã sự cố \w{8}", words(page)) and "Dài dòng &lt;b&gt;" in page.text and "planted" not in page.text
    assert send(browser, {"path": typed["path"], **fields_of(page.text)}, **OURS).status_code == 303
    assert words(browser.get(typed["path"].partition("/actions")[0])).count("Dài dòng") == 1


def test_too_fast_everything_typed_comes_back_and_files_are_named(office: Office, typed: dict[str, Any]):
    browser = office.browser("huyen-01")
    fields = {name: value for name, value in typed.items() if name != "path"} | {"csrf": browser.csrf()}
    office.app.state.rates = Rates(1)
    answers = [
        browser.send("POST", typed["path"], data=fields, files={"file": ("Kế hoạch.pdf", b"%PDF-1.7\n")}, headers=OURS) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [303, 429] and answers[1].headers["retry-after"]
    assert "Gửi quá nhanh." in words(answers[1]) and "Chọn lại tệp Kế hoạch.pdf" in words(answers[1])
    assert fields_of(answers[1].text)["key"] == fields["key"] and "%PDF" not in answers[1].text


class Full(SpooledTemporaryFile[bytes]):
    """A temporary file that finds no room when it is written, or when what it held in memory is; nor when it is closed then."""

    tried, on, failed = 0, "write", False

    def write(self, data: bytes) -> int:  # type: ignore[override]
        Full.tried += 1
        self._fail("write")
        return len(data)

    def seek(self, *to: int) -> None:  # type: ignore[override]
        self._fail("seek")

    def close(self) -> None:
        super().close()
        if self.failed:
            self.failed = False
            raise OSError(errno.ENOSPC, "full")

    def _fail(self, doing: str) -> None:
        if self.on == doing:
            self.failed = True
            raise OSError(errno.ENOSPC, "full")


def with_files(browser: Browser, typed: dict[str, Any], size: int, **more: str) -> httpx.Response:
    """A comment with a file of ``size`` bytes, between what was typed before and after it."""
    parts = [(name, (None, value)) for name, value in {**typed, "csrf": browser.csrf(), **more}.items() if name not in ("path", "text")]
    files = [("file", ("Kế hoạch.pdf", b"%PDF" * (size // 4))), ("file", ("Thêm.pdf", b"%PDF"))]
    return browser.send("POST", typed["path"], files=[*parts, *files, ("text", (None, typed["text"]))], headers=OURS)


def test_a_file_for_which_there_is_no_room_or_that_is_too_large_takes_nothing_typed_along(
    office: Office, typed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    browser = office.browser("huyen-01")
    with monkeypatch.context() as bad:
        bad.setattr("starlette.formparsers.SpooledTemporaryFile", Full)
        full = with_files(browser, typed, 4000)
        code, tried = with_files(browser, typed, 4000, again="rất bí mật"), Full.tried
        out = with_files(office.browser(), typed, 4000)
        assert "Dài dòng" in words(out) and "2. Đã đăng nhập" in words(out)
        assert 0 < tried == Full.tried  # a stranger's file is not written
        bad.setattr(Full, "on", "seek")
        flushed = with_files(browser, typed, 4000)
    monkeypatch.setattr("web.app.BESIDE", 50_000 - 100 * 1024 * 1024)
    roomy, office.app = office.app, create_app(office.context)
    browser = office.browser("huyen-01")
    large, larger = with_files(browser, typed, 102_400), with_files(browser, typed, 102_400, again="rất bí mật")
    stranger = with_files(office.browser(), typed, 102_400)
    monkeypatch.setattr(limits, "LET_BY", 10_000)
    endless = with_files(browser, typed, 102_400, reason="Gấp")
    office.app = roomy
    browser = office.browser("huyen-01")
    for status, page, secret, says in (
        (507, full, code, "Máy chủ hết chỗ lưu"),
        (507, flushed, code, "Máy chủ hết chỗ lưu"),
        (413, large, larger, "Mỗi lần gửi nhận tối đa 49 KB, mỗi tệp 100 MB; lần này gửi 101 KB."),
    ):
        assert page.status_code == secret.status_code == status and says in words(page)
        assert "Dài dòng &lt;b&gt;" in page.text and "Tệp không được giữ." in words(page) and "%PDF" not in page.text
        assert "Chọn lại tệp Kế hoạch.pdf" in words(page) and "Chọn lại tệp Thêm.pdf" in words(page)
        assert "bí mật" not in secret.text and "Dài dòng" not in secret.text
    assert endless.status_code == 413 and "Gấp" in words(endless) and "Gửi lại" not in words(endless)  # what had come before the file
    assert "bấm nút Quay lại của trình duyệt" in words(endless) and "không mất gì" not in words(endless)
    assert stranger.status_code == 401 and "Chỉ phần dưới đây" in words(stranger) and "Đã đăng nhập" not in words(stranger)  # nor to wait
    for page in (full, large):  # once, however often it is sent again
        assert send(browser, {"path": typed["path"], **fields_of(page.text), "csrf": browser.csrf()}, **OURS).status_code == 303
    assert words(browser.get(typed["path"].partition("/actions")[0])).count("Dài dòng") == 1


def test_of_a_form_that_comes_too_slowly_what_came_is_told(office: Office, typed: dict[str, Any], monkeypatch: pytest.MonkeyPatch):
    browser = office.browser("huyen-01")
    fields = {name: value for name, value in typed.items() if name != "path"} | {"csrf": browser.csrf()}
    whole = httpx.Request("POST", "http://x", data=fields, files={"file": ("Kế hoạch.pdf", b"%PDF" * 100)})
    texts = httpx.Request("POST", "http://x", data={**fields, "reason": "dở dang"})
    monkeypatch.setattr(limits, "PAUSE", 0.02)

    async def stalled(body: bytes, end: int) -> AsyncIterator[bytes]:
        yield body[:end]
        await asyncio.sleep(0.2)
        yield body[end:]

    for request, end in ((whole, -150), (texts, -3)):
        content = stalled(request.read(), end)
        answer = browser.send("POST", typed["path"], content=content, headers={**request.headers, "host": "dondoc.test", **OURS})
        assert answer.status_code == 408 and "Dài dòng &lt;b&gt;" in answer.text and "Gửi lại" not in words(answer)
        assert "Chỉ phần dưới đây kịp đến máy chủ" in words(answer) and "dở" not in words(answer)
        assert ("Tệp không được giữ. Kế hoạch.pdf" in words(answer)) is (request is whole)
    monkeypatch.setattr(reading, "MOST_TEXT", 100)
    much = with_files(browser, {**typed, "text": "Dài" * 30}, 40)
    assert much.status_code == 400 and "Không đọc được nội dung" in words(much) and "Kế hoạch.pdf" in words(much)


def secret_fields() -> Iterator[str]:
    """The names of fields of every template that take a password or a code."""
    kinds = {"password", "one-time-code", "current-password", "new-password"}
    pages = environment()
    for path in (CHECKOUT / "web/templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for call in pages.parse(text).find_all(nodes.Call):
            said = {node.value for node in call.find_all(nodes.Const)}
            name = call.args[1] if isinstance(call.node, nodes.Getattr) and len(call.args) > 2 else None
            if said & kinds and isinstance(name, nodes.Const):
                yield name.value
        for tag in re.findall(r"<input[^>]*>", text):
            if any(f'"{kind}"' in tag for kind in kinds):
                yield re.findall(r'name="([^"]*)"', tag)[0]


def test_no_field_for_a_password_or_a_code_is_taken_for_something_typed():
    found = set(secret_fields())
    assert found >= {"password", "present", "again", "code", "proof"}
    assert [name for name in found if not is_secret(name) and name not in LEFT_OUT] == []
