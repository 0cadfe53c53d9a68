"""Looking at a past day: ``?as_of=22/07/2024&view=known|corrected`` on the pages that count."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from engine import payload as given
from engine.as_of import VIEW_TEXT, View
from engine.definition import Text
from engine.errors import Invalid
from engine.instants import Now
from services.as_of import Past, instant_of
from web.action_forms import iso_day
from web.query import word


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form of a page asks for: ``past`` is None for the present. ``typed`` comes back with ``error`` beside it."""

    typed: str
    view: View
    past: Past | None
    error: Text | None

    @property
    def views(self) -> tuple[tuple[str, Text], ...]:
        """The choices of the form."""
        return tuple((view.value, text) for view, text in VIEW_TEXT.items())

    @property
    def view_text(self) -> Text:
        """The chosen one in words."""
        return VIEW_TEXT[self.view]


def asked(request: Request, now: Now) -> Asked:
    """What the address asks for; a day that is none or has not come is said beside the field, and the present is shown."""
    typed = word(request, "as_of")
    view = View.CORRECTED if word(request, "view") == View.CORRECTED else View.KNOWN
    try:
        day = given.day({"as_of": iso_day(typed)}, "as_of")
        past = Past(day, view, instant_of(day, now)) if day else None
    except Invalid as wrong:
        return Asked(typed, view, None, wrong.text)
    return Asked(typed, view, past, None)
