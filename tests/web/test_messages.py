"""Why did I get this, and why did I not."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from models.tables import account, message
from notifications.hours import OfficeHours
from notifications.render import Site
from services.expand import expand
from tests.factories import CALENDAR, OFFICER, at
from tests.web.office import Office, words


@pytest.fixture
def posted(office: Office) -> Office:
    """Everybody was told what was assigned to them."""
    with office.db.write() as connection:
        connection.execute(update(account).values(address=account.c.login + "@example.vn"))
    expand(office.db, now=at(office.day), hours=OfficeHours(CALENDAR), site=Site("http://dondoc.test"))
    return office


def message_of(office: Office, login: str) -> int:
    query = select(message.c.id).join(account, account.c.id == message.c.account_id).where(account.c.login == login)
    with office.db.read() as connection:
        return int(connection.execute(query).scalars().one())


def test_ones_own_message_says_why(posted: Office) -> None:
    page = words(posted.browser("huyen-01").get(f"/messages/{message_of(posted, 'huyen-01')}"))
    assert "là đầu mối của huyen-01, đơn vị chủ trì" in page
    assert "Chưa gửi lần nào." in page


def test_somebody_elses_does_not_exist_but_for_the_standing_agency(posted: Office) -> None:
    id_ = message_of(posted, "huyen-01")
    assert posted.browser("thuong-truc").get(f"/messages/{id_}").status_code == 200
    for login in ("huyen-02", "giam-sat", "quan-tri"):
        assert posted.browser(login).get(f"/messages/{id_}").status_code == 404


def test_a_step_tells_its_reader_what_came_and_others_why_nothing_did(posted: Office) -> None:
    step = posted.step_id("gop-y", "huyen-01")
    own = posted.browser("huyen-01").get(f"/steps/{step}/messages")
    assert f'href="/messages/{message_of(posted, "huyen-01")}"' in own.text  # a notice about the whole fan-out
    posted.plan.day = posted.day
    posted.plan.act(OFFICER, "chase", "gop-y", "huyen-01")
    assert "chưa đến giờ gửi" in words(posted.browser("huyen-01").get(f"/steps/{step}/messages"))
    expand(posted.db, now=at(posted.day), hours=OfficeHours(CALENDAR), site=Site("http://dondoc.test"))
    assert "Chờ gửi" in words(posted.browser("huyen-01").get(f"/steps/{step}/messages"))
    assert "bạn không thuộc những người được báo" in words(posted.browser("thuong-truc").get(f"/steps/{step}/messages"))
