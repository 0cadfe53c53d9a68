"""Who works where, for heads of units and administrators; handing over everything to a successor; the sheet to print."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from engine.access import Actor, Policy
from engine.definition import Text
from engine.errors import InvalidFields
from engine.people import ROLES, refusal
from engine.reach import Thing
from services.accounts_found import WantedAccounts, found_people
from services.hand_over import HandOver, hand_over
from services.memberships import Employee, Staff, add_member, employee, end_member, staff
from services.queries.hand_over_sheet import HandOverSheet, hand_over_sheet
from web.action_forms import iso_day
from web.addresses import with_note
from web.forms import NOTHING_TYPED, Typed, read_form, texts
from web.notes import NOTES
from web.policy import allow, pages
from web.query import address, word
from web.render import render
from web.visit import visit_of

router = pages()
PATH = "/people"
ADD, HAND_OVER = "add", "hand-over"
NOTES["member-added"] = (Text("Đã ghi người vào đơn vị.", "They belong to the unit now."), "done")
NOTES["member-ended"] = (Text("Người này không còn thuộc đơn vị.", "They no longer belong to the unit."), "done")
NOTES["handed-over"] = (Text("Đã bàn giao.", "Everything is handed over."), "done")


@dataclass(frozen=True, slots=True)
class PeopleView:
    """``found``: those of the staff that are ``wanted``; ``query`` asks for them again. ``roles``: what one can be in a unit.

    ``viewer``: who looks.
    """

    staff: Staff
    found: tuple[Employee, ...]
    wanted: WantedAccounts
    query: str
    typed: Typed
    roles: dict[str, Text]
    viewer: Actor

    @property
    def to_give(self) -> list[tuple[str, Text]]:
        """The roles that the viewer may give."""
        return [(role, self.roles[role]) for role in self.staff.gives]

    def may_change(self, person: Employee) -> bool:
        """Whether the viewer may change that person's places, hand over for them, give them a code."""
        held = [place.role for place in person.places]
        return refusal(self.viewer, (place.unit for place in person.places), office_roles=person.roles, held=held) is None


@dataclass(frozen=True, slots=True)
class HandOverView:
    """``found`` is what would move, None before it was asked for. ``candidates``: who may take over."""

    person: Employee
    found: HandOver | None
    candidates: tuple[Employee, ...]
    typed: Typed
    roles: dict[str, Text]


@dataclass(frozen=True, slots=True)
class SheetView:
    """The sheet to print."""

    sheet: HandOverSheet


@router.get(PATH)
@allow(Policy.PEOPLE)
def show(request: Request) -> Response:
    """The people whom the visitor may change, narrowed by ``?q=`` (words) and ``?unit=``."""
    return people_page(request)


@router.post(PATH)
@allow(Policy.PEOPLE)
async def add(request: Request) -> Response:
    """Add an account to a unit; what is wrong comes back beside its field."""
    form = texts(await read_form(request))
    return await run_in_threadpool(_add, request, form)


@router.post(f"{PATH}/{{account_id}}/units/{{unit}}/end")
@allow(Policy.PEOPLE)
def end(request: Request, account_id: int, unit: str) -> Response:
    """End somebody's place in a unit."""
    visit = visit_of(request)
    end_member(visit.db, visit.actor, account_id, unit, now=visit.now)
    return RedirectResponse(with_note(list_address(wanted_of(request)), "member-ended"), 303)


@router.get(f"{PATH}/{{account_id}}/hand-over")
@allow(Policy.PEOPLE)
def ask(request: Request, account_id: int) -> Response:
    """The form that hands over everything of a person."""
    return hand_over_page(request, account_id)


@router.post(f"{PATH}/{{account_id}}/hand-over")
@allow(Policy.PEOPLE)
async def give(request: Request, account_id: int) -> Response:
    """Show what would move; with ``do=apply`` move it."""
    form = texts(await read_form(request))
    return await run_in_threadpool(_give, request, account_id, form)


@router.get(f"{PATH}/{{account_id}}/sheet")
@allow(Policy.SIGNED_IN, Thing.SHEET)
def sheet(request: Request, account_id: int) -> Response:
    """The sheet of a person's open work, to print."""
    visit = visit_of(request)
    return render(request, "hand_over_sheet.html", page=SheetView(hand_over_sheet(visit.db, visit.actor, account_id, visit.now)))


def wanted_of(request: Request) -> WantedAccounts:
    """What an address asks for; a unit that nobody knows asks for nothing."""
    unit = word(request, "unit")
    return WantedAccounts(word(request, "q"), unit if unit in visit_of(request).units.labels else "")


def list_address(wanted: WantedAccounts) -> str:
    """Where the list that is wanted stands."""
    return address(PATH, q=wanted.words, unit=wanted.unit)


def people_page(request: Request, typed: Typed = NOTHING_TYPED, *, status: int = 200) -> Response:
    """The list with its form."""
    visit, wanted = visit_of(request), wanted_of(request)
    people = staff(visit.db, visit.actor, visit.now)
    found = found_people(people.people, wanted, lambda code: (visit.units.name(code).vi, visit.units.name(code).en))
    view = PeopleView(people, found, wanted, list_address(wanted).removeprefix(PATH), typed, ROLES, visit.actor)
    return render(request, "people.html", status=status, page=view)


def hand_over_page(
    request: Request, account_id: int, typed: Typed = NOTHING_TYPED, *, found: HandOver | None = None, status: int = 200
) -> Response:
    """The form, with what would move once it is known."""
    visit = visit_of(request)
    person = employee(visit.db, visit.actor, account_id, visit.now)
    others = tuple(p for p in staff(visit.db, visit.actor, visit.now).people if p.account_id != account_id)
    return render(request, "hand_over.html", status=status, page=HandOverView(person, found, others, typed, ROLES))


def _add(request: Request, form: dict[str, str]) -> Response:
    visit = visit_of(request)
    try:
        add_member(visit.db, visit.actor, form, now=visit.now)
    except InvalidFields as wrong:
        return people_page(request, _typed(ADD, form, wrong, visit.language), status=wrong.http_status)
    return RedirectResponse(with_note(PATH, "member-added"), 303)


def _give(request: Request, account_id: int, form: dict[str, str]) -> Response:
    visit = visit_of(request)
    given = {"successor": form.get("successor", ""), "first_away": iso_day(form.get("first_away", ""))}
    apply = form.get("do") == "apply"
    try:
        found = hand_over(visit.db, visit.actor, account_id, given, now=visit.now, confirmed=apply)
    except InvalidFields as wrong:
        return hand_over_page(request, account_id, _typed(HAND_OVER, form, wrong, visit.language), status=wrong.http_status)
    if apply:
        return RedirectResponse(with_note(PATH, "handed-over"), 303)
    return hand_over_page(request, account_id, Typed(HAND_OVER, form), found=found)


def _typed(name: str, form: dict[str, str], wrong: InvalidFields, language: str) -> Typed:
    return Typed(name, form, {field: text.in_(language) for field, text in wrong.problems.items()})
