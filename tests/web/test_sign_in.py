"""Signing in by a click in the demonstration, by name and password anywhere; sessions live on the server."""

from datetime import timedelta

from engine.instants import Now
from engine.sessions import SessionLimits
from services.sign_ins import open_sign_in, signed_in
from tests.factories import at
from tests.web.office import DAY, PASSWORD, Office, words

IDLE, LONGEST = SessionLimits().idle, SessionLimits().longest


def test_the_demonstration_offers_an_account_of_each_group(office: Office):
    page = office.browser().get("/sign-in")
    assert page.status_code == 200
    for title in ("Cơ quan thường trực", "Giám sát", "Quản trị", "Người huyen-01"):
        assert title in words(page)


def test_a_click_signs_in_and_goes_where_one_wanted(office: Office):
    browser = office.browser()
    answer = browser.post("/sign-in", account="huyen-01", next="/steps/3")
    assert answer.headers["location"] == "/steps/3"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Secure" not in cookie
    assert browser.get("/api/v1/session").json()["units"] == ["huyen-01"]


def test_nobody_is_sent_to_another_site(office: Office):
    for there in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""):
        answer = office.browser().post("/sign-in", account="huyen-01", next=there)
        assert answer.headers["location"] == "/"


def test_a_password_signs_in_and_a_wrong_one_says_as_little_as_a_wrong_name(office: Office):
    assert office.browser().post("/sign-in", login="co-mat-khau", password=PASSWORD).status_code == 303
    wrong = [
        office.browser().post("/sign-in", login=login, password=given)
        for login, given in (("co-mat-khau", "sai"), ("khong-co", PASSWORD), ("huyen-01", ""))
    ]
    assert {answer.status_code for answer in wrong} == {403}
    assert all("Tên đăng nhập hoặc mật khẩu không đúng." in words(answer) for answer in wrong)
    assert 'value="co-mat-khau"' in wrong[0].text
    assert "sai" not in wrong[0].text.split("<main", 1)[1].split('id="password"')[1][:200]


def test_where_the_clock_is_real_nobody_signs_in_with_a_click(real_office: Office):
    browser = real_office.browser()
    assert "Tài khoản trình diễn" not in browser.get("/sign-in").text
    assert browser.post("/sign-in", account="thuong-truc").status_code == 403


def test_signing_out_ends_the_session_on_the_server(office: Office):
    browser = office.browser("huyen-01")
    token = browser.client.cookies["dondoc_8000"]
    assert browser.post("/sign-out").headers["location"] == "/sign-in?did=signed-out"
    assert signed_in(office.db, token, at(DAY)) is None
    assert "Bạn đã đăng xuất." in words(browser.get("/sign-in?did=signed-out"))


def test_a_session_ends_when_idle_and_in_any_case_after_a_week(office: Office):
    start = at(DAY).system
    token = open_sign_in(office.db, 1, start)
    assert signed_in(office.db, token, Now(at(DAY).business, start + IDLE)) is not None
    assert signed_in(office.db, token, Now(at(DAY).business, start + 2 * IDLE + timedelta(minutes=1))) is None
    token = open_sign_in(office.db, 1, start)
    instant = start
    while instant < start + LONGEST:
        assert signed_in(office.db, token, Now(at(DAY).business, instant)) is not None
        instant += IDLE / 2
    assert signed_in(office.db, token, Now(at(DAY).business, start + LONGEST + timedelta(seconds=1))) is None


def test_the_token_is_not_stored(office: Office):
    token = open_sign_in(office.db, 1, at(DAY).system)
    with office.db.read() as connection:
        stored = connection.exec_driver_sql("SELECT token_hash FROM sign_in").scalars().all()
    assert stored and token not in stored
    assert len(token) >= 43 and token != open_sign_in(office.db, 1, at(DAY).system), "256 bits by chance"


def test_the_language_is_kept_with_the_account(office: Office):
    browser = office.browser("huyen-01")
    assert browser.post("/language", language="en", next="/sign-in").status_code == 303
    assert browser.get("/api/v1/session").json()["language"] == "en"
    assert browser.post("/language", language="xx").status_code == 404


def test_a_visitor_reads_in_the_language_they_chose(office: Office):
    visitor = office.browser()
    visitor.post("/language", language="en", next="/sign-in")
    page = visitor.get("/sign-in")
    assert '<html lang="en">' in page.text and "Sign in" in words(page)
