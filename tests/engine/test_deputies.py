"""Who may stand in for whom, and what is said at which field when they may not."""

from datetime import date, timedelta

import pytest

from engine.deputies import Absence, problems

TODAY = date(2024, 7, 10)
UNIT, PEOPLE = "loc-ninh", {1, 2, 3}


def away(account: int = 1, by: int = 2, first: int = 0, last: int = 5, unit: str = UNIT) -> Absence:
    return Absence(account, by, unit, TODAY + timedelta(first), TODAY + timedelta(last))


def fields(wanted: Absence, *others: Absence) -> list[str]:
    return list(problems(wanted, others, colleagues=PEOPLE, today=TODAY))


@pytest.mark.parametrize(
    ("wanted", "others", "expected"),
    [
        (away(), (), []),
        (away(first=-3), (), []),  # set afterwards, for somebody who fell ill
        (away(first=3, last=2), (), ["to"]),
        (away(first=-3, last=-1), (), ["to"]),
        (away(last=400), (), ["to"]),
        (away(by=1), (), ["deputy"]),
        (away(by=9), (), ["deputy"]),
        (away(account=9), (), ["unit"]),
        (away(by=1, last=-1), (), ["to", "deputy"]),
        (away(), (away(2, 3),), ["deputy"]),  # the deputy is away: a chain
        (away(), (away(2, 3, unit="elsewhere"),), ["deputy"]),  # away is away everywhere
        (away(), (away(3, 1),), ["from"]),  # the absent person stands in for another: the same chain from its other end
        (away(), (away(1, 3),), ["from"]),  # two deputies at once
        (away(), (away(1, 3, unit="elsewhere"),), []),  # in another unit another deputy
        (away(), (away(2, 3, first=6, last=9),), []),
        (away(), (away(2, 3, first=5, last=9),), ["deputy"]),  # the last day counts
    ],
)
def test_what_is_wrong_stands_at_its_field(wanted, others, expected):
    assert fields(wanted, *others) == expected
