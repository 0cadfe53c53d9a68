"""What a step reports beside its own figures: the sums of the reports that it joins, and two standard texts.

A pack writes none of it. A step with one lead that waits for a whole fan-out *consolidates* that fan-out: every figure of it that adds up
is a figure of its own as well. Every step that reports at all has room for difficulties and for proposals.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from engine.definition import Figure, StepDefinition, Text

STANDARD = (
    Figure("kho_khan", Text("Khó khăn, vướng mắc", "Difficulties"), type="text"),
    Figure("de_xuat", Text("Đề xuất, kiến nghị", "Proposals"), type="text"),
)
STANDARD_CODES = frozenset(f.code for f in STANDARD)


class Joining(Protocol):
    """The part of `engine.compiled.Edge` that matters here."""

    @property
    def before(self) -> str: ...
    @property
    def per_slot(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Sum:
    """``code``, a figure of a consolidating step, is the sum of ``figure`` over the fan-out ``source``."""

    code: str
    source: str
    figure: str


def sums(step: StepDefinition, into: Iterable[Joining], steps: Mapping[str, StepDefinition]) -> tuple[Sum, ...]:
    """What ``step`` consolidates of the fan-outs that it joins; () for a fan-out of its own.

    A figure keeps its code; where two of the fan-outs have the same one, both are named after their step: ``dang-ky.so_mo_hinh``.
    """
    if step.for_each:
        return ()
    sources = [edge.before for edge in into if not edge.per_slot and steps[edge.before].for_each]
    found = [(source, f.code) for source in sources for f in steps[source].figures if f.sum]
    codes = [code for _, code in found]
    return tuple(Sum(code if codes.count(code) == 1 else f"{source}.{code}", source, code) for source, code in found)


def completed(step: StepDefinition, consolidated: Sequence[Sum], steps: Mapping[str, StepDefinition]) -> StepDefinition:
    """``step`` with every figure that it reports: its own, the sums, the standard texts. A pack's own figure of a code goes first."""
    figures = list(step.figures)
    figures += [_of_sum(s, steps[s.source]) for s in consolidated]
    if step.report or (step.report is None and figures):
        figures += STANDARD
    return replace(step, figures=tuple({f.code: f for f in reversed(figures)}[code] for code in dict.fromkeys(f.code for f in figures)))


def _of_sum(consolidated: Sum, source: StepDefinition) -> Figure:
    """A sum has no bounds of its own, and may be handed in without: a report on paper does not always give it."""
    figure = next(f for f in source.figures if f.code == consolidated.figure)
    title = figure.title
    if consolidated.code != figure.code:
        title = Text(f"{title.vi} ({source.title.vi})", f"{title.in_('en')} ({source.title.in_('en')})")
    return replace(figure, code=consolidated.code, title=title, min=None, max=None, required=False)
