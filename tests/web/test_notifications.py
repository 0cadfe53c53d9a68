"""The inbox on its page, in the bell and over the API."""

import re

from services.queries.inbox import inbox_page
from tests.factories import OFFICER, district
from tests.web.office import Office, words


def bell(html: str) -> str:
    """The bell's part of the page."""
    found = re.search(r'<a class="bell".*?</a>', html, re.S)
    assert found
    return found[0]


def test_the_page_shows_what_one_was_told_and_the_bell_counts_it(office: Office):
    browser = office.browser("huyen-01")
    page = browser.get("/notifications")
    assert "Việc mới" in words(page) and f'href="/steps/{office.step_id("gop-y", "huyen-01")}"' in page.text
    assert 'data-unread="1"' in bell(page.text) and 'unread" hidden' not in bell(page.text)
    assert 'data-unread="1"' in bell(browser.get("/").text)


def test_reading_one_takes_it_from_the_count_and_comes_back(office: Office):
    browser = office.browser("huyen-01")
    form = re.search(r'action="(/notifications/\d+/read)"', browser.get("/notifications?show=unread").text)
    assert form
    answer = browser.post(form[1], next="/notifications?show=unread")
    assert (answer.status_code, answer.headers["location"]) == (303, "/notifications?show=unread")
    page = browser.get("/notifications?show=unread")
    assert "Không còn thông báo chưa đọc" in words(page) and 'class="unread" hidden' in bell(page.text)
    assert "Việc mới" in words(browser.get("/notifications"))


def test_reading_all_is_one_click(office: Office):
    office.plan.day = office.day
    office.plan.act(OFFICER, "comment", "gop-y", "huyen-01", payload={"text": "Xem giúp"})
    browser = office.browser("huyen-01")
    assert "2 thông báo chưa đọc" in words(browser.get("/notifications"))
    answer = browser.post("/notifications/read")
    assert answer.status_code == 303
    assert "Bạn đã đọc hết" in words(browser.get(answer.headers["location"]))


def test_nobody_marks_or_sees_what_others_were_told(office: Office):
    mine, other = office.browser("huyen-01"), office.browser("huyen-02")
    number = mine.api("GET", "/notifications").json()["notices"][0]["id"]
    other.get("/notifications")
    assert other.post("/notifications/read").status_code == 303
    assert other.post(f"/notifications/{number}/read").status_code == 303
    assert mine.api("GET", "/notifications/unread").json() == {"unread": 1}
    page = other.get("/notifications").text
    assert f'href="/steps/{office.step_id("gop-y", "huyen-01")}"' not in page
    assert office.browser("nguoi-la").api("GET", "/notifications").json()["notices"] == []


def test_what_somebody_wrote_is_shown_not_run(office: Office):
    office.plan.day = office.day
    office.plan.act(OFFICER, "comment", "gop-y", "huyen-01", payload={"text": "<script>alert(1)</script>"})
    html = office.browser("huyen-01").get("/notifications").text
    assert "<script>" not in html and "&lt;script&gt;alert(1)" in html


def test_an_act_shows_within_one_poll(office: Office):
    browser = office.browser("huyen-01")
    assert browser.api("GET", "/notifications/unread").json() == {"unread": 1}
    office.plan.day = office.day
    office.plan.act(OFFICER, "chase", "gop-y", "huyen-01", payload={"text": "Khẩn trương"})
    assert browser.api("GET", "/notifications/unread").json() == {"unread": 2}
    assert [n["kind"] for n in browser.api("GET", "/notifications").json()["notices"]] == ["chased", "assigned"]


def test_the_api_marks_some_or_all(office: Office):
    office.plan.day = office.day
    office.plan.act(OFFICER, "comment", "gop-y", "huyen-01", payload={"text": "Xem giúp"})
    browser = office.browser("huyen-01")
    answer = browser.api("GET", "/notifications?unread=true").json()
    assert (answer["unread"], answer["total"], answer["pages"]) == (2, 2, 1)
    assert answer["notices"][0]["heading"] == {"vi": "Có ý kiến", "en": "Comment"}
    read = browser.api("POST", "/notifications/read", json={"ids": [answer["notices"][0]["id"], 999999]})
    assert read.json() == {"unread": 1}
    assert browser.api("POST", "/notifications/read", json={}).json() == {"unread": 0}
    assert browser.api("POST", "/notifications/read", json={"id": 1}).status_code == 422


def test_the_page_speaks_the_language_one_has_chosen_since(office: Office):
    browser = office.browser("huyen-01")
    browser.get("/notifications")
    assert browser.post("/language", language="en", next="/").status_code == 303
    page = words(browser.get("/notifications"))
    assert "1 unread notice." in page and "New" in page and "Mark as read" in page


def test_the_page_makes_no_more_statements_for_more_notices(office: Office):
    from benchmarks.counting import counted

    viewer, now = district(1), office.context.now()
    office.browser("huyen-01").get("/notifications")
    with counted(office.db) as few:
        inbox_page(office.db, viewer, now)
    office.plan.day = office.day
    for n in range(20):
        office.plan.act(OFFICER, "comment", "gop-y", "huyen-01", payload={"text": f"{n}"})
    office.browser("huyen-01").get("/notifications")
    with counted(office.db) as many:
        inbox_page(office.db, viewer, now)
    assert len(many.statements) == len(few.statements)
