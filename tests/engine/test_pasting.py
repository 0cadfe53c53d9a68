"""What is pasted from a spreadsheet finds its fields, and every problem its cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definition import Figure, Text
from engine.numbers import Notation
from engine.pasting import address, many, one

FIGURES = (
    Figure("so_buoi", Text("Số buổi tuyên truyền", "Sessions held"), required=True, sum=True),
    Figure("so_nguoi", Text("Số lượt người", "Attendances"), sum=True),
    Figure("kho_khan", Text("Khó khăn, vướng mắc"), type="text"),
)
UNITS = {"loc-ninh": ("UBND huyện Lộc Ninh", "Lộc Ninh", "loc-ninh"), "bu-dop": ("UBND huyện Bù Đốp", "Bù Đốp", "bu-dop")}


@pytest.mark.parametrize(
    "text",
    [
        "12\n1.234", "12\r\n1.234\r\n", "12\t1.234", "Số buổi tuyên truyền\t12\nSố lượt người\t1.234", "so luot nguoi\t1.234\nSO_BUOI\t12",
        "Attendances\tSessions held\n1.234\t12",
    ],
)  # fmt: skip
def test_a_column_a_row_or_a_table_fills_the_fields(text: str) -> None:
    assert one(FIGURES, text).values == {"so_buoi": 12, "so_nguoi": 1234}
    assert one(FIGURES, text).typed == {"so_buoi": "12", "so_nguoi": "1.234"}


@pytest.mark.parametrize("text", ["1\n\n2\n\n3", "x\r\n\r\ny", "a\rb", "x" * 200_000, '"'])
def test_what_no_spreadsheet_copies_is_a_problem_and_no_mistake_of_ours(text: str) -> None:
    assert one(FIGURES, text).problems and many(FIGURES, UNITS, text).problems


def test_a_cell_with_line_ends_is_one_cell() -> None:
    found = one(FIGURES, '12\t34\t"Đường xa\nthiếu xe"')
    assert found.values["kho_khan"] == "Đường xa\nthiếu xe"


def test_every_problem_names_its_cell_and_what_was_pasted_comes_back() -> None:
    found = one(FIGURES, "Số buổi tuyên truyền\t1,234\nSố lượt người\t-5")
    assert [p.cell for p in found.problems] == ["B1", "B2"]
    assert "Viết 1.234" in found.problems[0].text.vi
    assert found.typed == {"so_buoi": "1,234", "so_nguoi": "-5"} and found.values == {}


@pytest.mark.parametrize("text", ["", "\t\n", "1\n2\n3\n4\n5", "1\t2\n3\t4"])
def test_what_fits_nowhere_is_said_so(text: str) -> None:
    found = one(FIGURES, text)
    assert found.values == {} and len(found.problems) == 1


def test_a_spreadsheet_set_to_english_is_read_as_such() -> None:
    assert one(FIGURES, "12\t1,234", Notation.EN).values["so_nguoi"] == 1234


TABLE = "Đơn vị\tSố buổi tuyên truyền\tSố lượt người\nLộc Ninh\t1.200\t\nbù đốp\t3\t0\nTổng cộng\t1.203\t0"


def test_a_table_of_units_is_read_and_an_empty_cell_is_no_zero() -> None:
    found = many(FIGURES, UNITS, TABLE)
    assert found.problems == ()
    assert found.rows == {"loc-ninh": {"so_buoi": 1200}, "bu-dop": {"so_buoi": 3, "so_nguoi": 0}}


def test_a_table_lists_all_that_is_wrong_with_its_cell() -> None:
    wrong = "Đơn vị\tSố buổi tuyên truyền\tSố lớp\nLộc Ninh\thai\nBù Đăng\t1\nLộc Ninh\t3"
    assert [p.cell for p in many(FIGURES, UNITS, wrong).problems] == ["C1", "B2", "A3", "A4"]
    assert [p.cell for p in many(FIGURES, UNITS, "1\t2\n3\t4").problems] == ["A1", "B1"]


@pytest.mark.parametrize(("row", "column", "name"), [(0, 0, "A1"), (2, 1, "B3"), (9, 25, "Z10"), (0, 26, "AA1"), (0, 701, "ZZ1")])
def test_cells_are_named_as_in_a_spreadsheet(row: int, column: int, name: str) -> None:
    assert address(row, column) == name


@given(st.text(max_size=80), st.sampled_from(Notation))
def test_nothing_pasted_breaks_it(text: str, notation: Notation) -> None:
    one(FIGURES, text, notation)
    many(FIGURES, UNITS, text, notation)
