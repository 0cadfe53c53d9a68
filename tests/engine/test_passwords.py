"""What makes a password a bad one: short, common, one's own name, repeating. Nothing else does."""

import unicodedata

import pytest

from engine.passwords import LONGEST, normal, wrong_password

COMMON = {"password", "matkhau", "qwerty123456"}


def wrong(password: str) -> str:
    found = wrong_password(password, login="loc-ninh", name="Nguyễn Văn An", common=COMMON)
    return found.vi.split()[0] if found else ""


@pytest.mark.parametrize(
    ("password", "because"),
    [
        ("mười một ký", "Ít"),
        ("mười hai kýt", ""),
        ("chỉ chữ thường thôi", ""),
        ("con trâu đi trước cái cày", ""),
        ("a" * 30, "Chỉ"),
        ("121212121212", "Chỉ"),
        ("123456789012", "Chỉ"),
        ("987654321098", "Chỉ"),
        ("abcdefghijklm", "Chỉ"),
        ("qwerty123456", "Mật"),
        ("Password2024!", "Mật"),
        ("Mật Khẩu 123456", "Mật"),
        ("loc-ninh 20240815", "Không"),
        ("LOC-NINH của tôi", "Không"),
        ("nguyen van an 1985", "Không"),
        ("x1y2z3" * 42, ""),
        ("x1y2z3" * 43, "Không"),
        ("mười hai\x00 ký tự", "Có"),
    ],
)
def test_what_may_be_chosen(password: str, because: str):
    assert wrong(password) == because
    assert LONGEST == 256


def test_a_short_name_gives_nothing_away():
    assert wrong_password("an toàn là bạn của mọi nhà", login="an", name="An", common=COMMON) is None


def test_however_the_keyboard_writes_it_it_is_the_same():
    composed, apart = "mật khẩu của tôi", unicodedata.normalize("NFD", "mật khẩu của tôi")
    assert composed != apart and normal(composed) == normal(apart)


def test_otherwise_it_is_taken_as_it_was_typed():
    for typed in ("Mật Khẩu Của Tôi", "  hai  đầu có   dấu cách ", "x1y2z3" * 60, "<b>'\";--"):
        assert normal(typed) == typed
