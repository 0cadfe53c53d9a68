"""A change of units in a file of its own, written as in a pack: one entry under ``unit_changes``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.coherence.problems import Problem
from engine.definition import Text
from engine.errors import PackError, PackProblem
from engine.units import UnitChange
from plans.build_units import unit_change
from plans.checks import check_shape
from plans.fields import sentence
from plans.files import SourceFile, read_file, text_file
from plans.places import split
from plans.salvage import salvage
from plans.tree import Tree, parse


def read_change(path: Path) -> tuple[UnitChange, Tree]:
    """The change of the file at ``path``, and where its parts stand. Raises PackError with every problem."""
    return _change(read_file(path))


def change_of_text(name: str, text: str) -> tuple[UnitChange, Tree]:
    """The change that ``text`` writes; ``name`` stands before its problems. Raises PackError with every problem."""
    return _change(text_file(name, text))


def located(problems: Sequence[Problem], tree: Tree) -> list[PackProblem]:
    """Problems of the change with their lines."""
    return [PackProblem(tree.file, tree.line(split(p.path)), sentence(p.message), p.hint, p.severity, p.code) for p in problems]


def _change(source: SourceFile) -> tuple[UnitChange, Tree]:
    tree = parse(source)
    if tree.complete:
        check_shape(tree)
    found = salvage(tree)
    changes = found.shape.unit_changes if found.shape else []
    if len(changes) != 1 and not tree.problems:
        message = Text(f"Tệp có {len(changes)} thay đổi đơn vị, cần đúng một.", f"The file holds {len(changes)} changes of units, not one.")
        hint = Text("Viết unit_changes: với một mục, như trong gói kế hoạch.", "Write unit_changes: with one entry, as in a plan pack.")
        tree.problems.append(PackProblem(tree.file, 1, message, hint, code="one-change"))
    if tree.problems:
        raise PackError(tree.problems)
    return unit_change(changes[0]), tree
