"""What a check reports, and how the nearest right word is found."""

from __future__ import annotations

import difflib
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from engine.definition import PlanDefinition, Text, WorkflowDefinition
from engine.vietnamese import slug

NOTHING = Text("")


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem. ``path`` is spelled with the keys of a pack: ``key_tasks[3].workflows[0].steps[2].after[0]``.

    Indexes count from 0 in the order of the definition; ``code`` names the kind; ``severity`` is "error" or "warning".
    """

    path: str
    code: str
    message: Text
    hint: Text = NOTHING
    severity: str = "error"


@dataclass(slots=True)
class Report:
    """The problems found so far."""

    problems: list[Problem] = field(default_factory=list)

    def error(self, path: str, code: str, message: Text, hint: Text = NOTHING) -> None:
        """Adds what makes the plan unusable."""
        self.problems.append(Problem(path, code, _sentence(message), hint))

    def warning(self, path: str, code: str, message: Text, hint: Text = NOTHING) -> None:
        """Adds what may be meant so, and should be looked at."""
        self.problems.append(Problem(path, code, _sentence(message), hint, "warning"))

    @property
    def errors(self) -> int:
        """How many errors there are so far."""
        return sum(p.severity == "error" for p in self.problems)

    def duplicates(self, items: Sequence[Hashable], path: str, key: str = "") -> None:
        """Adds an error for each item that stands in ``items`` before; ``path`` is theirs, ``key`` the field that repeats."""
        seen: dict[Hashable, int] = {}
        for i, item in enumerate(items):
            if item in seen:
                first = seen[item] + 1
                message = Text(f"“{item}” đã có ở mục thứ {first}", f"“{item}” is already entry {first}")
                self.error(f"{path}[{i}]{key}", "duplicate-code", message, Text("Đặt mã khác hoặc bỏ mục này.", "Change or remove it."))
            seen.setdefault(item, i)


def _sentence(text: Text) -> Text:
    return Text(f"{text.vi.rstrip('.')}.", f"{text.en.rstrip('.')}.")


def places(plan: PlanDefinition) -> list[tuple[str, WorkflowDefinition]]:
    """Each workflow with its path in the pack."""
    of_tasks = [(f"key_tasks[{i}].workflows[{j}]", w) for i, task in enumerate(plan.key_tasks) for j, w in enumerate(task.workflows)]
    return [*of_tasks, *((f"plan_workflows[{j}]", w) for j, w in enumerate(plan.plan_workflows))]


def nearest(word: str, words: Iterable[str]) -> str:
    """The one of ``words`` that ``word`` was probably meant to be, '' if none is near."""
    known = list(words)
    by_slug = {slug(w): w for w in known}
    found = difflib.get_close_matches(slug(word), by_slug, n=1, cutoff=0.6)
    return by_slug[found[0]] if found else ""


def did_you_mean(suggestion: str, otherwise: Text = NOTHING) -> Text:
    """The hint that offers ``suggestion``; ``otherwise`` where there is none."""
    return Text(f"Có phải là “{suggestion}”?", f"Did you mean “{suggestion}”?") if suggestion else otherwise
