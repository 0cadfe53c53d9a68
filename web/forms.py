"""Forms as they come: read once, within limits; and what a template needs to show one again."""

from __future__ import annotations

from dataclasses import dataclass, field

from fastapi import Request
from starlette.datastructures import FormData

MAX_FIELDS = 1000  # closing a cycle of many units asks three things of each step
MAX_FILES = 10
MAX_TEXT = 64 * 1024  # bytes of one text field
BROKEN_OFF = object()


async def read_form(request: Request) -> FormData:
    """The form of ``request``; reading it a second time gives the same one, also where only the request's head is known any more."""
    if (known := form_read(request)) is not None:
        return known
    request.state.form = BROKEN_OFF  # until it is read
    form = await request.form(max_files=MAX_FILES, max_fields=MAX_FIELDS, max_part_size=MAX_TEXT)
    request.state.form = form
    return form


def form_read(request: Request) -> FormData | None:
    """The form as far as it was read already, None if it was not."""
    form = getattr(request.state, "form", None)
    return form if isinstance(form, FormData) else None


def broke_off(request: Request) -> bool:
    """Whether reading the form was begun and did not end: then it cannot be read again."""
    return getattr(request.state, "form", None) is BROKEN_OFF


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed into the form of ``form`` (an action's name), with what is wrong: it comes back on the page."""

    form: str = ""
    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)

    def value(self, form: str, name: str, default: str = "") -> str:
        """What was typed into ``name`` of ``form``, else ``default``."""
        return self.values.get(name, default) if form == self.form else default

    def error(self, form: str, name: str) -> str:
        """What is wrong with ``name`` of ``form``; "" if nothing."""
        return self.errors.get(name, "") if form == self.form else ""

    def chosen(self, form: str, name: str, value: str) -> bool:
        """Whether ``value`` was ticked in the list ``name`` of ``form``."""
        return form == self.form and value in self.lists.get(name, [])


NOTHING_TYPED = Typed()


def secret(form: FormData, name: str) -> str:
    """The field ``name`` exactly as it was sent, blanks at its ends included: they may belong to a password."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def number_of(text: str) -> int | None:
    """The number that ``text`` names something by; None for what is none, or has more digits than anything here is numbered with."""
    return int(text) if text.isdecimal() and len(text) < 18 else None


def texts(form: FormData) -> dict[str, str]:
    """The text fields of ``form``, line ends as one character; the last of several with one name."""
    return {name: value.replace("\r\n", "\n").strip() for name, value in form.multi_items() if isinstance(value, str)}
