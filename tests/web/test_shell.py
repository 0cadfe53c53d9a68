"""What surrounds every page: its head, errors, the clock, health, the mailbox."""

import re
from email.message import EmailMessage

import pytest

from engine.instants import at_local, local_day
from notifications.mailbox import Mailbox
from services import clock
from tests.web.office import DAY, Office, words
from web.addresses import own_path, with_note
from web.pages.clock import later


def test_pages_name_the_sheet_by_its_content(office: Office):
    sheet = re.search(r'href="(/static/dondoc\.css\?v=\w+)"', office.browser().get("/sign-in").text)
    assert sheet and "immutable" in office.browser().get(sheet[1]).headers["cache-control"]


def test_no_page_carries_an_inline_style_or_script(office: Office):
    pages = [office.browser("thuong-truc").get(p).text for p in ("/sign-in", f"/steps/{office.step_id('ke-hoach')}", "/mailbox", "/x")]
    assert not [m for page in pages for m in re.findall(r"<script(?! type=\"module\" src=\"/static/)|<style|\sstyle=|\son\w+=", page)]


def test_our_own_mistake_is_logged_under_a_number_and_tells_nothing(office: Office, monkeypatch, caplog):
    def broken(*_: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr("web.pages.steps.step_page", broken)
    monkeypatch.setattr("web.api.steps.step_page", broken)
    answer = office.browser("thuong-truc").get("/steps/1")
    assert answer.status_code == 500 and "secret" not in answer.text
    assert "content-security-policy" in answer.headers
    incident = re.search(r"mã sự cố (\w+)", words(answer))
    assert incident and incident[1] in caplog.text and '<a class="btn btn--main" href="/steps/1">Thử lại</a>' in answer.text
    assert office.browser("thuong-truc").get("/api/v1/steps/1").json()["code"] == "internal"


def test_a_request_that_is_too_large_is_stopped(office: Office, monkeypatch):
    monkeypatch.setattr("web.app.BESIDE", 1000 - 100 * 1024 * 1024)
    small = Office.__new__(Office)
    small.__dict__.update(office.__dict__)
    from web.app import create_app

    small.app = create_app(office.context)
    large, back = {"login": "x" * 2000}, {"Referer": "http://dondoc.test/sign-in?next=/overview"}
    refused = small.browser().send("POST", "/sign-in", data=large, headers=back)
    assert 'href="/sign-in?next=/overview"' in refused.text and "Quay lại trang trước" in words(refused)
    for elsewhere in ("http://evil.test/sign-in", "http://dondoc.test//evil.test/", "http://dondoc.test//[", "x"):
        told = small.browser().send("POST", "/sign-in", data=large, headers={"Referer": elsewhere})
        assert told.status_code == 413 and "Quay lại" not in words(told)
    assert refused.status_code == 413 and "Nén hoặc chia nhỏ tệp" in words(refused) and "Thử lại" not in words(refused)
    assert small.browser().send("POST", "/api/v1/session", json={"login": "x" * 2000, "password": "y"}).status_code == 413


def test_the_clock_is_asked_for_a_day_and_the_page_comes_back_at_once(office: Office):
    browser = office.browser("huyen-01")
    assert browser.post("/clock", step="week", next="/mailbox?to=a").headers["location"] == "/mailbox?to=a&did=advancing"
    target = clock.target(office.db)
    assert target and (local_day(target) - DAY).days == 7
    assert "đang tiến đến 17/06/2024" in words(browser.get("/mailbox"))
    browser.post("/clock", step="day")  # counts from where it is going
    assert clock.target(office.db) == at_local(later(local_day(target), "day"), 8)
    assert browser.post("/clock", step="year").status_code == 422


@pytest.mark.parametrize(
    ("day", "step", "after"),
    [
        ("2024-01-31", "month", "2024-02-29"),
        ("2024-12-15", "month", "2025-01-15"),
        ("2024-02-28", "day", "2024-02-29"),
        ("2024-03-31", "month", "2024-04-30"),
    ],
)
def test_a_month_later(day: str, step: str, after: str):
    assert later(type(DAY).fromisoformat(day), step).isoformat() == after


def test_where_the_clock_is_real_there_is_no_banner(real_office: Office):
    assert "Đồng hồ mô phỏng" not in real_office.browser().get("/sign-in").text


def test_addresses_of_our_own(office: Office):
    assert own_path("/steps/1?a=b#c") == "/steps/1?a=b#c"
    assert {own_path(given) for given in ("//evil.test", "//[", "/\\evil.test", "evil", "https://evil.test/", "/a\tb", "")} == {"/"}
    assert with_note("/a?did=x&y=1", "signed-out") == "/a?y=1&did=signed-out"
    assert 'role="status"' not in office.browser().get("/sign-in?did=made-up").text.replace('role="status" hidden', "")  # a live page's own


def letter(office: Office) -> str:
    """A mail in the mailbox; its id."""
    mail = EmailMessage()
    mail["Subject"], mail["To"], mail["From"] = "Quá hạn: báo cáo quý", "huyen-01@example.vn", "dondoc@example.vn"
    mail.set_content("Kính gửi")
    mail.add_alternative("<p style='color:red'>Kính gửi</p><script>alert(1)</script>", subtype="html")
    return Mailbox(office.folder / "mailbox").store(bytes(mail), 1_700_000_000_000_000_000)


def test_the_mailbox_shows_what_was_sent(office: Office):
    mail = letter(office)
    browser = office.browser("huyen-01")
    assert "Quá hạn: báo cáo quý" in words(browser.get("/mailbox"))
    assert "Quá hạn: báo cáo quý" not in words(browser.get("/mailbox?to=khac"))
    page = browser.get(f"/mailbox/{mail}")
    assert "Kính gửi" in words(page) and "alert(1)" not in page.text
    assert re.search(r'<iframe[^>]*sandbox="allow-popups allow-popups-to-escape-sandbox"', page.text)


def test_a_mail_s_own_html_runs_nothing_and_fetches_nothing(office: Office):
    answer = office.browser("huyen-01").get(f"/mailbox/{letter(office)}/html")
    policy = answer.headers["content-security-policy"]
    assert "sandbox" in policy and "default-src 'none'" in policy and "script-src" not in policy and "allow-scripts" not in policy


def test_a_mail_that_is_not_there_is_not_found(office: Office):
    for name in ("x", "..%2F..%2Fdondoc.sqlite3", "00000000000000000000-00000000"):
        assert office.browser("huyen-01").get(f"/mailbox/{name}").status_code == 404


def test_the_navigation_leads_only_where_there_is_a_page_for_this_person(office: Office):
    links = re.findall(
        r'<a href="(/[^"]*)"', office.browser("huyen-01").get("/mailbox").text.split('<nav class="nav"')[1].split("</nav>")[0]
    )
    assert links and all(office.browser("huyen-01").get(link).status_code == 200 for link in links)


def test_one_can_sign_out_on_every_page(office: Office):
    browser = office.browser("huyen-01")
    for path in ("/", "/overview", "/preferences", "/nowhere", "/admin/accounts"):
        top = browser.get(path).text.split("<main")[0]
        assert re.search(r'<form[^>]*method="post" action="/sign-out">.*?<button', top, re.S), path
    assert "/sign-out" not in office.browser().get("/sign-in").text
