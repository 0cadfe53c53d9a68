"""The page of webhooks: a secret shown once, what is wrong beside its field, trying, removing; for the office alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import select, update

from models.database import Database
from models.tables import journal_entry, webhook, webhook_message
from notifications.webhook_kinds import EVENT_GROUPS, EVENTS
from tests.notifications.http_double import HttpDouble
from tests.web.office import Office, words
from wiring.settings import Settings
from wiring.webhooks import webhook_way

HOME = "/admin/webhooks"
METADATA = "https://169.254.169.254/latest/meta-data/"


@pytest.fixture
def open_office(sqlite: Database, tmp_path: Path):
    """An office whose settings allow webhooks to loopback over http."""
    made = Office(sqlite, tmp_path)
    settings = Settings(_env_file=None, data=tmp_path, webhook_http=True, webhook_networks="127.0.0.0/8")
    object.__setattr__(made.context, "settings", settings)
    yield made
    made.close()


def heard(office: Office) -> list[tuple[list[str], str, str]]:
    """What each webhook hears, with what makes its secret, and where it is."""
    with office.db.read() as connection:
        return [tuple(row) for row in connection.execute(select(webhook.c.kinds, webhook.c.salt, webhook.c.url))]


def stored(office: Office) -> list[str]:
    with office.db.read() as connection:
        return list(connection.execute(select(webhook.c.name)).scalars())


def test_a_webhook_to_a_clouds_credentials_is_refused_beside_its_field_and_nothing_is_saved(office: Office) -> None:
    browser = office.browser("quan-tri")
    answer = browser.post(HOME, name="Trục", url=METADATA, kinds=["step.overdue", "step.approved"])
    assert answer.status_code == 422
    field = re.search(r'<div class="field is-bad"><label for="webhook-url">.*?</div>', answer.text, re.S)
    assert field and "169.254.169.254" in field[0] and 'aria-invalid="true"' in field[0]
    assert METADATA in answer.text and 'value="Trục"' in answer.text  # what was typed comes back
    assert answer.text.count(" checked") == 2 and answer.text.count('<details class="event-group" open>') == 2  # what was ticked
    assert stored(office) == []


def test_everything_wrong_is_said_at_once(office: Office) -> None:
    answer = office.browser("quan-tri").post(HOME, name="", url="http://example.vn/")
    page = words(answer)
    assert all(said in page for said in ("Ghi tên", "Chỉ nhận https", "Chọn ít nhất một loại sự kiện"))


def test_every_event_can_be_chosen_in_its_group_and_what_is_chosen_is_counted(office: Office) -> None:
    answer = office.browser("quan-tri").post(HOME, name="Trục", groups="figures", kinds=["step.overdue", "khong-co"])
    assert set(re.findall(r'name="kinds" value="([^"]+)"', answer.text)) == EVENTS.keys()
    assert re.findall(r'name="groups" value="([^"]+)"', answer.text) == [group.code for group in EVENT_GROUPS]
    assert answer.status_code == 422 and "khong-co" in answer.text
    deadlines, figures = (next(group for group in EVENT_GROUPS if group.code == code) for code in ("deadlines", "figures"))
    page = words(answer)
    assert f"{deadlines.title.vi} đã chọn 1/{len(deadlines.events)}" in page
    assert f"{figures.title.vi} đã chọn {len(figures.events)}/{len(figures.events)}" in page  # a whole group comes back as its events
    assert answer.text.count(" checked") == 1 + len(figures.events)


def test_what_a_webhook_hears_is_chosen_anew_and_its_secret_stays(open_office: Office) -> None:
    browser = open_office.browser("thuong-truc")
    with HttpDouble() as there:
        browser.post(HOME, name="Trục", url=there.url, kinds="step.overdue")
        before = heard(open_office)
        form = browser.get(f"{HOME}?change=1").text
        assert f'action="{HOME}/1/events"' in form and form.count(" checked") == 1
        refused = browser.post(f"{HOME}/1/events", kinds=["step.approved", "khong-co"])
        assert refused.status_code == 422 and heard(open_office) == before
        assert re.search(r'value="step.approved" checked', refused.text) and f'action="{HOME}/1/events"' in refused.text
        assert browser.post(f"{HOME}/1/events").status_code == 422
        assert browser.post(f"{HOME}/1/events", kinds="step.approved", groups="figures").status_code == 303
    ((_, salt, _),), ((kinds, same, url),) = before, heard(open_office)
    assert kinds == ["step.approved", "step.consolidated", "step.sources-corrected"]
    assert (salt, url) == (same, there.url)
    assert "Số liệu (cả nhóm)" in words(browser.get(HOME))
    assert browser.post(f"{HOME}/9/events", kinds="step.approved").status_code == 404


def test_the_secret_is_shown_once(open_office: Office) -> None:
    browser = open_office.browser("quan-tri")
    with HttpDouble() as there:
        answer = browser.post(HOME, name="Trục", url=there.url + "?key=abc", kinds="step.overdue")
    (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]+", answer.text)
    assert answer.status_code == 200 and stored(open_office) == ["Trục"]
    again = browser.get(HOME).text
    assert secret not in again and "Trục" in again and "key=abc" not in again
    with open_office.db.read() as connection:
        added = [e.account_id for e in connection.execute(select(journal_entry).where(journal_entry.c.action == "add-webhook"))]
    assert len(added) == 1


def test_trying_says_what_came_of_it(open_office: Office) -> None:
    browser = open_office.browser("thuong-truc")
    with HttpDouble(["200 OK", "500 Oh"]) as there:
        browser.post(HOME, name="Trục", url=there.url, kinds="step.overdue")
        assert "Bên nhận đã nhận" in words(browser.post(f"{HOME}/1/test"))
        bad = words(browser.post(f"{HOME}/1/test"))
    assert "Bên nhận chưa nhận" in bad and "500 no thanks" in bad
    assert len(there.taken) == 2


def test_a_refused_event_is_sent_again_by_hand(open_office: Office) -> None:
    browser = open_office.browser("thuong-truc")
    with HttpDouble() as there:
        browser.post(HOME, name="Trục", url=there.url, kinds="step.overdue")
    with open_office.db.write() as connection:
        now = open_office.context.now()
        row = {"key": "k", "webhook_id": 1, "kind": "step.overdue", "data": {"id": "a", "subject": "steps/1"}, "reason": "404 no"}
        times = {"business_at": now.business, "created_at": now.system, "next_try_at": now.system}
        connection.execute(webhook_message.insert().values(**row, **times, state="refused", attempts=1, lost=0))
    assert "404 no" in words(browser.get(f"{HOME}?state=refused"))
    assert browser.post(f"{HOME}/events/1/resend").status_code == 303
    assert browser.post(f"{HOME}/events/1/resend").status_code == 403
    with open_office.db.write() as connection:
        assert connection.execute(select(webhook_message.c.state)).scalar_one() == "pending"
        connection.execute(update(webhook_message).values(state="sent"))
    assert browser.post(f"{HOME}/1/remove").status_code == 303
    assert browser.post(f"{HOME}/1/remove").status_code == 404
    assert "Chưa có webhook nào" in words(browser.get(HOME))


@pytest.mark.parametrize("login", ["huyen-01", "ban-chi-dao", "giam-sat", "nguoi-la"])
def test_others_are_turned_away(office: Office, login: str) -> None:
    browser = office.browser(login)
    assert browser.get(HOME).status_code == 403
    for path in ("", "/1/test", "/1/events", "/1/remove", "/events/1/resend"):
        assert browser.post(HOME + path, name="x").status_code == 403


def test_a_form_without_its_token_adds_nothing(office: Office) -> None:
    assert office.browser("quan-tri").post(HOME, csrf="", name="x").status_code == 403


def test_the_key_is_the_installations_own(tmp_path: Path) -> None:
    one, other = (webhook_way(Settings(_env_file=None, data=tmp_path / name)) for name in "ab")
    assert one.master != other.master and one.master not in repr(one)
