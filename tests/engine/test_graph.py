"""The order of steps."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definition import Predecessor
from engine.graph import CyclicSteps, find_cycle, hard_predecessors, successors, topological
from tests.engine.definitions import step


@st.composite
def graphs(draw):
    """Steps in a shuffled order, each after some of a hidden order: never a circle."""
    size = draw(st.integers(0, 12))
    steps = [step(f"s{i}", after=tuple(f"s{j}" for j in draw(st.sets(st.integers(0, i - 1))) if i) if i else ()) for i in range(size)]
    return draw(st.permutations(steps))


@given(graphs())
def test_every_step_comes_after_its_predecessors_and_none_is_lost(steps):
    order = [s.code for s in topological(steps)]
    assert sorted(order) == sorted(s.code for s in steps)
    assert all(order.index(p.step) < order.index(s.code) for s in steps for p in s.after)
    assert find_cycle(steps) is None


@given(graphs().filter(lambda steps: len(steps) > 1), st.data())
def test_closing_a_circle_is_found_and_its_path_is_real(steps, data):
    order = topological(steps)
    early, late = sorted(data.draw(st.sets(st.integers(0, len(order) - 1), min_size=2, max_size=2)))
    between = [
        s if s is not order[early] else step(s.code, after=(*(p.step for p in s.after), order[late].code))
        for s in (
            *order[:late],
            step(order[late].code, after=(*(p.step for p in order[late].after), order[early].code)),
            *order[late + 1 :],
        )
    ]
    with pytest.raises(CyclicSteps) as caught:
        topological(between)
    path = caught.value.path
    by_code = {s.code: s for s in between}
    assert path[0] == path[-1]
    assert all(a in {p.step for p in by_code[b].after} for a, b in pairwise(path))


def test_the_order_written_is_kept_where_nothing_else_is_said():
    assert [s.code for s in topological([step("c"), step("a"), step("b", after="c")])] == ["c", "a", "b"]


def test_a_step_after_itself_is_a_circle():
    assert find_cycle([step("a", after="a")]) == ("a", "a")


def test_hard_predecessors_and_successors_are_two_views_of_one_thing():
    late = step("b", after="a")
    assert successors([step("a"), late]) == {"a": ("b",), "b": ()}
    assert hard_predecessors(late) == ("a",)


def test_long_chains_need_no_recursion():
    steps = [step(f"s{i}", after=f"s{i - 1}" if i else ()) for i in range(3000)]
    assert len(topological(steps[::-1])) == 3000
    assert find_cycle([*steps[1:], step("s0", after="s2999")]) is not None


def test_a_soft_predecessor_orders_but_never_blocks():
    soft = replace(step("a"), after=(Predecessor("b", soft=True),))
    assert [s.code for s in topological([soft, step("b")])] == ["b", "a"]
    assert hard_predecessors(soft) == ()
    assert successors([soft, step("b")]) == {"a": (), "b": ()}
