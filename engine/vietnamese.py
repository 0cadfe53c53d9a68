"""Vietnamese text as people search it: without case, without accents, đ as d.

Source: users type "loc ninh" and mean Lộc Ninh. Unicode decomposes every Vietnamese letter but đ, so that one is folded by hand.
"""

from __future__ import annotations

import re
import unicodedata


def fold(text: str) -> str:
    """``text`` in lower case without accents, đ as d, each run of white space as one blank."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def slug(text: str) -> str:
    """``text`` as a code would spell it: "Bù Đốp" becomes "bu-dop"."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of what somebody searches for, each once, in order."""
    return tuple(dict.fromkeys(fold(text).split()))
