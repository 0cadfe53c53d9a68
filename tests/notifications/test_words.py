"""Dates, plurals, rungs and lateness as people say them."""

from datetime import date

import pytest

from engine.instants import at_local
from engine.ladder import APPROVAL_LADDER, DUE_LADDER, Due
from notifications import words
from tests.notifications.examples import item


def test_dates():
    assert words.day_text(date(2024, 7, 2), "vi") == "02/07/2024"
    assert words.day_text(date(2024, 7, 22), "vi", weekday=True) == "22/07/2024 (thứ Hai)"
    assert words.day_text(date(2024, 7, 22), "en", weekday=True) == "Mon 22 Jul 2024"


@pytest.mark.parametrize(
    ("days", "vi", "en"),
    [
        (-41, "Quá hạn 41 ngày", "41 days late"),
        (-1, "Quá hạn 1 ngày", "1 day late"),
        (0, "Hôm nay đến hạn", "Due today"),
        (1, "Còn 1 ngày", "1 day left"),
        (3, "Còn 3 ngày", "3 days left"),
    ],
)
def test_lateness(days, vi, en):
    assert (words.lateness(days, "vi"), words.lateness(days, "en")) == (vi, en)


@pytest.mark.parametrize(
    ("key", "vi", "en"),
    [
        ("D-7", "7 ngày làm việc trước hạn", "7 working days before the due day"),
        ("D-1", "1 ngày làm việc trước hạn", "1 working day before the due day"),
        ("D", "đúng ngày đến hạn", "on the due day"),
        ("D+3-head", "3 ngày làm việc sau hạn", "3 working days after the due day"),
        ("D+7/2", "7 ngày làm việc sau hạn, nhắc lại lần 2", "7 working days after the due day, repeat 2"),
        ("D+30d-committee", "30 ngày sau hạn", "30 days after the due day"),
        ("A", "đúng ngày hạn xác nhận", "on the day for confirming"),
        ("A+3/1", "3 ngày làm việc sau hạn xác nhận, nhắc lại lần 1", "3 working days after the day for confirming, repeat 1"),
    ],
)
def test_rungs(key, vi, en):
    assert (words.rung_text(key, "vi"), words.rung_text(key, "en")) == (vi, en)


def test_every_rung_of_the_ladders_can_be_said():
    keys = [Due(at_local(date(2024, 7, 1), 7), rung, number).key for rung in (*DUE_LADDER, *APPROVAL_LADDER) for number in (0, 2)]
    assert not [key for key in keys if words.rung_text(key, "vi") == key]


def test_a_digest_counts_what_it_holds():
    items = [
        item("overdue"),
        item("overdue"),
        item("due-soon", days=1),
        item("approval-due"),
        item("escalation", proposed=True),
        item("approved"),
    ]
    assert words.parts(items, "vi") == ["2 việc quá hạn", "1 việc sắp đến hạn", "2 việc chờ quyết định", "1 tin khác"]
    assert words.parts(items, "en") == ["2 overdue", "1 due soon", "2 to decide", "1 other item"]


def test_news_alone_are_not_called_other():
    assert words.parts([item("approved")], "vi") == ["1 tin mới"]
    assert words.parts([item("approved"), item("commented")], "en") == ["2 updates"]


@pytest.mark.parametrize(("days", "section"), [(-3, "late"), (0, "soon"), (2, "soon")])
@pytest.mark.parametrize("kind", ["due-soon", "overdue", "escalation"])
def test_a_reminder_stands_where_its_days_put_it_whichever_rung_it_was(kind, days, section):
    assert words.section(item(kind, days=days)) == section


def test_reasons_are_words_and_an_answer_of_a_server_stays_as_it_came():
    assert words.reason_text("status:submitted", "vi") == "bước nay đã “Chờ xác nhận”"
    assert words.reason_text("550 no such user", "vi") == "550 no such user"
