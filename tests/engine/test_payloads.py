"""Whatever is sent with an action is done or meets the error tree, in both languages and beside its field."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.access import Actor
from engine.decide import HANDLERS, decide, relations_to
from engine.derived import derived
from engine.errors import DondocError, Invalid
from engine.journal import canonical, plain
from engine.payload import LONGEST, text
from engine.statuses import WorkStatus
from engine.step_state import StepState
from engine.transitions import TABLE, Transition
from tests.engine.office import Office
from tests.engine.people import EVERYBODY, PLAN, START, sensible
from tests.factories import CALENDAR, at

OFFICE = Office(PLAN, START)
ROWS = [row for row in TABLE if row.action in HANDLERS]
CODES = ["ke-hoach", "to-chuc", "bao-cao", "so-bo"]
FIELDS = [
    "reason", "text", "until", "lead", "units", "day", "number", "date", "signer", "field", "value", "files", "evidence", "figures",
    "redo_on", "note", "document", "old", "handler",
]  # fmt: skip
NASTY: list[Any] = [
    None, True, 0, -1, 3.5, float("nan"), float("inf"), 10**400, "", "x", "\ud800", "\x00", "x" * 20_000, "0001-01-01", "9999-12-31",
    "2024-02-30", "2024-W10-1", [], [1], ["x"], [None], [[]], [{}], [{"evidence": []}], [{"evidence": "", "name": 1, "sha256": 2}], {},
    {"kh": 1}, {"kh": {"number": []}}, {"kh": {"number": "\ud800", "date": "x"}}, {"kh": {"files": 3}}, {"so": []}, {"so": {}},
    {"so": "nan"}, {"so": "1e999"}, {"so": 10**400}, {"so": True}, {1: 2},
]  # fmt: skip


def met(row: Transition, status: WorkStatus, code: str, payload: dict[str, Any]) -> None:
    """Decide on it, derive what follows and write it down; anything but a `DondocError` is a defect."""
    found = next(s for (c, _), s in OFFICE.steps.items() if c == code)
    submitted: dict[str, Any] = {"round": 1, "submitted_by": 999, "submitted_on": START} if status is WorkStatus.SUBMITTED else {}
    step = replace(found, status=status, **submitted)
    try:
        _, effect = decide(
            row.action, step, OFFICE.workflow, actor=_able(row, step), payload=payload, now=at(START), calendar=CALENDAR,
            counts=OFFICE.counts,
        )  # fmt: skip
    except DondocError as wrong:
        told = (wrong.text.vi, wrong.text.en, wrong.code)
    else:
        derived(step, effect.changes, OFFICE.workflow, at(START))
        body = effect.submission.body if effect.submission else {}
        canonical(plain({"facts": [f.as_json() for f in effect.facts], "text": effect.text, "body": body, "files": effect.files})).encode()
        return
    assert all(told)


def _able(row: Transition, step: StepState) -> Actor:
    return next((a for a in EVERYBODY if relations_to(step, OFFICE.workflow, a) & row.who), EVERYBODY[0])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.action}-{min(row.sources)}")
def test_nasty_values_in_any_field(row: Transition) -> None:
    for code in CODES:
        good = sensible(next(s for (c, _), s in OFFICE.steps.items() if c == code), START)
        for name in FIELDS:
            for value in NASTY:
                met(row, min(row.sources), code, {**good, name: value})


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates().map(str),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5) | st.sampled_from(["kh", "so", "number", "date", "files", "evidence"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=150)
@given(data=st.data(), row=st.sampled_from(ROWS), code=st.sampled_from(CODES))
def test_anything_at_all_in_several_fields(data: st.DataObject, row: Transition, code: str) -> None:
    good = sensible(next(s for (c, _), s in OFFICE.steps.items() if c == code), START)
    bad = data.draw(st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=4))
    met(row, data.draw(st.sampled_from(sorted(row.sources))), code, {**good, **bad})


def test_a_text_is_made_one_of_before_it_is_measured_and_looked_at() -> None:
    """Accents that a keyboard writes apart are put together once; what is kept is what was checked."""
    apart = unicodedata.normalize("NFD", "Đã nộp kế hoạch ")
    assert text({"note": f" {apart}"}, "note") == "Đã nộp kế hoạch"
    assert text({"note": unicodedata.normalize("NFD", "ế" * LONGEST)}, "note") == "ế" * LONGEST
    for wrong in ("x" * (LONGEST + 1), "a\x00b", "a\ud800"):
        with pytest.raises(Invalid):
            text({"note": wrong}, "note")
