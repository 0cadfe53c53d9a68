"""The order of a workflow's steps. Soft predecessors order too; a predecessor that does not exist is passed over here."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush

from engine.definition import StepDefinition


class CyclicSteps(ValueError):
    """Steps that wait for each other. ``path`` names them in order, the first one again at the end."""

    def __init__(self, path: tuple[str, ...]) -> None:
        super().__init__(" → ".join(path))
        self.path = path


def topological(steps: Sequence[StepDefinition]) -> tuple[StepDefinition, ...]:
    """``steps`` with every step after its predecessors, otherwise in the order written. Raises CyclicSteps."""
    place = {step.code: i for i, step in enumerate(steps)}
    waits = [len({p.step for p in step.after if p.step in place}) for step in steps]
    following = _following(steps)
    ready = [i for i, number in enumerate(waits) if number == 0]  # a heap: the first written goes first
    order: list[StepDefinition] = []
    while ready:
        step = steps[heappop(ready)]
        order.append(step)
        for i in following.get(step.code, ()):
            waits[i] -= 1
            if waits[i] == 0:
                heappush(ready, i)
    if len(order) < len(steps):
        raise CyclicSteps(find_cycle(steps) or ())
    return tuple(order)


def _following(steps: Sequence[StepDefinition]) -> dict[str, list[int]]:
    following: dict[str, list[int]] = {}
    for i, step in enumerate(steps):
        for code in dict.fromkeys(p.step for p in step.after):
            following.setdefault(code, []).append(i)
    return following


def find_cycle(steps: Sequence[StepDefinition]) -> tuple[str, ...] | None:
    """The codes along one cycle, the first one again at the end; None if there is none."""
    after = {step.code: [p.step for p in step.after] for step in steps}
    finished: set[str] = set()
    for start in after:
        path: list[str] = []
        todo = [(start, 0)]
        while todo:
            code, depth = todo.pop()
            if depth < 0:  # every way on from `code` has been walked
                finished.add(code)
                continue
            del path[depth:]
            if code in path:
                return tuple(reversed([*path[path.index(code) :], code]))
            if code in finished or code not in after:
                continue
            path.append(code)
            todo.append((code, -1))
            todo.extend((predecessor, depth + 1) for predecessor in after[code])
    return None


def hard_predecessors(step: StepDefinition) -> tuple[str, ...]:
    """The codes of the steps that must be passed before ``step`` opens."""
    return tuple(p.step for p in step.after if not p.soft)


def successors(steps: Sequence[StepDefinition]) -> dict[str, tuple[str, ...]]:
    """For each step the codes of those that wait for it (hard), in the order written."""
    return {step.code: tuple(s.code for s in steps if step.code in hard_predecessors(s)) for step in steps}
