"""One request's visitor: who it is, when it is, in which language."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from fastapi import Request

from engine.access import Actor
from engine.definition import Text
from engine.errors import Refused
from engine.instants import Now
from models.database import Database
from services.accounts import Person
from services.acting_for import ActingFor
from services.api_tokens import Bearer
from services.queries.units import UnitNames, unit_names
from wiring.context import AppContext


@dataclass(slots=True)
class Visit:
    """``person`` is None for somebody who has not signed in; ``csrf`` is "" then. ``now`` is asked once per request.

    ``acting_for``: the absent person in whose place the visitor acts, None for themselves.
    ``bearer``: the API token by which a program acts as ``person``, None for a browser.
    ``owes``: the office requires the second factor of the visitor, and this session began without it.
    ``proved_at``: when a browser's visitor last showed who they are (system time).
    """

    context: AppContext
    now: Now
    language: str
    person: Person | None = None
    csrf: str = ""
    acting_for: ActingFor | None = None
    bearer: Bearer | None = None
    owes: bool = False
    proved_at: datetime | None = None
    _units: UnitNames | None = field(default=None, repr=False)

    @property
    def db(self) -> Database:
        """The application's database."""
        return self.context.db

    @property
    def actor(self) -> Actor:
        """Who acts. Raises `Refused` where nobody is signed in: such a route has the wrong policy."""
        if self.person is None:
            raise Refused(Text("Bạn chưa đăng nhập.", "You are not signed in."), code="sign-in")
        return self.person.actor

    @property
    def units(self) -> UnitNames:
        """The names of the units today, read once."""
        if self._units is None:
            self._units = unit_names(self.db, self.now.today)
        return self._units


def visit_of(request: Request) -> Visit:
    """The visit that the gate opened for ``request``."""
    visit: Visit = request.state.visit
    return visit


def context_of(request: Request) -> AppContext:
    """The application's context, for code that runs before the gate."""
    context: AppContext = request.app.state.context
    return context
