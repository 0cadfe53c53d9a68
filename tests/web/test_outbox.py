"""The outbox page: for the standing agency and administrators; narrowed by its address; one is sent again by hand."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from models.tables import account, message, step
from notifications.hours import OfficeHours
from notifications.render import Site
from services.accounts import id_of
from services.deliver import deliver
from services.expand import expand
from services.sign_ins import open_sign_in
from tasks.duties import deliver_messages, mail_waits
from tests.factories import CALENDAR, at
from tests.services.mailing import Way
from tests.web.office import Office, words
from wiring.mail import mail_rules


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


def test_without_a_server_mail_is_kept_and_later_what_is_still_true_leaves(real_office: Office) -> None:
    with real_office.db.write() as connection:
        connection.execute(update(account).values(address=account.c.login + "@example.vn"))
    for _ in range(2):
        summary = deliver_messages(real_office.context)
        assert (summary.sent, summary.kept, summary.unreachable) == (0, True, "") and summary.waiting > 3
    assert not mail_waits(real_office.context)
    with real_office.db.write() as connection:
        kept = connection.execute(select(message.c.state, message.c.attempts, message.c.sent_at)).all()
        assert {tuple(row) for row in kept} == {("pending", 0, None)} and not (real_office.folder / "mailbox").exists()
    admin = real_office.browser()
    sign_in = open_sign_in(real_office.db, id_of(real_office.db, "quan-tri"), at(real_office.day).system)
    admin.client.cookies.set("dondoc_8000", sign_in, domain="dondoc.test")
    page = words(admin.get("/admin/outbox"))
    assert f"Chưa có máy chủ thư: {len(kept)} thư được giữ lại, chưa đến ai." in page and "Giữ lại, chưa có máy chủ thư" in page
    assert "Chưa có máy chủ thư: đặt DONDOC_SMTP_HOST." in words(admin.post("/admin/outbox/test"))
    with real_office.db.write() as connection:
        done = connection.execute(update(step).where(step.c.slot == "huyen-01", step.c.code == "gop-y").values(status="done")).rowcount
    way = Way()
    deliver(real_office.db, now=at(real_office.day), transport=way, rules=mail_rules(real_office.context.settings, CALENDAR))
    assert done == 1 and len(way.mails) == len(kept) - 1 and "huyen-01@example.vn" not in str([mail["To"] for mail in way.mails])


@pytest.mark.parametrize("login", ["huyen-01", "ban-chi-dao", "giam-sat", "nguoi-la"])
def test_others_are_turned_away(posted: Office, login: str) -> None:
    browser = posted.browser(login)
    assert browser.get("/admin/outbox").status_code == 403
    assert browser.post("/admin/outbox/1/resend").status_code == 403
    assert browser.post("/admin/outbox/test").status_code == 403
