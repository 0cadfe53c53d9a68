"""Properties run in workers where other tests have left threads; what these do is no failure of theirs, and no warning hides one."""

import random
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


def drawn_beside(number: int) -> int:
    """``number``, while another thread draws one of its own: Prefect's client does, for the pings of its connections."""
    thread = Thread(target=random.random)
    thread.start()
    thread.join()
    return number


@settings(max_examples=5)
@given(st.integers().map(drawn_beside))
def test_another_threads_random_numbers_are_not_a_propertys_failure(number: int):
    assert isinstance(number, int)


class Long:
    """An example that takes long to say."""

    def __repr__(self) -> str:
        return "x" * 40_000


def test_a_failure_is_shown_however_long_its_example_is():
    @settings(max_examples=1, database=None)
    @given(st.builds(Long))
    def fails(example: Long):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
