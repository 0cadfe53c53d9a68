"""What may be gone a moment later is tried again; anything else is not."""

import httpx
import pytest

from tasks.attempts import attempts


def failing(times: int, error: Exception):
    calls = []

    @attempts(3, pause=0)
    def work() -> str:
        calls.append(1)
        if len(calls) <= times:
            raise error
        return "done"

    return work, calls


def test_a_passing_failure_is_tried_again():
    work, calls = failing(2, httpx.ConnectError("refused"))

    assert work() == "done"
    assert len(calls) == 3


def test_a_lasting_failure_is_raised():
    work, calls = failing(3, httpx.ConnectError("refused"))

    with pytest.raises(httpx.ConnectError):
        work()
    assert len(calls) == 3


def test_a_mistake_is_not_repeated():
    work, calls = failing(1, KeyError("step"))

    with pytest.raises(KeyError):
        work()
    assert len(calls) == 1
