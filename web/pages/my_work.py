"""The first page after signing in: what waits for me, the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from engine.access import Policy
from engine.definition import Text
from models.reading.my_work import Handled
from services.introductions import Part, introduction, put_away
from services.queries.my_work import Group, GroupCode, MyWork, my_work
from web.addresses import with_note
from web.notes import NOTES
from web.policy import allow, pages
from web.query import address, word
from web.render import render
from web.visit import visit_of

router = pages()
NOTES["introduced"] = (Text("Lời giới thiệu đã cất đi.", "The introduction is put away."), "done")


@dataclass(frozen=True, slots=True)
class MyWorkView:
    """My work. ``part``: as whom the visitor is introduced, None where no introduction is needed."""

    work: MyWork
    part: Part | None

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups of what waits."""
        return self.work.groups

    @property
    def has_units(self) -> bool:
        """Whether the account belongs to a unit at all."""
        return self.work.has_units

    @property
    def handled(self) -> Handled:
        """Which of the units' own steps are shown."""
        return self.work.handled

    @property
    def choices(self) -> tuple[tuple[Handled, str, int], ...]:
        """Each choice of steps with its address and count; () while nobody is named anywhere, so that there is nothing to choose."""
        own = self.work.own
        named = own.get(Handled.ALL, 0) != own.get(Handled.NOBODYS, 0)
        return tuple((h, address("/", handler=h.value), own[h]) for h in Handled) if named or self.handled else ()

    @property
    def late_approvals(self) -> int:
        """How many steps wait for the visitor's decision beyond its date."""
        return self.work.late_approvals

    def total(self, code: str) -> int:
        """How many rows the group ``code`` has in all."""
        return self.work.total(code)


@router.get("/")
@allow(Policy.SIGNED_IN)
def show(request: Request) -> Response:
    """My work; of the units' own steps those that ``?handler=`` asks for: me | nobody."""
    visit = visit_of(request)
    found = my_work(visit.db, visit.actor, visit.now, handled_of(word(request, "handler")))
    part = introduction(visit.db, visit.actor, approves=bool(found.total(GroupCode.TO_APPROVE)))
    return render(request, "my_work.html", page=MyWorkView(found, part))


def handled_of(asked: str) -> Handled:
    """What an address asks for; every step where it makes no sense."""
    return next((h for h in Handled if h.value == asked), Handled.ALL)


@router.post("/introduction")
@allow(Policy.SIGNED_IN)
def introduced(request: Request) -> Response:
    """The visitor needs no introduction any more."""
    visit = visit_of(request)
    put_away(visit.db, visit.actor, now=visit.now)
    return RedirectResponse(with_note("/", "introduced"), 303)
