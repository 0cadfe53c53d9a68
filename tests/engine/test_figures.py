"""One value of one figure: what its type allows, and every problem of a submission at its own field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.definition import Figure, Text
from engine.errors import Invalid, InvalidFields
from engine.evidence import frozen
from engine.figures import shown, value_of
from tests.factories import festival

COUNT = Figure("so", Text("Số buổi"), min=0, required=True)
FRACTION = Figure("gio", Text("Số giờ"), type="number")
MONEY = Figure("tien", Text("Kinh phí"), type="money")
SHARE = Figure("ty_le", Text("Tỷ lệ"), type="percentage")
CHOICE = Figure("muc", Text("Mức"), type="choice", choices=("Tốt", "Khá"))
WORDS = Figure("kho_khan", Text("Khó khăn"), type="text")


@pytest.mark.parametrize(
    ("figure", "typed", "kept", "read"),
    [
        (COUNT, "1.234", 1234, "1.234"), (COUNT, 7, 7, "7"), (COUNT, " ", None, ""), (FRACTION, "1.234,50", "1234.5", "1.234,5"),
        (FRACTION, 1.5, "1.5", "1,5"), (MONEY, "12.500.000 đồng", 12_500_000, "12.500.000"), (MONEY, "500000đ", 500_000, "500.000"),
        (SHARE, "98,5 %", "98.5", "98,5"), (SHARE, "100%", 100, "100"), (CHOICE, "Khá", "Khá", "Khá"),
        (WORDS, " Thiếu xe ", "Thiếu xe", "Thiếu xe"),
    ],
)  # fmt: skip
def test_values_are_kept_exactly_and_shown_the_vietnamese_way(figure: Figure, typed: Any, kept: Any, read: str) -> None:
    value = value_of(figure, typed, field="x")
    assert value == kept
    assert type(value) is type(kept)
    assert shown(figure, value) == read


@pytest.mark.parametrize(
    ("figure", "typed", "code"),
    [
        (COUNT, "-1", "range"), (replace(COUNT, min=None), "-1", "range"), (COUNT, "1,5", "whole"), (COUNT, "1,234", "unclear"),
        (MONEY, "1,5", "whole"), (MONEY, "5 triệu", "number"), (SHARE, "101", "range"), (SHARE, "-1", "range"), (CHOICE, "Kém", "choice"),
        (FRACTION, True, "number"), (FRACTION, [], "number"), (FRACTION, float(2**53), "number"), (replace(COUNT, max=10), "11", "range"),
    ],
)  # fmt: skip
def test_what_the_definition_does_not_allow_is_refused_at_its_field(figure: Figure, typed: Any, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        value_of(figure, typed, field="figures.so")
    assert (refused.value.code, refused.value.field) == (code, "figures.so")


def step(*figures: Figure):
    return replace(festival().workflows()[0][1].step("bao-cao"), figures=figures, evidence=())


def test_every_wrong_figure_is_told_at_once() -> None:
    with pytest.raises(InvalidFields) as refused:
        frozen(step(COUNT, SHARE, MONEY), {}, {"figures": {"so": "1,234", "ty_le": "101", "tien": "5"}})
    assert set(refused.value.problems) == {"figures.so", "figures.ty_le"}
    assert "Viết 1.234" in refused.value.problems["figures.so"].vi


def test_what_was_drafted_is_handed_in_unless_it_is_given_anew_or_emptied() -> None:
    draft = {"figures": {"so": 5, "tien": 7}}
    assert frozen(step(COUNT, MONEY), draft, {})["figures"] == {"so": 5, "tien": 7}
    assert frozen(step(COUNT, MONEY), draft, {"figures": {"so": 6, "tien": ""}})["figures"] == {"so": 6}
    with pytest.raises(Invalid) as refused:
        frozen(step(COUNT, MONEY), draft, {"figures": {"so": ""}})
    assert refused.value.field == "figures.so"


def test_on_paper_a_required_figure_may_be_missing_but_never_wrong() -> None:
    assert frozen(step(COUNT), {}, {}, check=False)["figures"] == {}
    with pytest.raises(Invalid):
        frozen(step(COUNT), {}, {"figures": {"so": "1,234"}}, check=False)
