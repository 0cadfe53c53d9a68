"""Who hears: by membership and role, never nobody while the standing agency has someone."""

import pytest

from notifications.audience import Directory, Person

OFFICER = Person(1, "Cán bộ", "o@x.vn", "vi", {"loc-ninh": "officer"})
HEAD = Person(2, "Lãnh đạo", "h@x.vn", "vi", {"loc-ninh": "head"})
LONE_HEAD = Person(3, "Lãnh đạo", "l@x.vn", "vi", {"bu-dop": "head"})
WITHOUT_ADDRESS = Person(4, "Cán bộ", "", "vi", {"bu-dang": "officer"})
AGENCY = Person(5, "Cơ quan thường trực", "a@x.vn", "vi", {"cong-an-tinh": "officer"}, agency=True)
BOTH = Person(6, "Hai nơi", "b@x.vn", "vi", {"mttq": "officer", "so-noi-vu": "officer"})
DIRECTORY = Directory([OFFICER, HEAD, LONE_HEAD, WITHOUT_ADDRESS, AGENCY, BOTH])


def heard(audience: str, *units: str) -> list[tuple[int, str, bool]]:
    return [(h.person.id, h.unit, h.stands_in) for h in DIRECTORY.hearers(audience, units, "cong-an-tinh")]


@pytest.mark.parametrize(
    ("audience", "units", "expected"),
    [
        ("lead", ("loc-ninh",), [(1, "loc-ninh", False)]),
        ("head", ("loc-ninh",), [(2, "loc-ninh", False)]),
        ("approver", ("loc-ninh",), [(1, "loc-ninh", False), (2, "loc-ninh", False)]),
        ("lead", ("bu-dop",), [(3, "bu-dop", False)]),
        ("head", ("mttq",), []),
        ("agency", ("loc-ninh",), [(5, "cong-an-tinh", False)]),
        ("coordinating", ("mttq", "so-noi-vu"), [(6, "mttq", False)]),
        ("coordinating", ("nobody-here",), []),
        ("committee", ("loc-ninh",), [(2, "loc-ninh", False)]),
        ("committee", ("mttq",), [(6, "mttq", False)]),  # no head: everyone
        ("agency-head", ("cong-an-tinh",), [(5, "cong-an-tinh", False)]),
    ],
)
def test_people_behind_an_audience(audience, units, expected):
    assert heard(audience, *units) == expected


def test_a_unit_that_nobody_can_reach_is_heard_for_by_the_standing_agency():
    assert heard("lead", "gone") == [(5, "gone", True)]
    assert heard("lead", "bu-dang") == [(4, "bu-dang", False), (5, "bu-dang", True)]
