"""Which values of a pack are ours.

``basis: default`` says it of a file, a key task, a workflow or a step, and holds for all below until something below says
otherwise. ``sourced`` then names the exceptions; under ``basis: source`` ``defaults`` does. Without any basis a value is held
to be from the source, for a pack that copies its plan.
"""

from __future__ import annotations

from engine.definition import Basis
from plans.shape import Marked
from plans.walk import keys

_OF_DEFINITION = {"with": "coordinating"}


def inherited(outer: Basis, inner: Marked) -> Basis:
    """The basis that holds in ``inner``, which stands in something with the basis ``outer``."""
    return inner.basis or outer


def ours(shape: Marked, outer: Basis) -> tuple[str, ...]:
    """The fields of ``shape`` that the pack gives and whose value is ours, named as in the definition, in the order of the shape."""
    basis = inherited(outer, shape)
    given = [key for key, info in keys(type(shape)).items() if key not in ("code", *Marked.model_fields) and _given(shape, info.alias, key)]
    chosen = [key for key in given if (key not in shape.sourced if basis is Basis.DEFAULT else key in shape.defaults)]
    return tuple(_OF_DEFINITION.get(key, key) for key in chosen)


def _given(shape: Marked, alias: str | None, key: str) -> bool:
    return (f"{key}_" if alias else key) in shape.model_fields_set
