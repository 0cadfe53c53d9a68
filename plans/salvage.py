"""Making a file with faults readable all the same, so that what is wrong elsewhere can be listed too.

A faulty value is replaced by a stand-in; `Salvaged.concerns` and `is_stand_in` tell a later problem that is only a consequence.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from engine.definition import Text
from plans.checks import shape_errors
from plans.fields import slug
from plans.shape import FileShape
from plans.tree import Path, Tree
from plans.walk import keys, mappings, shape_at

ROUNDS = 4
MARK = "xx-stand-in-"

_STAND_INS: dict[str, Any] = {
    "due": "none",
    "every": "year",
    "from": "2000-01-01",
    "to": "2000-12-31",
    "issued_on": "2000-01-01",
    "day": "2000-01-01",
    "working": True,
    "at": "D+399d",
    "steps": [],
    "workflows": [],
}


@dataclass(slots=True)
class Salvaged:
    """A file as a shape, and where it was mended. ``shape`` is None if it could not be."""

    tree: Tree
    shape: FileShape | None = None
    mended: set[Path] = field(default_factory=set)

    def concerns(self, path: Path) -> bool:
        """Whether ``path`` lies in something that was mended."""
        return any(path[: len(mended)] == mended for mended in self.mended)


def is_stand_in(text: Text) -> bool:
    """Whether ``text`` speaks of a stand-in."""
    return MARK in text.vi


def salvage(tree: Tree) -> Salvaged:
    """The shape of ``tree``, whose problems are reported already."""
    result = Salvaged(tree, mended=tree.broken - {()})
    data = deepcopy(tree.data) if isinstance(tree.data, dict) else {}
    if () in tree.broken or (tree.data is not None and not data):
        tree.complete = False  # nothing of it can be placed
    _settle_one_of(result, data)
    for _ in range(ROUNDS):
        errors = shape_errors(data)
        for error in errors:
            _mend(result, data, tuple(error["loc"]), error["type"])
        if not errors:
            break
    try:
        result.shape = FileShape.model_validate(data)
    except ValidationError:  # what this file would have added stays unknown
        result.shape = None
    return result


def _settle_one_of(result: Salvaged, data: dict[str, Any]) -> None:
    for path, shape, mapping in list(mappings(data)):
        given = [key for key in shape.one_of if key in mapping]
        for key in given[1:]:
            del mapping[key]
            result.mended.add((*path, key))
        if shape.one_of and not given:
            mapping[shape.one_of[0]] = _token(result)
            result.mended.add((*path, shape.one_of[0]))


def _token(result: Salvaged) -> str:
    """A code and a name that nothing else in the pack bears."""
    return f"{MARK}{len(result.mended)}-{slug(result.tree.file)}"


def _mend(result: Salvaged, data: dict[str, Any], path: Path, kind: str) -> None:
    """Change ``data`` at ``path`` so that it is refused there no longer."""
    holder, path = _holder(data, path)
    if not path:
        return
    key = path[-1]
    if kind == "extra_forbidden":
        holder.pop(key, None)
        return
    result.mended.add(path)
    if isinstance(holder, list):
        holder[int(key)] = {} if kind == "model_type" else _token(result)
    elif kind != "missing" and _optional(path):
        holder.pop(key, None)
    else:
        holder[key] = _STAND_INS.get(str(key), _token(result))


def _holder(data: Any, path: Path) -> tuple[Any, Path]:
    """What holds the value at ``path``, and that path; of a short form (``title: 3`` is wrong at title.vi) that of the whole."""
    if len(path) < 2:
        return data, path
    inside: Any = data.get(path[0]) if isinstance(data, dict) else data[path[0]]
    if not isinstance(inside, list if isinstance(path[1], int) else dict):
        return data, path[:1]
    holder, rest = _holder(inside, path[1:])
    return holder, (path[0], *rest)


def _optional(path: Path) -> bool:
    shape = shape_at(path[:-1])
    key = str(path[-1])
    return shape is not None and key in keys(shape) and not keys(shape)[key].is_required() and key not in shape.one_of
