"""A first visit: three sentences by what somebody is here for, until they put them away or act."""

import re

import pytest

from engine.access import Membership
from services.accounts import create_account
from tests.web.office import Office, words

HEADING = "Lần đầu ở đây?"


@pytest.mark.parametrize(
    ("login", "says"),
    [
        ("huyen-01", "Trang này gom mọi việc đơn vị bạn phải làm"),
        ("lanh-dao", "Nhóm “Chờ tôi duyệt” là việc đang đợi bạn"),
        ("thuong-truc", "những gì các đơn vị chờ trả lời"),
        ("giam-sat", "mỗi con số là một liên kết"),
        ("kiem-tra", "Nhật ký chỉ ghi thêm"),
        ("quan-tri", "Bắt đầu bằng việc mời người dùng"),
    ],
)
def test_each_group_reads_its_own_three_sentences(office: Office, login: str, says: str):
    create_account(office.db, login="lanh-dao", name="Lãnh đạo", memberships=[Membership("huyen-02", "head")])
    create_account(office.db, login="kiem-tra", name="Kiểm tra", roles=("auditor",))
    browser = office.browser(login)
    page = browser.get("/")
    intro = re.search(r'<section class="panel intro.*?</section>', page.text, re.S)
    assert intro and intro[0].count("<li>") == 3 and says in words(page)
    links = re.findall(r'href="([^"]+)"', intro[0])
    assert [browser.get(link).status_code for link in links] == [200] * len(links)  # nobody is sent where they may not go


def test_it_is_put_away_for_good_in_every_browser_and_for_oneself_alone(office: Office):
    browser = office.browser("huyen-01")
    assert browser.post("/introduction").headers["location"] == "/?did=introduced"
    assert browser.post("/introduction").status_code == 303
    assert HEADING not in words(office.browser("huyen-01").get("/"))
    assert HEADING in words(office.browser("huyen-02").get("/"))


def test_who_has_acted_needs_none(office: Office):
    browser = office.browser("huyen-01")
    assert HEADING in words(browser.get("/"))
    browser.act(office.step_id("gop-y", "huyen-01"), "accept")
    assert HEADING not in words(browser.get("/"))


def test_who_has_neither_role_nor_unit_is_told_nothing(office: Office):
    assert HEADING not in words(office.browser("nguoi-la").get("/"))
