"""The people of a unit over its pages: the list, a place added and ended, everything handed over after a preview, the sheet."""

from __future__ import annotations

import re

from sqlalchemy import select

from engine.access import Membership
from models.tables import journal_entry, membership
from services.accounts import create_account, id_of
from tests.web.office import Browser, Office, words


def head(office: Office) -> tuple[Browser, str]:
    """The head of huyen-01, signed in; the id of its officer."""
    create_account(office.db, login="h1-truong", name="Trưởng huyện", memberships=[Membership("huyen-01", "head")])
    browser = office.browser("h1-truong")
    page = browser.get("/people").text
    return browser, page.split("Người huyen-01<br>")[1].split("/people/")[1].split("/")[0]


def test_the_page_is_for_heads_and_administrators(office: Office):
    assert office.browser("huyen-01").get("/people").status_code == 403
    assert "Người mttq" in words(office.browser("quan-tri").get("/people"))
    browser, _ = head(office)
    page = words(browser.get("/people"))
    assert "Người huyen-01" in page and "Người mttq" not in page
    assert 'href="/people"' in browser.get("/").text


def test_people_stand_in_vietnamese_order(office: Office):
    for login, name in (("h1-a", "Phạm An"), ("h1-b", "Đặng An"), ("h1-c", "Ánh Dương"), ("h1-d", "Ăng Nan")):
        create_account(office.db, login=login, name=name, memberships=[Membership("huyen-01")])
    browser, _ = head(office)
    page = words(browser.get("/people"))
    assert sorted(("Ánh Dương", "Ăng Nan", "Đặng An", "Phạm An"), key=page.index) == ["Ánh Dương", "Ăng Nan", "Đặng An", "Phạm An"]


def test_the_list_is_narrowed_by_words_and_unit_and_stays_so(office: Office):
    browser = office.browser("quan-tri")

    def logins(query: str) -> set[str]:
        page = browser.get(f"/people?{query}")
        found = set(re.findall(r'<th scope="row">[^<]+<br><span class="meta">([a-z0-9-]+)', page.text))
        assert f"{len(found)} trong " in words(page) and "Bỏ lọc" in words(page)
        return found

    assert logins("q=NGUOI+huyen-01") == {"huyen-01"} == logins("unit=huyen-01&q=nguoi")
    assert logins("unit=huyen-02") == {"huyen-02"} and "Không có người nào như vậy." in words(browser.get("/people?q=khong+ai"))
    assert "Bỏ lọc" not in words(browser.get("/people?unit=khong"))  # makes no sense, so asks for nothing
    ends = re.findall(r'action="(/people/\d+/units/huyen-01/end[^"]*)"', browser.get("/people?q=nguoi&unit=huyen-01").text)
    assert len(ends) == 1
    assert browser.post(ends[0].replace("&amp;", "&")).headers["location"] == "/people?q=nguoi&unit=huyen-01&did=member-ended"


def test_somebody_is_added_and_what_is_wrong_stands_at_its_field(office: Office):
    browser, _ = head(office)
    answer = browser.post("/people", login="khong-co", unit="huyen-02", role="officer")
    assert answer.status_code == 422
    assert 'id="m-login-e"' in answer.text and 'id="m-unit-e"' in answer.text and 'value="khong-co"' in answer.text
    assert browser.post("/people", login="nguoi-la", unit="huyen-01", role="officer").headers["location"] == "/people?did=member-added"
    assert "Người nguoi-la" in words(browser.get("/people"))


def test_handing_over_is_previewed_first_and_ends_the_session(office: Office):
    browser, officer = head(office)
    browser.post("/people", login="nguoi-la", unit="huyen-01", role="officer")
    leaving = office.browser("huyen-01")
    fields = {"successor": "nguoi-la", "first_away": "10/06/2024"}
    preview = browser.post(f"/people/{officer}/hand-over", do="preview", **fields)
    assert preview.status_code == 200 and "Sẽ chuyển cho Người nguoi-la" in words(preview)
    assert leaving.get("/").status_code == 200
    wrong = browser.post(f"/people/{officer}/hand-over", do="apply", successor="", first_away="01/01/2020")
    assert wrong.status_code == 422 and 'id="h-successor-e"' in wrong.text and 'id="h-first_away-e"' in wrong.text
    assert browser.post(f"/people/{officer}/hand-over", do="apply", **fields).headers["location"] == "/people?did=handed-over"
    assert leaving.get("/").status_code == 303
    assert "Người huyen-01" not in words(browser.get("/people"))


def test_the_sheet_is_for_those_who_read_the_work(office: Office):
    browser, officer = head(office)
    page = browser.get(f"/people/{officer}/sheet")
    assert page.status_code == 200 and "Phiếu bàn giao" in words(page) and "gop-y" in words(page)
    assert office.browser("huyen-01").get(f"/people/{officer}/sheet").status_code == 200
    for stranger in ("huyen-02", "quan-tri"):
        assert office.browser(stranger).get(f"/people/{officer}/sheet").status_code == 404


def test_a_code_is_asked_about_first_then_shown_once_and_opens(office: Office):
    browser, officer = head(office)
    path = f"/people/{officer}/code"
    assert f'href="{path}"' in browser.get("/people").text
    asked = browser.get(path)
    assert (
        asked.status_code == 200
        and "Chắc chắn người hỏi đúng là Người huyen-01 (huyen-01)" in words(asked)
        and 'class="secret"' not in asked.text
    )
    given = browser.post(path)
    (code,) = re.findall(r'<code class="secret">([A-Z0-9-]{23})</code>', given.text)
    assert "huyen-01" in words(given) and "http://127.0.0.1:8000/password/code" in words(given)
    assert code not in browser.get(path).text
    new = "con trâu đi trước cái cày"
    assert office.browser().post("/password/code", login="huyen-01", code=code, password=new, again=new).status_code == 303
    with office.db.read() as connection:
        bodies = connection.execute(select(journal_entry.c.body).where(journal_entry.c.action == "give-code")).scalars().all()
    assert [(body["account"], body["facts"][0]["account"]) for body in bodies] == [(id_of(office.db, "h1-truong"), int(officer))]


def test_an_administrator_of_a_unit_keeps_its_officers_and_nobody_else(office: Office):
    boss, officer = head(office)
    for login in ("h1-qt", "h1-qt2"):
        create_account(office.db, login=login, name=f"Người {login}")
        assert boss.post("/people", login=login, unit="huyen-01", role="unit-admin").status_code == 303
    keeper = office.browser("h1-qt")
    page = keeper.get("/people")
    assert page.status_code == 200 and "Người huyen-01" in words(page) and "Người mttq" not in words(page)
    assert 'value="head"' not in page.text and 'value="unit-admin"' not in page.text
    ids = {login: id_of(office.db, login) for login in ("h1-truong", "h1-qt", "h1-qt2", "huyen-02")}
    for login in ("h1-truong", "h1-qt2", "h1-qt"):  # above, beside, oneself
        for method, path in (("GET", "code"), ("POST", "code"), ("POST", "units/huyen-01/end")):
            assert keeper.send(method, f"/people/{ids[login]}/{path}", data={"csrf": keeper.csrf()}).status_code == 403, (login, path)
        assert f'href="/people/{ids[login]}/' not in page.text
    assert keeper.post("/people", login="h1-truong", unit="huyen-01", role="officer").status_code == 422  # nor by naming them anew
    foreign, missing = (keeper.get(f"/people/{number}/code") for number in (ids["huyen-02"], 999))
    assert foreign.status_code == missing.status_code == 404 and words(foreign) == words(missing)
    for role in ("head", "unit-admin"):
        refused = keeper.post("/people", login="nguoi-la", unit="huyen-01", role=role)
        assert refused.status_code == 422 and 'id="m-role-e"' in refused.text
    assert keeper.post("/people", login="nguoi-la", unit="huyen-02", role="officer").status_code == 422
    assert keeper.post("/people", login="nguoi-la", unit="huyen-01", role="officer").status_code == 303
    away = {"unit": "huyen-01", "person": officer, "deputy": str(id_of(office.db, "nguoi-la")), "from": "10/06/2024", "to": "12/06/2024"}
    assert keeper.post("/absence", **away).headers["location"] == "/absence?did=deputy-named"
    assert keeper.post(f"/people/{officer}/code").status_code == 200
    assert boss.get(f"/people/{ids['h1-qt']}/code").status_code == 200  # the head stands above


def test_who_works_in_two_units_is_kept_by_the_office(office: Office):
    browser, officer = head(office)
    with office.db.write() as connection:
        connection.execute(membership.insert().values(account_id=int(officer), unit="huyen-02", role="officer"))
    answer = browser.post(f"/people/{officer}/code")
    assert answer.status_code == 403 and "Chỉ lãnh đạo hoặc quản trị của đơn vị" in words(answer)


def test_strangers_are_told_nothing(office: Office):
    browser, _ = head(office)
    for path in ("/people/1/hand-over", "/people/999/hand-over", "/people/999/sheet"):
        assert browser.get(path).status_code == 404
    assert browser.post("/people/1/units/cong-an-tinh/end").status_code == 404
