"""The page on which one changes one's password."""

import re

from tests.web.office import PASSWORD, Office, words

PAGE = "/preferences/password"
NEW = "con trâu đi trước cái cày"


def test_a_new_password_signs_in_and_the_other_browsers_are_out(office: Office):
    here, there = office.browser(), office.browser()
    for browser in (here, there):
        browser.post("/sign-in", login="co-mat-khau", password=PASSWORD)
    answer = here.post(PAGE, present=PASSWORD, password=NEW, again=NEW)
    assert "Đã đổi mật khẩu; mọi thiết bị khác đã đăng xuất." in words(here.get(answer.headers["location"]))
    assert there.get(PAGE).status_code == 303
    assert office.browser().post("/sign-in", login="co-mat-khau", password=NEW).status_code == 303
    assert office.browser().post("/sign-in", login="co-mat-khau", password=PASSWORD).status_code == 403


def test_what_is_wrong_stands_at_its_field_and_no_password_comes_back(office: Office):
    browser = office.browser()
    browser.post("/sign-in", login="co-mat-khau", password=PASSWORD)
    answer = browser.post(PAGE, present="sai hẳn rồi", password="quá ngắn", again="khác nữa")
    assert answer.status_code == 422
    for field in ("present", "password", "again"):
        assert f'id="w-{field}-e"' in answer.text
    for typed in ("sai hẳn rồi", "quá ngắn", "khác nữa", PASSWORD):
        assert typed not in answer.text
    browser.post("/language", language="en")
    answer = browser.post(PAGE, present=PASSWORD, password="quá ngắn", again="quá ngắn")
    assert "At least 12 characters; a sentence does well." in words(answer)


def test_blanks_at_the_ends_belong_to_it(office: Office):
    browser = office.browser()
    browser.post("/sign-in", login="co-mat-khau", password=PASSWORD)
    assert browser.post(PAGE, present=PASSWORD, password=f" {NEW} ", again=f" {NEW} ").status_code == 303
    assert office.browser().post("/sign-in", login="co-mat-khau", password=NEW).status_code == 403
    assert office.browser().post("/sign-in", login="co-mat-khau", password=f" {NEW} ").status_code == 303
    api = office.browser().send("POST", "/api/v1/session", json={"login": "co-mat-khau", "password": f" {NEW} "})
    assert api.status_code == 200


def test_a_password_manager_fills_it_in(office: Office):
    browser = office.browser()
    fields = re.findall(r'<input[^>]*name="password"[^>]*>', browser.get("/sign-in").text)
    browser.post("/sign-in", login="co-mat-khau", password=PASSWORD)
    fields += re.findall(r'<input[^>]*name="(?:present|password|again)"[^>]*>', browser.get(PAGE).text)
    wanted = ["current-password", "current-password", "new-password", "new-password"]
    assert [re.findall(r'autocomplete="([^"]*)"', field) for field in fields] == [[word] for word in wanted]
    assert all('type="password"' in field and "maxlength" not in field and "onpaste" not in field for field in fields)


def test_who_signs_in_by_a_click_is_told_that_there_is_none(office: Office):
    page = office.browser("huyen-01").get(PAGE)
    assert "Tài khoản này không đăng nhập bằng mật khẩu." in words(page) and 'name="present"' not in page.text
    assert office.browser("huyen-01").post(PAGE, present="", password=NEW, again=NEW).status_code == 404
