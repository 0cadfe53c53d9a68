"""The outbox page: for the standing agency and administrators; narrowed by its address; one is sent again by hand."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from models.tables import account, message
from notifications.hours import OfficeHours
from notifications.render import Site
from services.expand import expand
from tests.factories import CALENDAR, at
from tests.web.office import Office, words


@pytest.fixture
def posted(office: Office) -> Office:
    """The first step's mail was made; the server refused one."""
    with office.db.write() as connection:
        connection.execute(update(account).values(address=account.c.login + "@example.vn"))
    expand(office.db, now=at(office.day), hours=OfficeHours(CALENDAR), site=Site("http://dondoc.test"))
    with office.db.write() as connection:
        connection.execute(update(message).values(state="refused", reason="550 unknown user"))
    return office


def test_what_went_to_whom_and_why_not(posted: Office) -> None:
    page = words(posted.browser("quan-tri").get("/admin/outbox"))
    assert "thuong-truc@example.vn" in page
    assert "550 unknown user" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("state=refused", True),
        ("state=sent", False),
        ("to=THUONG-truc", True),
        ("to=%25", False),
        ("state=nonsense&page=x", True),
        ("page=9", False),
    ],
)
def test_filters_stand_in_the_address(posted: Office, query: str, shown: bool) -> None:
    answer = posted.browser("thuong-truc").get(f"/admin/outbox?{query}")
    assert answer.status_code == 200
    assert ("thuong-truc@example.vn" in answer.text) == shown


def test_a_refused_one_is_sent_again_once(posted: Office) -> None:
    browser = posted.browser("quan-tri")
    with posted.db.read() as connection:
        id_ = connection.execute(message.select()).mappings().first()["id"]  # type: ignore[index]
    answer = browser.post(f"/admin/outbox/{id_}/resend?next=/admin/outbox%3Fstate%3Drefused")
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/outbox?state=refused&did=resent")
    assert browser.post(f"/admin/outbox/{id_}/resend").status_code == 403  # it waits to be sent
    assert browser.post("/admin/outbox/999999/resend").status_code == 404


def test_trying_the_server_says_what_is_wrong(posted: Office) -> None:
    answer = posted.browser("quan-tri").post("/admin/outbox/test")
    assert answer.status_code == 200
    assert "Không gửi được thư." in words(answer)  # the small mailbox is not running


@pytest.mark.parametrize("login", ["huyen-01", "ban-chi-dao", "giam-sat", "nguoi-la"])
def test_others_are_turned_away(posted: Office, login: str) -> None:
    browser = posted.browser(login)
    assert browser.get("/admin/outbox").status_code == 403
    assert browser.post("/admin/outbox/1/resend").status_code == 403
    assert browser.post("/admin/outbox/test").status_code == 403
