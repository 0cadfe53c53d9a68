"""Whom a comment names."""

from __future__ import annotations

import pytest

from engine.errors import Invalid
from engine.mentions import MOST, mentioned, names_somebody, written

READERS = {"huyen-01": 1, "Huyen-02": 2, "nguyen.van.an": 3}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@huyen-01 xem giúp", ("huyen-01",)),
        ("Đề nghị @huyen-01, @huyen-02.", ("huyen-01", "huyen-02")),
        ("(@nguyen.van.an) và “@huyen-01”!", ("nguyen.van.an", "huyen-01")),
        ("Gửi về van.thu@tinh.gov.vn trước 16 giờ", ()),
        ("Giá 5 @ 2 đồng, ký tên @", ()),
        ("xuống\n@huyen-01\ndòng", ("huyen-01",)),
    ],
)
def test_a_name_follows_an_at_sign_that_begins_a_word(text: str, found: tuple[str, ...]) -> None:
    assert written(text) == found


def test_who_is_named_twice_in_any_case_hears_once_and_the_writer_not_at_all() -> None:
    assert mentioned("@HUYEN-02 @huyen-02 @huyen-01", ["huyen-02"], READERS, by=1) == (2,)


@pytest.mark.parametrize(("text", "ticked", "field"), [("@huyen-03", [], "text"), ("", ["nguoi-la"], "mentions")])
def test_a_name_that_nobody_who_reads_the_step_has_is_refused_at_its_field(text: str, ticked: list[str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        mentioned(text, ticked, READERS, by=9)
    assert (refused.value.field, refused.value.code) == (field, "mention")


def test_a_name_that_is_nearly_right_is_told_the_right_one() -> None:
    with pytest.raises(Invalid) as refused:
        mentioned("@huyen-o1", [], READERS, by=9)
    assert "@huyen-01" in refused.value.sentence.vi


def test_too_many_are_refused() -> None:
    crowd = {f"a{n}": n for n in range(MOST + 1)}
    with pytest.raises(Invalid) as refused:
        mentioned("", list(crowd), crowd, by=-1)
    assert refused.value.code == "too-many"


@pytest.mark.parametrize(
    ("payload", "does"), [({"text": "không"}, False), ({"text": "@a"}, True), ({"mentions": ["a"]}, True), ({"text": 5}, False)]
)
def test_a_comment_without_an_at_sign_names_nobody(payload: dict[str, object], does: bool) -> None:
    assert names_somebody(payload) is does
