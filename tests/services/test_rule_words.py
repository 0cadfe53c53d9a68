"""A date rule in words that need no grammar."""

from __future__ import annotations

import pytest

from engine.dates import parse_rule
from services.queries.rule_words import rule_sentence

ANCHOR = parse_rule("19/08")


@pytest.mark.parametrize(
    ("written", "vi", "en"),
    [
        ("T", "đúng ngày mốc (19/08 hằng năm)", "on the anchor day (19/08 each year)"),
        ("T-60", "60 ngày trước ngày mốc (19/08 hằng năm)", "60 days before the anchor day (19/08 each year)"),
        ("T+10wd", "10 ngày làm việc sau ngày mốc (19/08 hằng năm)", "10 working days after the anchor day (19/08 each year)"),
        ("+7wd", "7 ngày làm việc sau khi mở bước", "7 working days after it opens"),
        ("none", "không hạn", "no due date"),
        ("quarter-end-month/14", "ngày 14 của tháng cuối quý", "day 14 of the last month of the quarter"),
    ],
)
def test_a_rule_is_said_in_words(written: str, vi: str, en: str) -> None:
    said = rule_sentence(parse_rule(written), ANCHOR)
    assert (said.vi, said.en) == (vi, en)


def test_without_an_anchor_the_letter_stands_for_it() -> None:
    assert rule_sentence(parse_rule("T-3"), None).vi == "3 ngày trước ngày mốc (T)"
