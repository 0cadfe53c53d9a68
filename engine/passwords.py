"""Which passwords may be chosen: long ones that nobody guesses. No rule of capitals and digits: those make people predictable.

Source: NIST SP 800-63B, section 3.1.1 (length, a list of common ones, context words; no composition rules, no forced change).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from itertools import pairwise

from engine.definition import Text
from engine.vietnamese import fold

SHORTEST = 12
LONGEST = 256  # characters; a longer one is a mistake, or meant to keep the server busy
FEWEST = 5  # different characters
TELLING = 4  # letters of a name from which on it gives a password away


def normal(password: str) -> str:
    """``password`` as it is hashed: keyboards write ``ế`` as one character or as three, which must not matter."""
    return unicodedata.normalize("NFKC", password)


def wrong_password(password: str, *, login: str, name: str, common: Collection[str]) -> Text | None:
    """What is wrong with a new password of who signs in as ``login``; None if nothing.

    ``common``: those that are tried first, folded; a password is one of them whole, or by its letters alone.
    """
    password = normal(password)
    if len(password) < SHORTEST:
        return Text(f"Ít nhất {SHORTEST} ký tự; một câu dài dễ nhớ là tốt.", f"At least {SHORTEST} characters; a sentence does well.")
    if len(password) > LONGEST:
        return Text(f"Không quá {LONGEST} ký tự.", f"No more than {LONGEST} characters.")
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in password):
        return Text("Có ký tự điều khiển.", "It holds control characters.")
    folded = fold(password).replace(" ", "")
    if len(set(folded)) < FEWEST or _counts(folded):
        return Text("Chỉ lặp lại hoặc đếm tiếp vài ký tự, dễ đoán.", "It only repeats or counts on, which is easily guessed.")
    if any(len(part) >= TELLING and part in folded for part in (_plain(login), _plain(name))):
        return Text("Không chứa tên đăng nhập hoặc họ tên của bạn.", "Not with your sign-in name or your name in it.")
    if folded in common or re.sub("[^a-z]", "", folded) in common:
        return Text("Mật khẩu này quá phổ biến, kẻ xấu thử trước tiên.", "This password is too common: it is among the first to be tried.")
    return None


def _plain(text: str) -> str:
    return fold(text).replace(" ", "")


def _counts(text: str) -> bool:
    """Whether each character follows the one before, up or down: 123456789012, abcdefghijkl."""
    steps = {(ord(after) - ord(before)) for before, after in pairwise(text)}
    return steps <= {1, -9} or steps <= {-1, 9}
