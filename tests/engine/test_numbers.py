"""Numbers as officials write them: read exactly, or refused with what to write."""

from __future__ import annotations

from decimal import Context, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Invalid
from engine.numbers import DECIMALS, DIGITS, EXACT, Notation, exact, parse, stored, total, written

NUMBERS = st.decimals(
    min_value=-Decimal(10**DIGITS) + 1, max_value=Decimal(10**DIGITS) - 1, places=DECIMALS, allow_nan=False, allow_infinity=False
) | st.integers(-(10**DIGITS) + 1, 10**DIGITS - 1).map(Decimal)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234", "1234"), ("1.234,5", "1234.5"), ("1,5", "1.5"), ("1.234.567", "1234567"), ("1234567", "1234567"), ("0", "0"),
        ("0,123", "0.123"), ("1,2340", "1.234"), ("1.234,567", "1234.567"), (" 12 ", "12"), ("-5", "-5"), ("−5", "-5"), ("+5", "5"),
        ("007", "7"), ("1 234", "1234"), ("1\u00a0234\u00a0567,5", "1234567.5"), ("-0", "0"), ("9007199254740993", "9007199254740993"),
    ],
)  # fmt: skip
def test_what_is_clear_is_read(text: str, number: str) -> None:
    assert parse(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "write"),
    [
        ("1,234", "Viết 1.234 hoặc 1,2340."), ("1.5", "Viết 1,5."), ("12.34", "Viết 12,34."), ("0.123", "Viết 0,123."),
        ("1,234,567", "Viết 1.234.567."), ("1,234.5", "Viết 1.234,5."), ("1234.567", "Viết 1.234,567 hoặc 1.234.567."),
        ("-1,234", "Viết -1.234 hoặc -1,2340."),
    ],
)  # fmt: skip
def test_what_could_be_two_numbers_is_refused_with_what_to_write(text: str, write: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse(text, field="figures.so")
    assert (refused.value.code, refused.value.field, refused.value.hint.vi) == ("unclear", "figures.so", write)


@pytest.mark.parametrize(
    "text", ["", "-", ".", ",5", "5,", "1..2", "1e5", "nan", "inf", "12 34", "1 2345", "1.23.456", "1,23,4", "=1+1", "hai", "١٢", "1\ud800"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse(text)
    refused.value.text.vi.encode()


def test_a_spreadsheet_set_to_english_is_read_when_one_says_so() -> None:
    assert parse("1,234.5", notation=Notation.EN) == Decimal("1234.5")
    assert parse("1,234", notation=Notation.EN) == 1234
    with pytest.raises(Invalid):
        parse("1.234,5", notation=Notation.EN)


def test_more_digits_than_anybody_means_are_refused() -> None:
    for text in ("1" + "0" * DIGITS, "0," + "1" * (DECIMALS + 1)):
        with pytest.raises(Invalid):
            parse(text)


@given(NUMBERS)
def test_what_is_written_is_read_as_the_same(number: Decimal) -> None:
    assert parse(written(number)) == number


@given(NUMBERS)
def test_what_is_stored_is_exactly_the_same(number: Decimal) -> None:
    assert exact(stored(number)) == number


@given(st.lists(NUMBERS, max_size=20))
def test_a_sum_is_exact_in_any_order(numbers: list[Decimal]) -> None:
    scaled = [int(number.scaleb(DECIMALS, Context(prec=60))) for number in numbers]
    assert total(numbers) == total(reversed(numbers))
    assert int(total(numbers).scaleb(DECIMALS, Context(prec=60))) == sum(scaled)


@given(st.text(alphabet="0123456789.,- ", max_size=12))
def test_what_is_read_at_all_is_read_as_one_number(text: str) -> None:
    """Thousands and fraction are never mistaken: dots stand before three digits, the comma before the fraction alone."""
    try:
        number = parse(text)
    except Invalid:
        return
    whole, _, fraction = "".join(text.split()).lstrip("-").partition(",")
    assert abs(number) == Decimal(f"{whole.replace('.', '')}.{fraction or 0}")
    assert "." not in fraction and all(len(part) == 3 for part in whole.split(".")[1:])


@pytest.mark.parametrize("value", [True, float("nan"), float("inf"), float(EXACT), -float(EXACT), 10**DIGITS, None, [], "1.234,5", "1e5"])
def test_a_program_that_sends_no_exact_number_is_told_so(value: object) -> None:
    with pytest.raises(Invalid):
        exact(value)


def test_a_large_whole_number_keeps_every_digit() -> None:
    assert stored(exact(EXACT + 1)) == EXACT + 1
    assert written(exact(EXACT + 1)) == "9.007.199.254.740.993"
