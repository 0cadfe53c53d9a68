"""Vietnamese alphabetical order: Bù Đăng, Bù Đốp, Đồng Phú, Phú Riềng; not the order of code points, which puts Đ behind Z.

The rules are those of CLDR for "vi": ă, â, đ, ê, ô, ơ, ư are letters of their own, tones weigh only between words of the same letters
(level, huyền, hỏi, ngã, sắc, nặng), capitals only between words of the same tones, and a blank comes before every letter.
"""

from __future__ import annotations

from unicodedata import category, normalize

LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = "\N{COMBINING GRAVE ACCENT}\N{COMBINING HOOK ABOVE}\N{COMBINING TILDE}\N{COMBINING ACUTE ACCENT}\N{COMBINING DOT BELOW}"
RANK = {letter: rank for rank, letter in enumerate(LETTERS)}
Key = tuple[tuple[tuple[int, int], ...], tuple[int, ...], tuple[bool, ...]]


def alphabetical(text: str) -> Key:
    """The key by which to sort names: letters, then tones, then capitals."""
    letters: list[tuple[int, int]] = []
    tones: list[int] = []
    capitals: list[bool] = []
    for character in normalize("NFC", "".join(c for c in normalize("NFD", text) if c not in TONES)):
        lower = character.lower()
        letters.append((1, RANK[lower]) if lower in RANK else (2 if category(character).startswith("L") else 0, ord(lower[0])))
        capitals.append(character != lower)
    for character in normalize("NFD", text):
        if character in TONES and tones:
            tones[-1] = TONES.index(character) + 1
        elif not category(character).startswith("M"):
            tones.append(0)
    return tuple(letters), tuple(tones), tuple(capitals)
