"""Figures over the API: which reports there are, and each as units × figures with sums. Numbers are text, so that no digit is lost."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel

from engine.access import Policy
from engine.consolidation import Total
from engine.definition import Figure, Text
from engine.errors import Invalid, NotFound
from engine.figures import NUMERIC, number_of
from engine.numbers import stored
from engine.reach import Thing
from engine.standings import AsOf
from services.queries.figures_list import figures_list
from services.queries.figures_page import FiguresPage, UnitRow, figures_page
from web.api.models import Words, problems
from web.policy import allow, api
from web.visit import visit_of

router = api()

Day = Annotated[date | None, Query(description="As of the end of this day; now by default.")]
How = Annotated[AsOf, Query(alias="as", description="corrected: with corrections made since; known: as known then.")]


class ReportInList(BaseModel):
    """A step with figures in its latest cycle; ``handed_in`` of ``expected`` steps that the caller reads."""

    workflow_id: int
    code: str
    place: Words
    title: Words
    handed_in: int
    expected: int


class FigureOf(BaseModel):
    """``type``: count | number | money | percentage | text | choice. ``sum``: whether it adds up."""

    code: str
    title: Words
    type: str
    sum: bool

    @classmethod
    def of(cls, figure: Figure) -> FigureOf:
        """A figure as the API gives it."""
        return cls(code=figure.code, title=Words.of(figure.title), type=figure.type, sum=figure.sum)


class UnitFigures(BaseModel):
    """One unit. ``standing``: none | submitted | approved | withdrawn | void; only submitted and approved values are in a sum.

    ``figures``: values as text; a figure without a value is left out. ``old``: what corrected ones said before.
    """

    step_id: int
    unit: str
    standing: str
    round: int
    submitted_on: date | None
    recorded: bool
    figures: dict[str, str]
    old: dict[str, str]

    @classmethod
    def of(cls, row: UnitRow, figures: tuple[Figure, ...]) -> UnitFigures:
        """A row as the API gives it."""
        r = row.reported
        said = {f.code: as_text(f, r.figures[f.code]) for f in figures if r.figures.get(f.code) is not None}
        old = {f.code: as_text(f, r.old[f.code]) for f in figures if r.old.get(f.code) not in (None, "")}
        return cls(
            step_id=row.step_id,
            unit=row.slot or row.lead,
            standing=r.standing.value,
            round=r.round,
            submitted_on=r.submitted_on,
            recorded=r.recorded,
            figures=said,
            old=old,
        )


class FigureTotal(BaseModel):
    """``sum`` is null where nothing was given or nothing adds up: a missing value is no zero."""

    code: str
    sum: str | None
    approved: str | None
    reported: int
    expected: int
    missing: list[str]

    @classmethod
    def of(cls, total: Total) -> FigureTotal:
        """A `Total` as the API gives it."""
        both = {name: None if value is None else str(stored(value)) for name, value in (("sum", total.sum), ("approved", total.approved))}
        return cls(
            code=total.figure.code, reported=total.reported, expected=total.expected, missing=list(total.missing), **both
        )  # fmt: skip


class PeriodFigures(BaseModel):
    """One cycle. ``totals`` is null where not every unit's figures are the caller's to read."""

    workflow_id: int
    cycle: Words
    totals: list[FigureTotal] | None


class UsedByStep(BaseModel):
    """A step that took the sums over; ``changed``: a value is no longer what it used."""

    step_id: int
    title: Words
    changed: bool


class FiguresAnswer(BaseModel):
    """``periods``: latest first, the first one is this one. ``hidden``: units that the caller does not read."""

    workflow_id: int
    code: str
    place: Words
    title: Words
    day: date | None
    as_of: str
    figures: list[FigureOf]
    units: list[UnitFigures]
    missing: list[str]
    hidden: int
    periods: list[PeriodFigures]
    used_by: list[UsedByStep]

    @classmethod
    def of(cls, page: FiguresPage) -> FiguresAnswer:
        """A page as the API gives it."""
        figures = (*page.columns, *page.texts)
        return cls(
            workflow_id=page.workflow_id,
            code=page.code,
            place=Words.of(page.place),
            title=Words.of(page.title),
            day=page.day,
            as_of=page.as_of.value,
            figures=[FigureOf.of(f) for f in figures],
            units=[UnitFigures.of(row, figures) for row in page.rows],
            missing=list(page.missing),
            hidden=page.hidden,
            periods=[
                PeriodFigures(
                    workflow_id=p.workflow_id,
                    cycle=Words.of(p.cycle),
                    totals=None if p.totals is None else [FigureTotal.of(t) for t in p.totals],
                )
                for p in page.periods
            ],
            used_by=[UsedByStep(step_id=u.step_id, title=Words.of(u.title), changed=u.changed) for u in page.used_by],
        )


@router.get("/figures", tags=["figures"], responses=problems())
@allow(Policy.SIGNED_IN)
def read_reports(request: Request) -> list[ReportInList]:
    """Every report with figures that the caller may read, the latest cycle of each."""
    visit = visit_of(request)
    return [
        ReportInList(
            workflow_id=line.workflow_id,
            code=line.code,
            place=Words.of(line.place),
            title=Words.of(line.title),
            handed_in=line.handed_in,
            expected=line.expected,
        )
        for line in figures_list(visit.db, visit.actor, visit.now)
    ]


@router.get("/figures/{workflow_id}/{code}", tags=["figures"], responses=problems(404, 422))
@allow(Policy.SIGNED_IN, Thing.FIGURES)
def read_figures(request: Request, workflow_id: int, code: str, day: Day = None, as_of: How = AsOf.CORRECTED) -> FiguresAnswer:
    """One report in one cycle: units × figures, sums, and the cycles before. Confidential ones are on their page alone."""
    visit = visit_of(request)
    if day and day > visit.now.today:
        raise Invalid(Text("Ngày ở tương lai.", "That day is in the future."), code="future", field="day")
    page = figures_page(visit.db, visit.actor, workflow_id, code, day=day, as_of=as_of)
    if page.confidential:
        raise NotFound()
    return FiguresAnswer.of(page)


def as_text(figure: Figure, value: object) -> str:
    """A value as text: digits with a dot before the fraction, or words."""
    return str(stored(number_of(value))) if figure.type in NUMERIC else str(value)
