"""Search does not ask for accents: every letter of the alphabet with every tone folds to its plain letter."""

import pytest

from engine.vietnamese import fold, slug, words_of

LETTERS = {
    "a": "aàảãáạăằẳẵắặâầẩẫấậ", "d": "dđ", "e": "eèẻẽéẹêềểễếệ", "i": "iìỉĩíị", "o": "oòỏõóọôồổỗốộơờởỡớợ", "u": "uùủũúụưừửữứự", "y": "yỳỷỹýỵ",
}  # fmt: skip


@pytest.mark.parametrize(("plain", "letters"), LETTERS.items())
def test_every_letter_folds_to_its_plain_one(plain: str, letters: str):
    assert fold(letters) == fold(letters.upper()) == plain * len(letters)


def test_blanks_of_any_kind_count_as_one():
    assert fold(" Lộc\u00a0Ninh\n huyện ") == "loc ninh huyen"


def test_a_word_is_looked_for_once():
    assert words_of("Bù Đốp bu dop Đốp") == ("bu", "dop")


def test_a_code_made_of_a_name():
    assert slug("  UBND huyện Bù Đốp (cũ)") == "ubnd-huyen-bu-dop-cu"
