"""Vietnamese alphabetical order beside the one that CLDR's rules for "vi" give; the tables were written from those rules by hand."""

from __future__ import annotations

import random
from unicodedata import normalize

import pytest

from engine.alphabet import alphabetical

TABLES = {
    "letters": "a ă â b c d đ e ê f g h i j k l m n o ô ơ p q r s t u ư v w x y z",
    "tones": "ma mà mả mã má mạ mă mằ mẳ mẵ mắ mặ mâ mầ mẩ mẫ mấ mậ",
    "a tone weighs less than any letter": "ta tá tan tán tạp tha",
    "capitals": "an An án Án ăn Ăn đa Đa",
    "đ": "da dạ dy đa đá e",
    "o": "o ò ỏ õ ó ọ oa ô ồ ổ ỗ ố ộ ơ ờ ở ỡ ớ ợ",
    "u": "u ù ủ ũ ú ụ ua ư ừ ử ữ ứ ự v",
}
DISTRICTS = (
    "Bình Long", "Bù Đăng", "Bù Đốp", "Bù Gia Mập", "Chơn Thành", "Đồng Phú", "Đồng Xoài", "Hớn Quản", "Lộc Ninh",
    "Phú Riềng", "Phước Long",
)  # fmt: skip
PEOPLE = (
    "Bùi Văn Á",
    "Bùi Văn Ân",
    "Đặng Thị Hoà",
    "Đinh Ất",
    "Lê A",
    "Lê Ă",
    "Lê Â",
    "Lý",
    "Ngô Đức",
    "Nguyễn An",
    "Nguyễn Ánh",
    "Ông",
    "Ưng",
)


@pytest.mark.parametrize("expected", [*(t.split() for t in TABLES.values()), list(PEOPLE)], ids=[*TABLES, "people"])
def test_the_order_is_the_one_of_the_rules(expected: list[str]):
    shuffled = expected[:]
    random.Random(29).shuffle(shuffled)
    assert sorted(shuffled, key=alphabetical) == expected


def test_districts_stand_as_people_look_for_them():
    found = sorted(DISTRICTS, key=alphabetical)
    assert found.index("Đồng Phú") < found.index("Phú Riềng")
    assert found == list(DISTRICTS) != sorted(DISTRICTS)


def test_composed_and_decomposed_text_sort_alike():
    for name in (*DISTRICTS, *PEOPLE, "2 đơn vị", "số 1/KH"):
        assert alphabetical(normalize("NFD", name)) == alphabetical(normalize("NFC", name))


def test_digits_and_blanks_come_before_letters():
    assert sorted(["Xã B", "Xã 10", "Xãm", "Xã"], key=alphabetical) == ["Xã", "Xã 10", "Xã B", "Xãm"]
