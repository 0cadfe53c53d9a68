"""What somebody may have meant who wrote something that is nearly a date rule."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_WORKING_DAYS = r"(ngày làm việc|ngay lam viec|ngày lv|nlv|working days?|workdays?|w)"
_DAYS = r"(ngày|ngay|days?)"

_REWRITES: tuple[tuple[str, str], ...] = (
    (r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", r"\3/\2/\1"),  # 2024-06-30
    (r"([0-9]{1,2})[-.]([0-9]{1,2})([-.]([0-9]{4}))?", r"\1/\2/\4"),  # 31-01, 31.1.2024
    (r"t[+-]0+(wd|d)?", r"T"),
    (r"t([+-][0-9]+)(wd)?d?", r"T\1\2"),
    (r"t", r"T"),
    (r"\+?([0-9]+)", r"+\1wd"),
    (r"\+?([0-9]+)(wd|d)", r"+\1\2"),
    (r"issue", r"issue+0d"),
    (r"(issue|phát hành|banhành|banhanh)\+?([0-9]+)(wd|d)?", r"issue+\2\3wd"),
    (r"(month|quarter|half-?year|year)(-?end(-?month)?)?/([0-9]+)", r"\1-end-month/\4"),
    (r"(no|nil|null|không|khong|-)", r"none"),
)


def rewrites(text: str) -> Iterator[str]:
    """Texts like ``text`` in the spelling of the grammar, likeliest first. They need not be valid rules."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    plain = re.sub(r"[‐‑‒–—−]", "-", plain)
    plain = re.sub(rf"(?<=[0-9\s]){_WORKING_DAYS}$", "wd", plain)
    plain = re.sub(rf"(?<=[0-9\s]){_DAYS}$", "d", plain)
    plain = re.sub(r"\s+", "", plain)
    yield plain
    yield _digits(plain)
    for pattern, replacement in _REWRITES:
        if re.fullmatch(pattern, plain):
            rewritten = re.sub(pattern, replacement, plain, count=1)
            yield _digits(re.sub(r"(wd|d)wd$", r"\1", rewritten).rstrip("/"))


def _digits(text: str) -> str:
    """Days and months of two digits (1/5 becomes 01/05), counts without leading zeros (T-07 becomes T-7)."""
    if "/" in text:
        return re.sub(r"(?<![0-9])([0-9])(?=/|$|\+)", r"0\1", text).replace("halfyear", "half-year")
    return re.sub(r"(?<=[+-])0+(?=[0-9])", "", text)
