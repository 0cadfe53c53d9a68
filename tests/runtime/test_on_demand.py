"""Asked for at once; less and less often while it does not help; at once again after it did."""

from runtime.on_demand import OnDemand
from runtime.rounds import Round, turn_all


def test_it_asks_once_and_waits():
    asked: list[int] = []
    needed = True
    demand = OnDemand(lambda: needed, lambda: asked.append(1))

    for second in range(36):
        demand.look(float(second))

    assert len(asked) == 4, "at 0, 5, 15 and 35 seconds"


def test_it_asks_at_once_after_a_quiet_time():
    asked: list[float] = []
    answers = iter([True, False, True])
    demand = OnDemand(lambda: next(answers), lambda: asked.append(1))

    for second in range(3):
        demand.look(float(second))

    assert len(asked) == 2


def test_rounds_come_at_their_intervals():
    done: list[str] = []
    rounds = [Round(10, lambda: done.append("slow")), Round(1, lambda: done.append("fast"))]

    for second in range(11):
        turn_all(rounds, float(second))

    assert done.count("fast") == 11
    assert done.count("slow") == 2
    assert done[0] == "slow"


def test_a_round_that_fails_is_due_again():
    answers = iter([ZeroDivisionError, None])

    def sometimes():
        if next(answers):
            raise ZeroDivisionError

    each = Round(10, sometimes)
    for second in range(2):
        try:
            each.turn(float(second))
        except ZeroDivisionError:
            assert second == 0
    assert each.next_at == 11
