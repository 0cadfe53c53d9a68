"""Numbers as Vietnamese officials write them, read exactly: 1.234 is a thousand and more, 1,5 is one and a half.

What could mean two numbers is refused with what to write instead: a wrong figure that looks right is worse than a question. Values are
`Decimal`, so nothing is lost however large they are; what is stored is an int, or the canonical text of a fraction ("1234.5").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import MAX_PREC, Decimal, localcontext
from enum import StrEnum
from typing import Any

from engine.definition import Text
from engine.errors import Invalid

DIGITS = 24  # of the whole part; more is a slip of the keyboard
DECIMALS = 6
SHOWN = 40  # characters of what was typed that a refusal repeats
EXACT = 2**53  # a float of this size or more may already have lost digits on its way

_SIGN = {"−": "-", "–": "-", "－": "-"}
_SHAPE = re.compile(r"([+-]?)([0-9][0-9.,]*)")
_VI = re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,[0-9]+)?")
_EN = re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
_THOUSANDS_OR_FRACTION = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")  # 1,234: a fraction here, a thousand in English
_SPACED = re.compile(r"([+-]?[1-9][0-9]{0,2}(?:[ \u00a0\u2009\u202f][0-9]{3})+)((?:,[0-9]+)?)")


class Notation(StrEnum):
    """How numbers are written: the Vietnamese way, or the way of a spreadsheet set to English."""

    VI = "vi"
    EN = "en"


def parse(text: str, *, field: str | None = None, notation: Notation = Notation.VI) -> Decimal:
    """The number that ``text`` writes. Raises Invalid for what is none, or could be two; the hint says what to write."""
    typed = "".join(_SIGN.get(c, c) for c in text.strip())
    shown = "".join(c for c in text.strip()[:SHOWN] if c.isprintable())
    spaced = _SPACED.fullmatch(typed)
    shape = _SHAPE.fullmatch("".join(spaced[1].split()) + spaced[2] if spaced else typed)
    if shape is None:
        raise _no_number(shown, field)
    sign, digits = shape[1], shape[2]
    if notation is Notation.EN:
        if not _EN.fullmatch(digits):
            raise _no_number(shown, field, _suggestions(digits.replace(",", "")))
        return _exact(sign, digits.replace(",", ""), field)
    if _THOUSANDS_OR_FRACTION.fullmatch(digits) and not spaced:
        whole = digits.replace(",", "")
        raise _unclear(shown, field, f"{sign}{group(whole)}", f"{sign}{digits}0")
    if not _VI.fullmatch(digits):
        if _EN.fullmatch(digits):
            english = digits.replace(",", "")
            raise _unclear(shown, field, *(f"{sign}{s}" for s in _suggestions(english)))
        raise _no_number(shown, field)
    return _exact(sign, digits.replace(".", "").replace(",", "."), field)


def exact(value: Any, *, field: str | None = None) -> Decimal:
    """The number that a program or the database gives: an int, a float small enough to be exact, or canonical text.

    Raises Invalid for anything else: no number, endless, or a float whose last digits may be gone.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise _no_number(type(value).__name__, field)
    if isinstance(value, float) and not abs(value) < EXACT:
        hint = Text("Gửi dưới dạng chuỗi chữ số.", "Send it as text.")
        raise Invalid(Text("Số quá lớn để gửi như vậy.", "Too large a number to send like this."), code="number", field=field, hint=hint)
    if isinstance(value, int) and abs(value) >= 10**DIGITS:
        raise _too_long(field)
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
        raise _no_number(value[:SHOWN], field)
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def stored(number: Decimal) -> int | str:
    """``number`` as it is kept: an int, or canonical text where it has a fraction. JSON keeps both exactly."""
    if number == number.to_integral_value():
        return int(number)
    return f"{number:f}".rstrip("0")


def total(numbers: Iterable[Decimal]) -> Decimal:
    """The exact sum; a `Decimal` context would round beyond 28 digits."""
    with localcontext(prec=MAX_PREC):
        return sum(numbers, Decimal(0))


def written(number: Decimal) -> str:
    """``number`` the Vietnamese way, so that `parse` reads it back: 1.234.567,5. A fraction never looks like a thousand: 1,2340."""
    sign = "-" if number < 0 else ""
    whole, _, fraction = f"{number.copy_abs():f}".partition(".")
    fraction = fraction.rstrip("0")
    text = group(whole) + (f",{fraction}" if fraction else "")
    clear = "0" if _THOUSANDS_OR_FRACTION.fullmatch(text) else ""
    return ("" if number == 0 else sign) + text + clear


def group(whole: str) -> str:
    """Digits with a dot before every three: 1234567 is 1.234.567."""
    return f"{int(whole):,}".replace(",", ".")


def _exact(sign: str, canonical: str, field: str | None) -> Decimal:
    whole, _, fraction = canonical.partition(".")
    if len(whole.lstrip("0")) > DIGITS:
        raise _too_long(field)
    if len(fraction.rstrip("0")) > DECIMALS:
        message = Text(f"Nhiều nhất {DECIMALS} chữ số sau dấu phẩy.", f"At most {DECIMALS} digits after the comma.")
        raise Invalid(message, code="decimals", field=field)
    number = Decimal(f"{'-' if sign == '-' else ''}{canonical}")
    return number if number else Decimal(0)


def _suggestions(canonical: str) -> tuple[str, ...]:
    """What ``canonical`` (dots as a program writes them) may have meant, written the Vietnamese way; at most two."""
    whole, dot, fraction = canonical.partition(".")
    if not (whole.isdigit() and (fraction.isdigit() or not dot)):
        return ()
    found = [f"{group(whole)},{fraction}" if fraction else group(whole)]
    if len(fraction) == 3 and len(whole) > 3:  # 1234.567: a fraction in English, or thousands with a dot forgotten
        found.append(group(whole + fraction))
    return tuple(found)


def _no_number(text: str, field: str | None, suggestions: tuple[str, ...] = ()) -> Invalid:
    hint = Text("Ví dụ: 1.234 hoặc 1,5.", "For example 1.234 (a thousand and more) or 1,5 (one and a half).")
    if suggestions:
        hint = _write(suggestions)
    return Invalid(Text(f"“{text}” không phải là số.", f"“{text}” is not a number."), code="number", field=field, hint=hint)


def _unclear(text: str, field: str | None, *meant: str) -> Invalid:
    message = Text(
        f"“{text}” chưa rõ: hàng nghìn viết dấu chấm, phần lẻ viết dấu phẩy.",
        f"“{text}” is unclear: thousands take a dot, a fraction takes a comma.",
    )
    return Invalid(message, code="unclear", field=field, hint=_write(meant))


def _write(meant: tuple[str, ...]) -> Text:
    return Text(f"Viết {' hoặc '.join(meant)}.", f"Write {' or '.join(meant)}.")


def _too_long(field: str | None) -> Invalid:
    return Invalid(Text(f"Dài quá {DIGITS} chữ số.", f"Longer than {DIGITS} digits."), code="number", field=field)
