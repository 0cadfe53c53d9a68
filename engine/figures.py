"""One value of one figure: read from what a person typed or a program sent, checked against its definition, and written again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine import payload as given
from engine.definition import Figure, Text
from engine.errors import Invalid
from engine.numbers import Notation, exact, parse, stored, written

NUMERIC = ("count", "number", "money", "percentage")
WHOLE = ("count", "money")  # nobody counts half a session; đồng have no fraction
SUFFIXES = {"percentage": ("%",), "money": ("đồng", "vnđ", "vnd", "₫", "đ")}

Value = int | str
"""As stored: an int, canonical text of a fraction, or words."""


def value_of(figure: Figure, raw: Any, *, field: str, notation: Notation = Notation.VI) -> Value | None:
    """``raw`` as it is stored; None for nothing. Raises Invalid with ``field`` for what the definition does not allow."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    if figure.type == "text":
        return given.text({field: raw}, field)
    if figure.type == "choice":
        return _choice(figure, raw, field)
    number = parse(_bare(figure, raw), field=field, notation=notation) if isinstance(raw, str) else exact(raw, field=field)
    _check(figure, number, field)
    return stored(number)


def number_of(value: Any) -> Decimal:
    """A stored value of a numeric figure as a number; floats are from before figures were kept exactly."""
    return exact(value)


def shown(figure: Figure, value: Any) -> str:
    """A stored value as it is read and typed: 1.234.567; "" for nothing."""
    if value is None or value == "":
        return ""
    return written(number_of(value)) if figure.type in NUMERIC else str(value)


def unit_of(figure: Figure) -> Text:
    """What stands behind a value: đồng, per cent, or nothing."""
    return {"money": Text("đồng", "đồng"), "percentage": Text("%", "%")}.get(figure.type, Text(""))


def limits(figure: Figure) -> tuple[Decimal | None, Decimal | None]:
    """The smallest and the largest value: as defined, else none below 0 for counts and 0 to 100 for percentages."""
    low, high = (None if bound is None else exact(bound) for bound in (figure.min, figure.max))
    if low is None and figure.type in ("count", "percentage"):
        low = Decimal(0)
    if high is None and figure.type == "percentage":
        high = Decimal(100)
    return low, high


def _bare(figure: Figure, raw: str) -> str:
    """The number without the unit that people write behind it."""
    text = raw.strip()
    for suffix in SUFFIXES.get(figure.type, ()):
        if text.lower().endswith(suffix):
            return text[: -len(suffix)].rstrip()
    return text


def _choice(figure: Figure, raw: Any, field: str) -> str:
    if raw not in figure.choices:
        choices = ", ".join(figure.choices)
        raise Invalid(Text(f"Chọn một trong: {choices}.", f"Choose one of: {choices}."), code="choice", field=field)
    return str(raw)


def _check(figure: Figure, number: Decimal, field: str) -> None:
    low, high = limits(figure)
    if (low is not None and number < low) or (high is not None and number > high):
        raise Invalid(_range(low, high), code="range", field=field)
    if figure.type in WHOLE and number != number.to_integral_value():
        raise Invalid(Text("Phải là số nguyên.", "It must be a whole number."), code="whole", field=field)


def _range(low: Decimal | None, high: Decimal | None) -> Text:
    if high is None and low is not None:
        return Text(f"Không được nhỏ hơn {written(low)}.", f"It must not be below {written(low)}.")
    if low is None and high is not None:
        return Text(f"Không được lớn hơn {written(high)}.", f"It must not be above {written(high)}.")
    assert low is not None and high is not None
    return Text(f"Phải từ {written(low)} đến {written(high)}.", f"It must be from {written(low)} to {written(high)}.")
