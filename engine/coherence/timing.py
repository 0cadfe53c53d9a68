"""The dates of each cycle against each other: what is wrong in every cycle is an error, in some a warning that names them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from engine.calendar import WorkCalendar
from engine.coherence.problems import NOTHING, Report
from engine.cycles import Cycle, cycles
from engine.definition import DueKind, PlanDefinition, StepDefinition, Text, WorkflowDefinition
from engine.schedule import PlannedStep, plan_steps

MOST_NAMED = 6


def check_timing(plan: PlanDefinition, workflow: WorkflowDefinition, path: str, calendar: WorkCalendar, report: Report) -> None:
    """Adds what the dates of ``workflow`` show in the plan's cycles. Its rules and its graph must have been found sound."""
    all_cycles = cycles(workflow, plan)
    if not _check_cycles(plan, workflow, all_cycles, path, report):
        return
    tally = _Tally(len(all_cycles), path, report)
    for cycle in all_cycles:
        planned = plan_steps(workflow, plan, cycle, calendar, lambda group: (group,))
        _look(workflow, cycle, {step.code: step for step in planned}, tally)
    tally.tell()


def _check_cycles(plan: PlanDefinition, workflow: WorkflowDefinition, found: tuple[Cycle, ...], path: str, report: Report) -> bool:
    where = f"{path}.opens" if workflow.opens else f"{path}.every"
    twice = [code for code, number in Counter(cycle.code for cycle in found).items() if number > 1]
    if twice:
        message = Text(f"Hai chu kỳ cùng mở trong {', '.join(twice)}", f"Two cycles open within {', '.join(twice)}")
        hint = Text("Đổi opens để mỗi kỳ chỉ mở một lần.", "Change opens so that each period has one opening.")
        report.error(where, "cycle-clash", message, hint)
    if not found or found[0].opens_on > plan.to:
        message = Text(f"“{workflow.code}” không mở lần nào trong kỳ kế hoạch", f"“{workflow.code}” never opens in the plan's period")
        report.error(where, "never-opens", message)
        return False
    return not twice


@dataclass(frozen=True)
class _Kind:
    """A finding: its code and what it says, filled in with the names of the steps and a pair of dates."""

    code: str
    text: Callable[[str, str, date, date], Text]
    always_warning: bool = False


class _Tally:
    """Counts in which of the cycles a finding holds, of those in which it could, and tells each finding once."""

    def __init__(self, number: int, path: str, report: Report) -> None:
        self._number = number
        self._path = path
        self._report = report
        self._looked: Counter[tuple[str, _Kind, str, str]] = Counter()
        self._found: defaultdict[tuple[str, _Kind, str, str], list[tuple[str, date, date]]] = defaultdict(list)

    def compare(self, where: str, kind: _Kind, cycle: Cycle, names: tuple[str, str], early: date | None, late: date | None) -> None:
        """Notes whether ``late`` falls before ``early`` in ``cycle``."""
        if early is None or late is None:
            return
        key = (where, kind, *names)
        self._looked[key] += 1
        if late < early:
            self._found[key].append((cycle.code, early, late))

    def tell(self) -> None:
        """Reports every finding, at its place."""
        for key, found in self._found.items():
            where, kind, one, other = key
            codes = [code for code, _, _ in found]
            _, early, late = found[0]
            text = kind.text(one, other, early, late)
            everywhere = len(found) == self._looked[key]
            if self._number > 1:
                text = _with_cycles(text, codes, everywhere)
            add = self._report.error if everywhere and not kind.always_warning else self._report.warning
            add(f"{self._path}.{where}", kind.code, text, NOTHING)


def _with_cycles(text: Text, codes: list[str], everywhere: bool) -> Text:
    if everywhere:
        return Text(f"{text.vi} (mọi chu kỳ, ví dụ {codes[0]})", f"{text.en} (in every cycle, for example {codes[0]})")
    more = len(codes) - MOST_NAMED
    named = ", ".join(codes[:MOST_NAMED]) + (f" … (+{more})" if more > 0 else "")
    return Text(f"{text.vi} (chu kỳ {named})", f"{text.en} (cycles {named})")


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


BEFORE_PREDECESSOR = _Kind(
    "due-before-predecessor",
    lambda step, before, early, late: Text(
        f"“{step}” đến hạn {_day(late)}, trước bước “{before}” ({_day(early)})",
        f"“{step}” is due {_day(late)}, before the step “{before}” ({_day(early)})",
    ),
)
BEFORE_SOFT = _Kind(BEFORE_PREDECESSOR.code, BEFORE_PREDECESSOR.text, always_warning=True)
BEFORE_OPENING = _Kind(
    "due-before-opening",
    lambda step, _, early, late: Text(
        f"“{step}” đến hạn {_day(late)}, trước khi được mở ({_day(early)})",
        f"“{step}” is due {_day(late)}, before it opens ({_day(early)})",
    ),
)
WINDOW_REVERSED = _Kind(
    "window-reversed",
    lambda step, _, early, late: Text(
        f"“{step}”: khoảng ngày kết thúc {_day(late)}, trước khi bắt đầu {_day(early)}",
        f"“{step}”: the window ends on {_day(late)}, before it begins on {_day(early)}",
    ),
)
WINDOW_OUTSIDE = _Kind(
    "window-outside",
    lambda step, _, early, late: Text(
        f"“{step}”: khoảng ngày và hạn không khớp ({_day(late)} trước {_day(early)})",
        f"“{step}”: its window and its due date do not fit ({_day(late)} is before {_day(early)})",
    ),
)
CHOOSE_LATE = _Kind(
    "choose-by-late",
    lambda step, _, early, late: Text(
        f"“{step}”: hạn chọn ngày {_day(early)} sau ngày cuối của khoảng {_day(late)}",
        f"“{step}”: days are chosen until {_day(early)}, after the window's last day {_day(late)}",
    ),
)


def _look(workflow: WorkflowDefinition, cycle: Cycle, planned: dict[str, PlannedStep], tally: _Tally) -> None:
    """Compares the dates of one cycle. What is not applicable or prior in it is left out: nobody does it."""
    for i, step in enumerate(workflow.steps):
        this = planned[step.code]
        if this.not_applicable or this.prior:
            continue
        for j, predecessor in enumerate(step.after):
            kind = BEFORE_SOFT if predecessor.soft else BEFORE_PREDECESSOR
            done = _done_by(workflow, predecessor.step, planned)
            tally.compare(f"steps[{i}].after[{j}]", kind, cycle, (step.code, predecessor.step), done, this.planned_on)
        opens = max(cycle.opens_on, this.not_before or cycle.opens_on)
        where = f"steps[{i}].not_before" if step.not_before else f"steps[{i}].due"
        tally.compare(where, BEFORE_OPENING, cycle, (step.code, ""), opens, this.planned_on)
        _look_at_window(i, step, cycle, this, tally)


def _look_at_window(i: int, step: StepDefinition, cycle: Cycle, this: PlannedStep, tally: _Tally) -> None:
    if this.window is None:
        return
    first, last = this.window
    names = (step.code, "")
    tally.compare(f"steps[{i}].window.to", WINDOW_REVERSED, cycle, names, first, last)
    tally.compare(f"steps[{i}].window.choose_by", CHOOSE_LATE, cycle, names, this.choose_by, last)
    tally.compare(f"steps[{i}].window.to", WINDOW_OUTSIDE, cycle, names, this.not_before, last)
    if step.due.kind is not DueKind.NONE:
        tally.compare(f"steps[{i}].window.from", WINDOW_OUTSIDE, cycle, names, first, this.planned_on)
        tally.compare(f"steps[{i}].window.to", WINDOW_OUTSIDE, cycle, names, last, this.planned_on)


def _done_by(workflow: WorkflowDefinition, code: str, planned: dict[str, PlannedStep]) -> date | None:
    """When the step is to be done; of one without a date, when the last of those before it is. None if nothing says."""
    left, seen = [code], set()
    days = []
    while left:
        code = left.pop()
        if code in seen:
            continue
        seen.add(code)
        day = planned[code].planned_on
        if day is not None:
            days.append(day)
        else:
            left.extend(p.step for p in workflow.step(code).after if not p.soft)
    return max(days, default=None)
