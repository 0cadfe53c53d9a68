"""The pages that show work, plans, units and what is overdue, as a browser gets them."""

import re
from datetime import date

import pytest

from tests.factories import OFFICER, district
from tests.web.office import Office, words

OF_THE_PLAN = ("/plans/1", "/key-tasks/1", "/key-tasks/1?unit=huyen-01", "/workflows/1")
PAGES = ("/", "/overview", "/plans", "/overdue", "/search?q=huyen", "/units/huyen-01", *OF_THE_PLAN)


@pytest.fixture
def late(office: Office) -> Office:
    """The office in August: every district's first paper is overdue."""
    office.day = date(2024, 8, 5)
    return office


@pytest.mark.parametrize("login", ["thuong-truc", "giam-sat", "huyen-01", "quan-tri", "nguoi-la"])
def test_every_page_opens_or_says_why_not(late: Office, login: str):
    browser = late.browser(login)
    wanted = dict.fromkeys(PAGES, 200)
    if login not in ("thuong-truc", "giam-sat"):
        wanted["/overview"] = 403
    if login in ("quan-tri", "nguoi-la"):
        wanted |= dict.fromkeys(OF_THE_PLAN, 404)
    assert {path: browser.get(path).status_code for path in PAGES} == wanted


def test_a_units_counts_name_the_key_tasks(late: Office):
    assert "NV4 Ngày hội toàn dân" in words(late.browser("giam-sat").get("/units/huyen-01"))
    assert "toàn dân" not in words(late.browser("nguoi-la").get("/units/huyen-01"))


def test_pages_are_whole_html_without_inline_style_or_script(late: Office):
    browser = late.browser("thuong-truc")
    for path in PAGES:
        html = browser.get(path).text
        assert html.count("<h1") == 1, path
        assert " style=" not in html, path
        assert not re.search(r'<script(?! type="module" src="/static/)', html), path
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), path
        assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids), path


def test_no_link_of_a_page_is_dead(late: Office):
    browser = late.browser("thuong-truc")
    found = {a.replace("&amp;", "&") for path in PAGES for a in re.findall(r'href="(/[^"#]*)', browser.get(path).text)}
    pages = {a for a in found if not a.startswith(("/static", "/prefect/"))}  # no Prefect runs here; its page says so
    assert len(pages) > 30
    assert {a: s for a in pages if (s := browser.get(a).status_code) not in (200, 303)} == {}


def test_english_pages_have_english_words(late: Office):
    browser = late.browser("thuong-truc")
    browser.post("/language", language="en", next="/")
    ours = ("Quá hạn", "Chờ", "Đơn vị", "bước", "Hạn ", "Nộp", "Chủ trì")
    pages = {path: words(browser.get(path)) for path in PAGES}
    assert {path: found for path, page in pages.items() if (found := [w for w in ours if w in page])} == {}


def test_my_work_puts_what_is_late_first_with_one_action(late: Office):
    html = late.browser("huyen-01").get("/").text
    assert html.index('id="overdue"') < html.index('id="waiting"')
    row = html[html.index('id="overdue"') : html.index('id="waiting"')]
    assert "Quá hạn 5 ngày" in row
    assert row.count("btn--main") == 1
    assert f'href="/steps/{late.step_id("gop-y", "huyen-01")}"' in row


def test_the_overdue_list_begins_with_ones_own_units(late: Office):
    browser = late.browser("huyen-01")
    assert "1 bước quá hạn" in words(browser.get("/overdue"))
    everybody = words(browser.get("/overdue?unit=all"))
    assert "huyen-02" in everybody
    assert "4 bước quá hạn" in everybody
    assert "1 bước quá hạn" in words(browser.get("/overdue?unit=huyen-03&key_task=NV4"))
    assert "0 bước quá hạn" in words(browser.get("/overdue?unit=all&key_task=-"))


def test_the_overdue_list_turns_pages_and_keeps_its_filters(late: Office, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("services.queries.overdue.PER_PAGE", 2)
    browser = late.browser("thuong-truc")
    first = browser.get("/overdue?key_task=NV4").text
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    assert following[1].replace("&amp;", "&") == "/overdue?key_task=NV4&page=2"
    second = browser.get(following[1].replace("&amp;", "&")).text
    assert 'rel="prev"' in second
    assert 'rel="next"' not in second
    assert not set(re.findall(r"/steps/\d+", first)) & set(re.findall(r"/steps/\d+", second))


def test_a_mistyped_address_is_no_error(late: Office):
    browser = late.browser("thuong-truc")
    queries = ("?page=0", "?page=999", "?page=-1", "?plan=x", "?key_task=%00", "?unit=nobody")
    assert {q for q in queries if browser.get(f"/overdue{q}").status_code != 200} == set()


def test_what_does_not_exist_is_not_found(late: Office):
    browser = late.browser("thuong-truc")
    assert {browser.get(path).status_code for path in ("/plans/99", "/key-tasks/99", "/workflows/99", "/units/nobody")} == {404}


def test_the_overview_says_the_same_number_in_every_place(late: Office):
    late.plan.day = late.day
    late.plan.act(district(2), "submit", "gop-y", "huyen-02")
    html = late.browser("giam-sat").get("/overview").text
    total = re.search(r'<span class="big is-late">(\d+)</span>', html)
    foot = re.search(r'<td class="late-n">(\d+)</td></tr></tfoot>', html)
    assert total
    assert foot
    assert total[1] == foot[1] == "3"  # the agency's own and two districts'; the third has come, late


def test_only_the_standing_agency_may_chase_from_the_overview(late: Office):
    page, own = late.browser("thuong-truc").get("/overview").text, f"/steps/{late.step_id('ke-hoach')}"
    assert "/actions/chase" in page and f'href="{own}" aria-label="Mở bước' in page
    assert f"{own}/actions/chase" not in page  # nobody chases themselves
    assert "/actions/chase" not in late.browser("giam-sat").get("/overview").text


def test_a_chase_from_the_overview_is_recorded_and_said(late: Office):
    browser = late.browser("thuong-truc")
    form = re.search(r'action="(/steps/\d+/actions/chase)">.*?name="key" value="([^"]+)"', browser.get("/overview").text, re.S)
    assert form
    assert browser.post(form[1], key=form[2]).status_code == 303
    assert "Đã gửi 09:00" in words(browser.get("/overview"))


def test_a_unit_shows_its_names_and_what_it_leads(late: Office):
    page = words(late.browser("giam-sat").get("/units/huyen-01"))
    assert "từ 02/01/2024" in page
    assert "gop-y" in page


def test_a_key_task_quotes_the_plan(late: Office):
    assert "Tổ chức Ngày hội" in words(late.browser("huyen-01").get("/key-tasks/1"))


def test_words_of_a_person_are_shown_not_run(office: Office):
    office.plan.day = office.day
    office.plan.act(district(1), "progress", "gop-y", "huyen-01", payload={"text": "<script>alert(1)</script>"})
    office.plan.act(OFFICER, "chase", "gop-y", "huyen-01", payload={"text": '"><img src=x>'})
    html = office.browser("thuong-truc").get("/workflows/1").text
    assert "<script>" not in html
    assert "<img" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_the_navigation_counts_what_is_overdue_and_ones_own(late: Office):
    counted = {
        login: re.findall(r'class="count">(\d+)<', late.browser(login).get("/plans").text) for login in ("giam-sat", "huyen-01", "nguoi-la")
    }
    assert counted == {"giam-sat": ["4"], "huyen-01": ["1"], "nguoi-la": []}
