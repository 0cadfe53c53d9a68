"""Back-off and coalescing, as numbers."""

from runtime.backoff import delay
from runtime.pace import Pace


def test_waits_double_up_to_a_limit():
    assert [delay(n) for n in range(8)] == [0, 1, 2, 4, 8, 16, 30, 30]


def test_a_long_outage_does_not_overflow():
    assert delay(1_000_000) == 30


def test_a_wake_clears_earlier_refusals():
    pace = Pace(coalesce=3)
    assert [pace.refused(1, now=0) for _ in range(3)] == [1, 2, 4]
    pace.woken(1, now=10)

    assert not pace.may(1, now=12.9)
    assert pace.may(1, now=13)
    assert pace.refused(1, now=13) == 1


def test_memory_follows_the_workflows_in_motion():
    pace = Pace()
    pace.woken(1, now=0)
    pace.refused(2, now=0)
    pace.forget_past(now=1000)

    assert list(pace._beats) == [2], "a refused one keeps its count"
