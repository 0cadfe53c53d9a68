"""Which figures stand, as known then and as corrected, and what they add up to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.consolidation import Change, changes, consolidated, missing, sum_of, totals
from engine.definition import Figure, Text
from engine.numbers import exact, stored
from engine.reporting import Sum
from engine.standings import AsOf, Reported, Standing, standing, tell
from tests.factories import at

SO = Figure("so", Text("Số buổi"), sum=True)
SUMS = (Sum("so", "bao-cao", "so"),)
ROUNDS = {1: {"figures": {"so": 5}}, 2: {"figures": {"so": 7}}}


def day(n: int) -> date:
    return date(2024, 6, n)


def entry(n: int, kind: str, **data: Any) -> tuple[Any, dict[str, Any]]:
    """What the journal says of the ``n``th of June."""
    return at(day(n)).business, {"facts": [{"kind": f"step.{kind}", **data}]}


def submitted(n: int, number: int = 1, *, dated: int | None = None) -> tuple[Any, dict[str, Any]]:
    return entry(n, "submitted", round=number, on=day(dated or n).isoformat())


def corrected(n: int, new: Any, *, field: str = "figures.so") -> tuple[Any, dict[str, Any]]:
    return entry(n, "corrected", field=field, old=None, new=new)


STORY = tell([submitted(3), entry(5, "returned"), submitted(8, 2), entry(10, "approved"), corrected(20, 9)])


def on(n: int, as_of: AsOf) -> tuple[Standing, int, Any]:
    found = standing(STORY, ROUNDS, day=day(n), as_of=as_of)
    return found.standing, found.round, found.figures.get("so")


def test_a_day_is_told_as_it_was_known_then() -> None:
    assert on(2, AsOf.KNOWN) == (Standing.NONE, 0, None)
    assert on(3, AsOf.KNOWN) == (Standing.SUBMITTED, 1, 5)
    assert on(5, AsOf.KNOWN) == (Standing.WITHDRAWN, 1, 5)
    assert on(9, AsOf.KNOWN) == (Standing.SUBMITTED, 2, 7)
    assert on(19, AsOf.KNOWN) == (Standing.APPROVED, 2, 7)
    assert on(20, AsOf.KNOWN) == (Standing.APPROVED, 2, 9)


def test_a_day_is_told_with_what_was_corrected_since() -> None:
    assert on(12, AsOf.CORRECTED) == (Standing.APPROVED, 2, 9)
    assert on(4, AsOf.CORRECTED) == (Standing.SUBMITTED, 1, 5)  # the correction is about the second round


def test_what_a_corrected_figure_said_before_is_kept() -> None:
    found = standing(tell([submitted(3), corrected(4, 6), corrected(5, 8)]), ROUNDS)
    assert (found.figures["so"], found.old) == (8, {"so": 5})


def test_a_submission_on_paper_counts_from_its_own_day_once_it_is_entered() -> None:
    told = tell([submitted(10, dated=6)])
    assert standing(told, ROUNDS, day=day(7), as_of=AsOf.KNOWN).standing is Standing.NONE
    assert standing(told, ROUNDS, day=day(7), as_of=AsOf.CORRECTED).standing is Standing.SUBMITTED
    assert standing(told, ROUNDS, day=day(5), as_of=AsOf.CORRECTED).standing is Standing.NONE


def test_a_corrected_day_of_submission_moves_what_counts_on_a_day() -> None:
    told = tell([submitted(10), corrected(12, day(4).isoformat(), field="submitted_on")])
    assert standing(told, ROUNDS, day=day(5), as_of=AsOf.CORRECTED).standing is Standing.SUBMITTED
    assert standing(told, ROUNDS, day=day(11), as_of=AsOf.KNOWN).submitted_on == day(10)


def report(value: Any, how: Standing = Standing.APPROVED, number: int = 1) -> Reported:
    return Reported(how, number, day(3), figures={} if value is None else {"so": value})


def test_a_missing_value_is_not_a_zero() -> None:
    reports = {"a": report(0), "b": report(None), "c": Reported(), "d": report(4, Standing.WITHDRAWN), "e": Reported(Standing.VOID)}
    total = totals([SO], reports)[0]
    assert (total.sum, total.reported, total.expected, total.missing) == (Decimal(0), 1, 4, ("b", "c", "d"))
    assert missing(reports) == ("c", "d")
    nothing = totals([SO], {"c": Reported()})[0]
    assert (nothing.sum, nothing.approved) == (None, None)


def test_only_what_adds_up_is_added() -> None:
    share = Figure("so", Text("Tỷ lệ"), type="percentage")
    assert totals([share], {"a": report(50), "b": report(60)})[0].sum is None


def test_what_is_approved_is_told_apart() -> None:
    total = totals([SO], {"a": report(3), "b": report(4, Standing.SUBMITTED)})[0]
    assert (total.sum, total.approved) == (Decimal(7), Decimal(3))


VALUES = st.none() | st.integers(0, 10**20) | st.decimals(0, 10**9, places=3, allow_nan=False).map(stored)
REPORTS = st.dictionaries(
    st.sampled_from([f"huyen-{n:02}" for n in range(12)]), st.builds(report, VALUES, st.sampled_from(list(Standing))), max_size=12
)


@given(REPORTS)
def test_a_sum_is_what_the_rounds_say_and_each_unit_counts_once(reports: dict[str, Reported]) -> None:
    figures, basis = consolidated(SUMS, {"bao-cao": reports})
    counted = [exact(r.figures["so"]) for r in reports.values() if r.counts and "so" in r.figures]
    total = totals([SO], reports)[0]
    assert ("so" in figures) == bool(counted) == (total.sum is not None)
    assert not counted or exact(figures["so"]) == total.sum == sum_exactly(counted)
    assert figures.get("so") == sum_of(basis, SUMS[0])
    frozen = basis["bao-cao"]
    live = {slot for slot, r in reports.items() if r.standing is not Standing.VOID}
    assert set(frozen["units"]) | set(frozen["missing"]) == live and not set(frozen["units"]) & set(frozen["missing"])
    assert changes(basis, {"bao-cao": reports}) == ()


def sum_exactly(numbers: list[Decimal]) -> Decimal:
    return Decimal(sum(int(n.scaleb(3)) for n in numbers)).scaleb(-3) if max(numbers) < 10**20 else sum(numbers, Decimal(0))


def test_what_changed_since_is_found_whatever_the_way() -> None:
    before = {"a": report(3), "b": report(4), "c": Reported()}
    _, basis = consolidated(SUMS, {"bao-cao": before})
    now = {"a": report(30), "b": report(4, Standing.WITHDRAWN), "c": report(5, Standing.SUBMITTED)}
    assert changes(basis, {"bao-cao": now}) == (
        Change("bao-cao", "a", "so", 3, 30),
        Change("bao-cao", "b", "so", 4, None),
        Change("bao-cao", "c", "so", None, 5),
    )
