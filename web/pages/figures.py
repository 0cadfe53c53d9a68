"""Figures as tables: the reports that one may read, and each as units × figures, as of any day, on a page or as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import Request, Response

from engine.access import Policy
from engine.definition import Text
from engine.errors import Invalid, Refused
from engine.instants import end_of_day
from engine.reach import Thing
from engine.standings import AsOf
from services.queries.figures_list import ReportLine, figures_list
from services.queries.figures_page import FiguresPage, figures_page
from web import figure_tables
from web.action_forms import iso_day
from web.policy import allow, pages
from web.query import address, word
from web.render import render
from web.visit import Visit, visit_of

router = pages()

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class FiguresListView:
    reports: tuple[ReportLine, ...]


@dataclass(frozen=True, slots=True)
class FiguresView:
    """``asked``: the day as it was typed; ``wrong``: what is wrong with it. ``csv`` and ``xlsx``: where the files are, "" for none."""

    table: FiguresPage
    asked: str
    wrong: Text | None
    csv: str
    xlsx: str


@router.get("/figures")
@allow(Policy.SIGNED_IN)
def show_all(request: Request) -> Response:
    """Every report with figures, the latest cycle of each."""
    visit = visit_of(request)
    return render(request, "figures.html", page=FiguresListView(figures_list(visit.db, visit.actor, visit.now)))


@router.get("/figures/{workflow_id}/{code}")
@allow(Policy.SIGNED_IN, Thing.FIGURES)
def show(request: Request, workflow_id: int, code: str) -> Response:
    """One report in one cycle; ``?day=`` as of a day, ``?as=known`` as known then (otherwise as corrected)."""
    visit, asked = visit_of(request), word(request, "day")
    try:
        day, wrong = day_of(asked, visit), None
    except Invalid as error:
        day, wrong = None, error.text
    table = read(visit, workflow_id, code, day, word(request, "as"))
    files = "" if table.confidential else f"/figures/{workflow_id}/{code}/table"
    links = {kind: address(f"{files}.{kind}", day=day, **{"as": table.as_of}) if files else "" for kind in ("csv", "xlsx")}
    return render(request, "figures_table.html", status=422 if wrong else 200, page=FiguresView(table, asked, wrong, **links))


@router.get("/figures/{workflow_id}/{code}/table.csv")
@allow(Policy.SIGNED_IN, Thing.FIGURES)
def as_csv(request: Request, workflow_id: int, code: str) -> Response:
    """The table for a spreadsheet, as text."""
    visit, page = visit_of(request), exported(request, workflow_id, code)
    return file(figure_tables.as_csv(*figure_tables.table(page, visit.units)), "text/csv; charset=utf-8", page, "csv")


@router.get("/figures/{workflow_id}/{code}/table.xlsx")
@allow(Policy.SIGNED_IN, Thing.FIGURES)
def as_xlsx(request: Request, workflow_id: int, code: str) -> Response:
    """The table as a workbook."""
    visit, page = visit_of(request), exported(request, workflow_id, code)
    head, rows = figure_tables.table(page, visit.units)
    known = "theo số liệu biết đến ngày đó" if page.as_of is AsOf.KNOWN else "đã tính các đính chính về sau"
    notes = [f"{page.place.vi}, Kế hoạch {page.plan_number}", f"Đến hết ngày {page.day or visit.now.today:%d/%m/%Y}, {known}."]
    if page.missing:
        notes.append(f"Còn thiếu {len(page.missing)} đơn vị: {', '.join(visit.units.short(u).vi for u in page.missing)}.")
    return file(figure_tables.as_xlsx(page.title.vi, notes, head, rows), XLSX, page, "xlsx")


def read(visit: Visit, workflow_id: int, code: str, day: date | None, as_of: str) -> FiguresPage:
    """The figures for the visitor; anything but "known" means as corrected."""
    known = AsOf.KNOWN if as_of == AsOf.KNOWN else AsOf.CORRECTED
    return figures_page(visit.db, visit.actor, workflow_id, code, day=day, as_of=known)


def day_of(asked: str, visit: Visit) -> date | None:
    """The day asked for; None for today. Raises Invalid for none, and for one that has not ended."""
    if not asked:
        return None
    try:
        day = date.fromisoformat(iso_day(asked))
        end_of_day(day)
    except (ValueError, OverflowError):
        raise Invalid(Text("Ngày không đúng, ví dụ 22/07/2024.", "Not a day; write 22/07/2024."), code="bad-date", field="day") from None
    if day > visit.now.today:
        raise Invalid(Text("Ngày ở tương lai.", "That day is in the future."), code="future", field="day")
    return day


def exported(request: Request, workflow_id: int, code: str) -> FiguresPage:
    """The figures for a file. Raises Refused where they are confidential: a file goes where nobody looks after it."""
    visit = visit_of(request)
    page = read(visit, workflow_id, code, day_of(word(request, "day"), visit), word(request, "as"))
    if page.confidential:
        raise Refused(Text("Nội dung mật không xuất ra tệp.", "What is confidential is not exported."), code="confidential")
    return page


def file(content: bytes, media_type: str, page: FiguresPage, kind: str) -> Response:
    """``content`` to be saved, under a name of letters that every system takes."""
    name = f"so-lieu-{page.workflow_id}-{page.code}.{kind}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
