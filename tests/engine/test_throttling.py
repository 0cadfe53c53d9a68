"""How waits grow."""

from engine.throttling import ACCOUNT, ADDRESS, DEVICE, FORGOTTEN, Ladder


def seconds(ladder: Ladder, count: int) -> list[int]:
    return [int(ladder.wait(failures).total_seconds()) for failures in range(1, count + 1)]


def test_it_costs_nothing_at_first_and_then_twice_as_much_each_time():
    assert seconds(ACCOUNT, 14) == [0, 0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900]
    assert seconds(DEVICE, 11)[8:] == [0, 5, 10]
    assert seconds(ADDRESS, 50)[48:] == [0, 5]
    assert ACCOUNT.wait(10**6) == ACCOUNT.longest < FORGOTTEN


def test_a_day_of_guessing_comes_to_about_a_hundred_tries():
    elapsed, tries = 0.0, 0
    while elapsed < 24 * 3600:
        tries += 1
        elapsed += ACCOUNT.wait(tries).total_seconds()
    assert tries < 110
