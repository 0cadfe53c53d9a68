"""Publishing a plan: a pack is sent, every problem or everything that it would bring about is shown, and then it is published."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from engine.access import Policy
from engine.definition import PlanDefinition, Text
from engine.errors import DondocError, Invalid, PackProblem
from plans.archive import MOST_BYTES
from services.open_cycles import open_cycles
from services.proposed import PUBLISH, keep_definition, kept_definition
from services.publish import publish
from services.publish_preview import STATE_TEXT, PlannedLine, Publishing, publishing_preview
from services.published import plan_id_of
from web.addresses import with_note
from web.figure_tables import as_csv
from web.forms import read_form, texts
from web.notes import NOTES
from web.pages.plan_amend import read_archive, sent_pack
from web.policy import allow, pages
from web.query import word
from web.render import render
from web.visit import Visit, visit_of
from wiring.mail import mail_rules

router = pages()
SHOWN = 40  # rows of a table on the page; the file holds all
LATENESS = re.compile(r"(Quá hạn|Còn) \d+ ngày")
WITHOUT_DAYS = {"Quá hạn": Text("Quá hạn", "Overdue"), "Còn": Text("Sắp đến hạn", "Due soon")}
NOTES["published"] = (
    Text("Đã công bố kế hoạch và mở các chu kỳ đang chạy.", "Published; the running cycles have opened."),
    "done",
)


@dataclass(frozen=True, slots=True)
class NewView:
    """The form, with what is wrong with a pack that was sent."""

    problems: tuple[PackProblem, ...] = ()
    error: DondocError | None = None
    most: int = MOST_BYTES


@dataclass(frozen=True, slots=True)
class PublishView:
    """What publishing would bring about. ``kinds``: (what, how many) of the mails; ``states``: words by state; ``names`` of units by code.

    ``token`` agrees to it. ``rows``: the first steps, each with its units; ``more``: how many lines of the file they leave out.
    """

    found: Publishing
    token: str
    kinds: tuple[tuple[Text, int], ...]
    states: dict[str, Text]
    names: dict[str, Text]
    rows: tuple[tuple[PlannedLine, tuple[str, ...]], ...]
    more: int
    error: DondocError | None = None


@router.get("/plans/new")
@allow(Policy.OFFICE)
def show(request: Request) -> Response:
    """The form that takes a pack."""
    return render(request, "plan_new.html", page=NewView())


@router.post("/plans/new/preview")
@allow(Policy.OFFICE)
async def preview(request: Request) -> Response:
    """Every problem of the pack, or everything that publishing it would bring about."""
    data = await sent_pack(await read_form(request))
    return await run_in_threadpool(_sent, request, data)


@router.get("/plans/new/steps.csv")
@allow(Policy.OFFICE)
def steps(request: Request) -> Response:
    """Every step, unit and date of a pack that was sent, as CSV."""
    visit = visit_of(request)
    found = _found(visit, kept_definition(visit.db, word(request, "token"), PUBLISH, actor=visit.actor))
    names = {unit.code: unit.name_on(visit.now.today).name.vi for unit in found.definition.units}
    rows = [
        [each.name.vi, str(each.number), each.title.vi, each.unit, names.get(each.unit, each.unit),
         f"{each.on:%d/%m/%Y}" if each.on else "", "dự kiến" if each.estimated and each.on else "", STATE_TEXT[each.state].vi]
        for each in found.lines
    ]  # fmt: skip
    head = ["Quy trình", "Bước", "Tên bước", "Mã đơn vị", "Đơn vị", "Hạn", "Ghi chú", "Tình trạng"]
    return _csv("cac-buoc", as_csv(head, rows))


@router.get("/plans/new/mails.csv")
@allow(Policy.OFFICE)
def mails(request: Request) -> Response:
    """Every mail of the first days of a pack that was sent, as CSV."""
    visit = visit_of(request)
    found = _found(visit, kept_definition(visit.db, word(request, "token"), PUBLISH, actor=visit.actor))
    rows = [[f"{m.on:%d/%m/%Y}", m.name, m.how, m.what.vi, m.place, m.title, m.why.vi] for m in found.mails]
    return _csv("thu", as_csv(["Ngày", "Người nhận", "Cách", "Báo gì", "Việc", "Tên bước", "Vì sao"], rows))


@router.post("/plans/new")
@allow(Policy.OFFICE)
async def consent(request: Request) -> Response:
    """Publish what was shown; sent twice it is published once."""
    form = texts(await read_form(request))
    return await run_in_threadpool(_published, request, form)


def _csv(name: str, body: bytes) -> Response:
    return Response(body, media_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}.csv"'})


def _found(visit: Visit, definition: PlanDefinition) -> Publishing:
    calendar = visit.context.calendar().with_overrides(definition.calendar)
    hours = mail_rules(visit.context.settings, calendar).hours
    return publishing_preview(visit.db, definition, now=visit.now, calendar=calendar, hours=hours)


def _sent(request: Request, data: bytes) -> Response:
    visit = visit_of(request)
    try:
        definition, problems = read_archive(data)
        if definition is not None:
            found = _found(visit, definition)
            return _shown(request, found, keep_definition(visit.db, definition, PUBLISH, actor=visit.actor, now=visit.now))
    except DondocError as problem:
        return render(request, "plan_new.html", status=problem.http_status, page=NewView(error=problem))
    return render(request, "plan_new.html", status=422, page=NewView(tuple(problems)))


def _shown(request: Request, found: Publishing, token: str, error: DondocError | None = None) -> Response:
    kinds = tuple(Counter(_kind(m.what) for m in found.mails).most_common())
    names = {unit.code: unit.name_on(visit_of(request).now.today).short for unit in found.definition.units}
    rows = found.gathered[:SHOWN]
    more = len(found.lines) - sum(len(units) for _, units in rows)
    view = PublishView(found, token, kinds, STATE_TEXT, names, rows, more, error)
    return render(request, "plan_publish.html", status=error.http_status if error else 200, page=view)


def _kind(what: Text) -> Text:
    """What is told, whatever the number of its days: years of them would be a list of their own."""
    found = LATENESS.fullmatch(what.vi)
    return WITHOUT_DAYS[found[1]] if found else what


def _published(request: Request, form: dict[str, str]) -> Response:
    visit, token = visit_of(request), form.get("preview", "")
    definition = kept_definition(visit.db, token, PUBLISH, actor=visit.actor)
    found = _found(visit, definition)
    if found.seen != form.get("seen"):
        changed = Text("Ngày đã sang ngày khác; xin xem lại.", "It is another day by now; please look again.")
        return _shown(request, found, token, Invalid(changed, code="preview-changed"))
    publish(visit.db, definition, now=visit.now, actor=visit.actor)
    open_cycles(visit.db, now=visit.now, calendar=visit.context.calendar())
    return RedirectResponse(with_note(f"/plans/{plan_id_of(visit.db, definition.number)}", "published"), 303)
