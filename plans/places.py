"""Where in the files a path of the definition stands, and which findings only repeat a fault that is reported already."""

from __future__ import annotations

import re

from engine.coherence import Problem
from engine.errors import PackProblem
from plans.build import Parts
from plans.fields import sentence
from plans.salvage import Salvaged, is_stand_in
from plans.tree import Path

DECLARED_UNDER = {
    "unknown-unit": ("units",),
    "unknown-group": ("groups",),
    "empty-group": ("groups",),
    "no-key-tasks": ("key_tasks", "plan_workflows"),
}
UNKNOWN = frozenset(DECLARED_UNDER)
ORDER = frozenset({"unknown-step", "unreachable", "cycle"})
TIMING = frozenset(
    {
        *("period-reversed", "period-too-long", "bad-year", "issued-after-end", "tracked-after-end", "ended-unit", "ended-lead"),
        *("rule-kind", "no-anchor", "period-misfit", "year-missing", "year-in-recurring", "day-in-short-cycle"),
        *("cycle-clash", "never-opens", "due-before-predecessor", "due-before-opening"),
        *("window-reversed", "window-outside", "choose-by-late"),
    }
)


class Places:
    """Turns the engine's findings into problems of files. ``plan_file`` holds the plan itself."""

    def __init__(self, files: list[Salvaged], parts: Parts, plan_file: str) -> None:
        self._files = {file.tree.file: file for file in files}
        self._origins = parts.origins | {("plan",): (plan_file, ("plan",))}
        self._plan_file = plan_file
        self._doubtful = [(file.tree.file, *_doubt(path)) for file in files for path in file.mended]

    def find(self, path: Path) -> tuple[str, int]:
        """File and line of ``path``."""
        file, local = self._local(path)
        return file, self._files[file].tree.line(local)

    def in_doubt(self, key: str) -> bool:
        """Whether more may stand under the top-level ``key`` than could be read."""
        return any(file.tree.may_hold(key) or (file.shape is None and file.tree.complete) for file in self._files.values())

    def located(self, problem: Problem) -> PackProblem:
        """``problem`` with its file and line."""
        file, line = self.find(split(problem.path))
        return PackProblem(file, line, sentence(problem.message), problem.hint, problem.severity, problem.code)

    def follows(self, problem: Problem) -> bool:
        """Whether ``problem`` only follows from a fault that is reported already."""
        file, local = self._local(split(problem.path))
        if self._files[file].concerns(local) or is_stand_in(problem.message):
            return True
        if any(map(self.in_doubt, DECLARED_UNDER.get(problem.code, ()))):
            return True
        return any(problem.code in codes and _within(scope, where == file, local) for where, scope, codes in self._doubtful)

    def _local(self, path: Path) -> tuple[str, Path]:
        for length in range(len(path), 0, -1):
            if origin := self._origins.get(path[:length]):
                return origin[0], (*origin[1], *path[length:])
        return self._plan_file, path


def split(path: str) -> Path:
    """``key_tasks[3].workflows[0].lead`` as ("key_tasks", 3, "workflows", 0, "lead")."""
    return tuple(int(part) if part.isdecimal() and len(part) < 9 else part for part in re.findall(r"[^.\[\]]+", path))


def _within(scope: Path, same_file: bool, local: Path) -> bool:
    """An empty scope is the whole pack, any other is a place in its own file."""
    return not scope or (same_file and local[: len(scope)] == scope)


def _doubt(mended: Path) -> tuple[Path, frozenset[str]]:
    """What cannot be told once the value at ``mended`` is a stand-in: the place, and the findings that mean nothing there."""
    if mended[0] == "plan" and (len(mended) == 1 or mended[-1] in ("issued_on", "from", "to", "tracked_from")):
        return (), TIMING
    if mended[-1] in ("every", "anchor", "opens"):
        return mended[:-1], TIMING
    if "steps" in mended and mended[-1] in ("code", "steps"):
        return mended[: mended.index("steps")], ORDER
    if mended[0] in ("units", "groups") and (len(mended) <= 2 or mended[-1] == "code"):
        return (), UNKNOWN
    return mended, frozenset()
