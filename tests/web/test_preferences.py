"""What a person chooses for themselves, and the calendar feed over HTTP."""

import re

from icalendar import Calendar

from tests.web.office import Browser, Office, words


def address_of(browser: Browser) -> str:
    """Make a feed; the path of its address."""
    page = browser.post("/preferences/feed", do="issue")
    found = re.search(r"https?://[^/\s]+(/feeds/[\w-]{43}\.ics)", page.text)
    assert page.status_code == 200 and found
    return found[1]


def test_the_language_is_chosen_for_the_account(office: Office):
    browser = office.browser("huyen-01")
    answer = browser.post("/preferences", language="en")
    assert (answer.status_code, answer.headers["location"]) == (303, "/preferences?did=preferences-saved")
    assert "Your preferences are saved." in words(browser.get(answer.headers["location"]))
    assert "My work" in words(office.browser("huyen-01").get("/"))


def test_the_language_of_the_foot_is_kept_with_the_account_too(office: Office):
    office.browser("huyen-01").post("/language", language="en", next="/")
    assert '<option value="en" selected>' in office.browser("huyen-01").get("/preferences").text


def test_a_wrong_choice_is_said_at_its_field_and_nothing_is_saved(office: Office):
    browser = office.browser("huyen-01")
    answer = browser.post("/preferences", language="fr")
    assert answer.status_code == 422
    assert 'id="p-language-e"' in answer.text and "Chọn một trong hai ngôn ngữ." in words(answer)
    assert "Việc của tôi" in words(browser.get("/"))


def test_mail_and_hours_are_chosen_and_shown_again(office: Office):
    browser = office.browser("huyen-01")
    fields = {"language": "vi", "mail-assigned": "digest", "mail-news": "none", "from": "8h30", "to": "17:00"}
    assert browser.post("/preferences", **fields).status_code == 303
    page = browser.get("/preferences").text
    assert 'value="08:30"' in page and 'value="17:00"' in page
    selects = dict(re.findall(r'name="mail-([\w-]+)".*?value="(\w+)" selected', page))
    assert (selects["assigned"], selects["returned"], selects["news"]) == ("digest", "immediate", "none")
    assert 'name="mail-overdue"' not in page


def test_every_wrong_field_is_named_and_nothing_is_saved(office: Office):
    browser = office.browser("huyen-01")
    fields = {"language": "en", "mail-assigned": "none", "mail-overdue": "none", "mail-news": "x", "from": "25:00", "to": "06:00"}
    answer = browser.post("/preferences", **fields)
    assert answer.status_code == 422
    for name in ("mail-assigned", "mail-overdue", "mail-news", "from", "to"):
        assert f'id="p-{name}-e"' in answer.text, name
        assert f'href="#p-{name}"' in answer.text, name
    assert 'value="25:00"' in answer.text
    page = browser.get("/preferences").text
    assert 'value="25:00"' not in page and '<option value="vi" selected>' in page


def test_the_feed_is_read_without_signing_in_by_whoever_has_its_address(office: Office):
    path = address_of(office.browser("huyen-01"))
    answer = office.browser().get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert len(Calendar.from_ical(answer.content).walk("VTODO")) == 1
    assert answer.headers["last-modified"].endswith("GMT")
    assert path.encode() not in answer.content


def test_a_program_that_has_it_already_is_told_so(office: Office):
    browser, path = office.browser("huyen-01"), address_of(office.browser("huyen-01"))
    first = browser.get(path)
    again = browser.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    office.plan.day = office.day
    browser.act(office.step_id("gop-y", "huyen-01"), "accept")
    assert browser.get(path, headers={"If-None-Match": first.headers["etag"]}).status_code == 200


def test_the_address_is_shown_once_and_dies_with_the_next(office: Office):
    browser = office.browser("huyen-01")
    old = address_of(browser)
    assert "/feeds/" not in browser.get("/preferences").text
    new = address_of(browser)
    assert (browser.get(old).status_code, browser.get(new).status_code) == (404, 200)
    assert browser.post("/preferences/feed", do="stop").status_code == 303
    assert browser.get(new).status_code == 404


def test_a_wrong_address_is_not_found(office: Office):
    for path in ("/feeds/x.ics", "/feeds/.ics", f"/feeds/{'a' * 43}.ics", f"/feeds/{'a' * 1000}.ics"):
        assert office.browser().get(path).status_code == 404
