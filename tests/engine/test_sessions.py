"""How long a session lasts."""

from datetime import UTC, datetime, timedelta

from engine.sessions import SessionLimits

START = datetime(2024, 6, 10, 1, tzinfo=UTC)
HOUR, DAY, MOMENT = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)


def over(limits: SessionLimits, seen: timedelta, at: timedelta, *, trusted: bool = False) -> bool:
    return limits.is_over(created=START, seen=START + seen, trusted=trusted, at=START + at)


def test_it_ends_by_resting_and_in_any_case():
    limits = SessionLimits(idle=12 * HOUR, longest=7 * DAY)
    assert not over(limits, 2 * HOUR, 14 * HOUR)
    assert over(limits, 2 * HOUR, 14 * HOUR + MOMENT)
    assert not over(limits, 7 * DAY, 7 * DAY)
    assert over(limits, 7 * DAY, 7 * DAY + MOMENT)


def test_a_trusted_phone_rests_long_where_the_office_allows_it():
    offered, not_offered = SessionLimits(12 * HOUR, 7 * DAY, 30 * DAY), SessionLimits(12 * HOUR, 7 * DAY)
    assert not over(offered, HOUR, 30 * DAY, trusted=True)
    assert over(offered, HOUR, 30 * DAY + MOMENT, trusted=True)
    assert over(offered, HOUR, 14 * HOUR)
    assert over(not_offered, HOUR, 14 * HOUR, trusted=True)
