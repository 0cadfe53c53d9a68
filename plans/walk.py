"""Going through what a file holds side by side with the shape it should have."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from plans.shape import FileShape, Shape
from plans.tree import Path


@cache
def keys(shape: type[Shape]) -> dict[str, FieldInfo]:
    """The keys that ``shape`` allows, as written in YAML, with the field of each."""
    return {info.alias or name: info for name, info in shape.model_fields.items()}


@cache
def nested(shape: type[Shape], key: str) -> type[Shape] | None:
    """The shape of what stands under ``key`` (of each item, if a list stands there); None for plain values."""
    info = keys(shape).get(key)
    return _shape_in(info.annotation) if info else None


def _shape_in(annotation: Any) -> type[Shape] | None:
    if isinstance(annotation, type) and issubclass(annotation, Shape):
        return annotation
    origin = get_origin(annotation)
    if origin is None or origin in (dict, tuple):
        return None
    is_transparent = origin in (list, Union, UnionType) or hasattr(annotation, "__metadata__")
    return next(filter(None, map(_shape_in, get_args(annotation))), None) if is_transparent else None


def mappings(data: Any, shape: type[Shape] = FileShape, path: Path = ()) -> Iterator[tuple[Path, type[Shape], dict[str, Any]]]:
    """Every mapping in ``data`` that has a shape, outermost first, with its path."""
    if isinstance(data, list):
        for i, item in enumerate(data):
            yield from mappings(item, shape, (*path, i))
    elif isinstance(data, dict):
        yield path, shape, data
        for key, value in data.items():
            inner = nested(shape, key)
            if inner:
                yield from mappings(value, inner, (*path, key))


def shape_at(path: Path) -> type[Shape] | None:
    """The shape of the mapping at ``path``."""
    shape: type[Shape] | None = FileShape
    for part in path:
        if isinstance(part, str) and shape:
            shape = nested(shape, part)
    return shape
