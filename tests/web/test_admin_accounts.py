"""The page of accounts: for administrators; inviting, a code shown once, switching off, signing out everywhere."""

from __future__ import annotations

import re

from sqlalchemy import select

from models.tables import account
from services.accounts import create_account
from tests.web.office import PASSWORD, Browser, Office, words

PAGE = "/admin/accounts"
NEW = "con trâu đi trước cái cày"


def id_of(office: Office, login: str) -> int:
    with office.db.read() as connection:
        return int(connection.execute(select(account.c.id).where(account.c.login == login)).scalar_one())


def code_in(browser: Browser, path: str) -> str:
    answer = browser.post(path)
    found = re.search(r'<code class="secret">([A-Z2-9-]{23})</code>', answer.text)
    assert answer.status_code == 200 and found
    return found[1]


def test_it_is_for_administrators(office: Office):
    assert office.browser("thuong-truc").get(PAGE).status_code == 403
    page = office.browser("quan-tri").get(PAGE)
    assert "Người huyen-01" in words(page) and "Tài khoản" in words(office.browser("quan-tri").get("/"))


def test_the_list_is_narrowed_by_words_unit_and_state_and_stays_so(office: Office):
    browser = office.browser("quan-tri")
    for login, name in (("p", "Phạm An"), ("d", "Đặng An"), ("n", "Ăng Nan")):
        create_account(office.db, login=login, name=name)
    page = words(browser.get(PAGE))
    assert sorted(("Ăng Nan", "Đặng An", "Người mttq", "Phạm An"), key=page.index) == ["Ăng Nan", "Đặng An", "Người mttq", "Phạm An"]
    everyone = len(re.findall(r'<tr><th scope="row">', browser.get(PAGE).text))

    def logins(query: str) -> set[str]:
        page = browser.get(f"{PAGE}?{query}")
        found = set(re.findall(r'<span class="meta anywhere">([a-z0-9-]+)', page.text))
        assert f"{len(found)} trong {everyone} người" in words(page) and "Bỏ lọc" in words(page)
        return found

    assert logins("q=NGUOI+huyen-01") == {"huyen-01"} == logins("unit=huyen-01&state=no-password&q=nguoi")
    assert logins("unit=huyen-02") == {"huyen-02"} and "Không có tài khoản nào như vậy." in words(browser.get(f"{PAGE}?q=khong+ai"))
    assert "Bỏ lọc" not in words(browser.get(f"{PAGE}?unit=khong&state=la"))  # makes no sense, so asks for nothing
    action = f"{PAGE}/{id_of(office, 'huyen-01')}/sign-out?q=nguoi&unit=huyen-01"
    acts = re.findall(rf'action="({PAGE}/\d+/[^"]+)"', browser.get(f"{PAGE}?q=nguoi&unit=huyen-01").text)
    assert action.replace("&", "&amp;") in acts and not [act for act in acts if not act.endswith("?q=nguoi&amp;unit=huyen-01")]
    assert browser.post(action).headers["location"] == f"{PAGE}?q=nguoi&unit=huyen-01&did=account-signed-out"
    assert logins("state=disabled") == set()


def test_somebody_is_invited_by_mail(office: Office):
    browser = office.browser("quan-tri")
    answer = browser.post(PAGE, login="moi", name="Người mới", address="moi@example.vn", unit="huyen-01", role="officer", roles="auditor")
    assert "Thư mời đang được gửi đi." in words(browser.get(answer.headers["location"]))
    page = words(browser.get(PAGE))
    assert "moi@example.vn" in page and "Đã mời, chưa đặt mật khẩu" in page


def test_where_no_mail_is_sent_a_code_is_shown_once_and_works(real_office: Office):
    visitor = real_office.browser()
    with real_office.db.write() as connection:
        connection.execute(account.update().where(account.c.login == "co-mat-khau").values(roles=["administrator"]))
    visitor.post("/sign-in", login="co-mat-khau", password=PASSWORD)
    answer = visitor.post(PAGE, login="moi", name="Người mới", address="moi@example.vn")
    found = re.search(r'<code class="secret">([A-Z2-9-]{23})</code>', answer.text)
    assert found and found[1] not in visitor.get(PAGE).text
    person = real_office.browser()
    assert person.post("/password/code", login="moi", code=found[1], password=NEW, again=NEW).status_code == 303
    assert person.post("/sign-in", login="moi", password=NEW).status_code == 303


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_comes_back(office: Office):
    browser = office.browser("quan-tri")
    answer = browser.post(PAGE, login="huyen-01", name="Tên đã gõ", roles="auditor", unit="huyen-02", role="head")
    assert answer.status_code == 422 and 'id="a-login-e"' in answer.text
    assert 'value="Tên đã gõ"' in answer.text and 'value="auditor" checked' in answer.text
    assert 'value="huyen-02" selected' in answer.text


def test_a_code_for_somebody_who_forgot(office: Office):
    code = code_in(office.browser("quan-tri"), f"{PAGE}/{id_of(office, 'co-mat-khau')}/code")
    form = {"login": "co-mat-khau", "code": code, "password": NEW, "again": NEW}
    assert office.browser().post("/password/code", **form).status_code == 303
    assert office.browser().post("/sign-in", login="co-mat-khau", password=NEW).status_code == 303


def test_switched_off_signed_out_and_on_again(office: Office):
    person, browser, number = office.browser("huyen-01"), office.browser("quan-tri"), id_of(office, "huyen-01")
    assert browser.post(f"{PAGE}/{number}/sign-out").headers["location"] == f"{PAGE}?did=account-signed-out"
    assert person.get("/").status_code == 303
    assert browser.post(f"{PAGE}/{number}/disable").status_code == 303
    assert "Đã khóa" in words(browser.get(PAGE))
    assert office.browser().post("/sign-in", account="huyen-01").status_code == 403
    assert browser.post(f"{PAGE}/{number}/enable").status_code == 303
    assert office.browser().post("/sign-in", account="huyen-01").status_code == 303
    own = browser.post(f"{PAGE}/{id_of(office, 'quan-tri')}/disable")
    assert own.status_code == 403 and "Không tự khóa tài khoản của mình." in words(own)
    assert browser.post(f"{PAGE}/999/disable").status_code == 404
