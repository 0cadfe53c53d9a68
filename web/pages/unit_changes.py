"""Changes of units: a form, everything that would follow with an exception for each step, consent, and taking back before the day."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from engine.access import Policy
from engine.coherence.problems import Problem
from engine.definition import Text
from engine.errors import DondocError, InvalidFields
from engine.unit_proposal import FIELDS, LISTS, MOST, SHARED, PartForm, change_of
from engine.units import UnitChange
from services.queries.unit_changes import STATE_TEXT, UnitsPage, units_page
from services.unit_change import plan_change, propose, was_planned, withdraw
from services.unit_preview import Preview
from web.action_forms import iso_day
from web.addresses import with_note
from web.forms import NOTHING_TYPED, Typed, read_form, texts
from web.notes import NOTES
from web.policy import allow, pages
from web.render import render
from web.visit import Visit, visit_of

router = pages()

HOME = "/admin/units/change"
FORM = "change"
STEP = "step-"
MOST_EXCEPTIONS = 100  # selects on one page
ROWS = tuple("" if n == 1 else f".{n}" for n in range(1, MOST + 1))  # what the names of a part's fields end in
KINDS = (
    ("merge", Text("Sáp nhập: nhiều đơn vị thành một", "Merger: many units become one")),
    ("split", Text("Chia tách: một đơn vị thành nhiều", "Split: one unit becomes many")),
    ("end", Text("Kết thúc, có đơn vị kế thừa", "End, with successors")),
    ("rename", Text("Đổi tên, đổi loại", "New name or type")),
)
NOTES["units-planned"] = (Text("Đã ghi thay đổi; áp dụng lúc 00:00 ngày hiệu lực.", "Kept; it is applied at 00:00 of its day."), "done")
NOTES["units-withdrawn"] = (Text("Đã rút thay đổi.", "The change is taken back."), "done")


@dataclass(frozen=True, slots=True)
class ChangeView:
    """The form with what was typed, what is wrong, and the changes that were recorded. ``rows``: the suffix of each part."""

    units: UnitsPage
    typed: Typed
    problems: tuple[Problem, ...]
    rows: tuple[str, ...]
    most: int = MOST
    kinds: tuple[tuple[str, Text], ...] = KINDS

    @property
    def codes(self) -> tuple[str, ...]:
        """The units that exist."""
        return tuple(line.unit.code for line in self.units.lines)


@dataclass(frozen=True, slots=True)
class PreviewView:
    """What would follow, with what consenting needs. ``successors``: the units among which a step may choose."""

    preview: Preview
    typed: Typed
    fields: tuple[tuple[str, str], ...]
    successors: tuple[tuple[str, Text], ...]
    key: str
    error: DondocError | None
    most: int = MOST_EXCEPTIONS

    def default(self, unit: str) -> str:
        """Who takes on what ``unit`` leaves, unless a step says otherwise."""
        return self.preview.change.default_after(unit)

    def suffix(self, unit: str) -> str:
        """That of the part in which ``unit`` ends."""
        return next((suffix for suffix, part in zip(ROWS, self.preview.change.parts, strict=False) if unit in part.ending), "")


@router.get(HOME)
@allow(Policy.OFFICE)
def show(request: Request) -> Response:
    """The form, and the changes that were recorded."""
    return _page(request, visit_of(request), NOTHING_TYPED)


@router.post(f"{HOME}/more")
@allow(Policy.OFFICE)
async def one_more(request: Request) -> Response:
    """The form with what was typed and one more part of the same document."""
    form = await read_form(request)
    return await run_in_threadpool(_page, request, visit_of(request), _typed(texts(form), _lists(form)), more=1)


@router.post(f"{HOME}/preview")
@allow(Policy.OFFICE)
async def preview(request: Request) -> Response:
    """Everything that would follow; what is wrong comes back beside its field."""
    form = await read_form(request)
    return await run_in_threadpool(_previewed, request, texts(form), _lists(form))


@router.post(HOME)
@allow(Policy.OFFICE)
async def consent(request: Request) -> Response:
    """Keep the change for its day; if it would do something else by now, that is shown first."""
    form = await read_form(request)
    return await run_in_threadpool(_agreed, request, texts(form), _lists(form))


@router.post("/admin/units/changes/{number}/withdraw")
@allow(Policy.OFFICE)
def take_back(request: Request, number: int) -> Response:
    """Take a planned change back."""
    visit = visit_of(request)
    withdraw(visit.db, number, actor=visit.actor, now=visit.now)
    return RedirectResponse(with_note(HOME, "units-withdrawn"), 303)


def _previewed(request: Request, form: dict[str, str], lists: dict[str, list[str]], error: DondocError | None = None) -> Response:
    visit = visit_of(request)
    try:
        change = _read(form, lists)
    except InvalidFields as problem:
        return _page(request, visit, _typed(form, lists, problem, visit.language), status=problem.http_status)
    found = propose(visit.db, change, now=visit.now)
    if found.errors:
        return _page(request, visit, _typed(form, lists), problems=found.errors, status=422)
    key = form.get("key") or secrets.token_urlsafe(12)
    view = PreviewView(found, _typed(form, lists), _kept(form, lists), _successors(change, visit), key, error)
    return render(request, "unit_change_preview.html", status=error.http_status if error else 200, page=view)


def _agreed(request: Request, form: dict[str, str], lists: dict[str, list[str]]) -> Response:
    visit = visit_of(request)
    key = form.get("key") or secrets.token_urlsafe(12)
    if not was_planned(visit.db, visit.actor, key):
        try:
            change = _read(form, lists)
            plan_change(visit.db, change, actor=visit.actor, key=key, now=visit.now, seen=form.get("seen", ""))
        except DondocError as problem:
            return _previewed(request, form, lists, problem)
    return RedirectResponse(with_note(HOME, "units-planned"), 303)


def _lists(form: FormData) -> dict[str, list[str]]:
    """What was chosen in the lists of every part that was sent."""
    return {name + row: [str(v) for v in form.getlist(name + row)] for row in ROWS for name in LISTS if name + row in form}


def _rows(form: Mapping[str, str], lists: Mapping[str, list[str]]) -> tuple[str, ...]:
    """The suffixes of the parts that were typed: up to the last one that says anything; at least the first."""
    said = [n for n, row in enumerate(ROWS, 1) if any(form.get(f + row) for f in FIELDS) or any(any(lists.get(f + row, ())) for f in LISTS)]
    return ROWS[: max(said, default=1)]


def _read(form: dict[str, str], lists: dict[str, list[str]]) -> UnitChange:
    """The form judged by the rules; a step's own choice counts where it is not the default successor."""
    return change_of({**form, "on": iso_day(form.get("on", ""))}, [_part(form, lists, row) for row in _rows(form, lists)])


def _part(form: dict[str, str], lists: dict[str, list[str]], row: str) -> PartForm:
    chosen = {}
    for name, unit in form.items():
        step, dot, number = name.removeprefix(STEP).partition(".")
        if name.startswith(STEP) and step.isdecimal() and dot + number == row and unit:
            chosen[int(step)] = unit
    units, into = ([u for u in lists.get(name + row, ()) if u] for name in LISTS)
    return PartForm(row, {name: form.get(name + row, "") for name in FIELDS}, units, into, chosen)


def _successors(change: UnitChange, visit: Visit) -> tuple[tuple[str, Text], ...]:
    """Every unit that is there afterwards, the named successors first."""
    named = [share.unit for shares in change.heirs.values() for share in shares]
    others = [line.unit.code for line in units_page(visit.db, visit.now).lines if line.unit.code not in change.heirs]
    new = {unit.code: unit.names[0].name for unit in change.new_units}
    return tuple((code, new.get(code) or visit.units.name(code)) for code in dict.fromkeys([*named, *others]))


def _kept(form: dict[str, str], lists: dict[str, list[str]]) -> tuple[tuple[str, str], ...]:
    """What the form said, to be sent again with the consent."""
    single = [(name, form[name]) for name in _names() if form.get(name) and name not in lists]
    return (*single, *((name, value) for name, values in lists.items() for value in values))


def _names() -> tuple[str, ...]:
    """The names of all fields of the form."""
    return (*SHARED, *(name + row for row in ROWS for name in FIELDS))


def _typed(form: dict[str, str], lists: dict[str, list[str]], problem: InvalidFields | None = None, language: str = "vi") -> Typed:
    errors = {name: text.in_(language) for name, text in problem.problems.items()} if problem else {}
    values = {name: value for name, value in form.items() if name in _names() or name.startswith(STEP)}
    return Typed(FORM, values, errors, lists)


def _page(
    request: Request, visit: Visit, typed: Typed, *, problems: tuple[Problem, ...] = (), status: int = 200, more: int = 0
) -> Response:  # fmt: skip
    rows = ROWS[: len(_rows(typed.values, typed.lists)) + more]
    view = ChangeView(units_page(visit.db, visit.now), typed, problems, rows)
    return render(request, "unit_change.html", status=status, page=view, states=STATE_TEXT)
