"""The graph of a workflow's steps: no unknown step, no circle, nothing that waits for ever."""

from __future__ import annotations

from engine.coherence.problems import Report, did_you_mean, nearest
from engine.definition import StepDefinition, Text, WorkflowDefinition
from engine.graph import find_cycle, hard_predecessors


def check_order(workflow: WorkflowDefinition, path: str, report: Report) -> None:
    """Adds codes given twice, unknown predecessors, circles (each with its path) and the steps that can never open because of them."""
    report.duplicates([step.code for step in workflow.steps], f"{path}.steps", ".code")
    places = {step.code: i for i, step in reversed(list(enumerate(workflow.steps)))}
    stuck: dict[str, str] = {}  # code of a step that never opens: what it waits for
    for i, step in enumerate(workflow.steps):
        report.duplicates([p.step for p in step.after], f"{path}.steps[{i}].after")
        for j, predecessor in enumerate(step.after):
            if predecessor.step in places:
                continue
            message = Text(
                f"Không có bước “{predecessor.step}” trong quy trình này", f"There is no step “{predecessor.step}” in this workflow"
            )
            report.error(f"{path}.steps[{i}].after[{j}]", "unknown-step", message, did_you_mean(nearest(predecessor.step, places)))
            if not predecessor.soft:
                stuck[step.code] = predecessor.step
    stuck |= _check_circles(workflow, path, places, report)
    _check_reach(workflow, path, stuck, report)


def _check_circles(workflow: WorkflowDefinition, path: str, places: dict[str, int], report: Report) -> dict[str, str]:
    """Reports each circle once; gives its steps, each with the one it waits for."""
    left = [workflow.steps[i] for i in sorted(places.values())]  # of steps with one code the first
    stuck: dict[str, str] = {}
    while circle := find_cycle(left):
        shown = " → ".join(circle)
        last = min(circle, key=lambda code: places[code])
        before = circle[circle.index(last, 1) - 1]
        i = places[last]
        j = [p.step for p in workflow.steps[i].after].index(before)
        hint = Text(f"Bỏ “{before}” khỏi after của “{last}”?", f"Remove “{before}” from the after of “{last}”?")
        report.error(
            f"{path}.steps[{i}].after[{j}]", "cycle", Text(f"Các bước chờ lẫn nhau: {shown}", f"Steps wait for each other: {shown}"), hint
        )
        stuck |= dict(zip(circle[1:], circle, strict=False))
        left = [step for step in left if step.code not in circle]
    return stuck


def _check_reach(workflow: WorkflowDefinition, path: str, stuck: dict[str, str], report: Report) -> None:
    """Reports every step that waits, directly or not, for one of ``stuck``: nobody can ever reach it."""
    known = set(stuck)
    waiting: list[tuple[int, StepDefinition]] = [(i, s) for i, s in enumerate(workflow.steps) if s.code not in stuck]
    found = True
    while found:
        found = False
        for i, step in list(waiting):
            cause = next((code for code in hard_predecessors(step) if code in known), None)
            if cause is None:
                continue
            found = True
            known.add(step.code)
            waiting.remove((i, step))
            message = Text(
                f"Không ai đến được bước “{step.code}”: nó chờ “{cause}”, bước không bao giờ xong",
                f"Nobody can reach the step “{step.code}”: it waits for “{cause}”, which is never passed",
            )
            report.error(f"{path}.steps[{i}].after", "unreachable", message, Text(f"Sửa “{cause}” trước.", f"Mend “{cause}” first."))
