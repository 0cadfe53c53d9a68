"""Forms as they come: read once, within limits; and what a template needs to show one again."""

from __future__ import annotations

from dataclasses import dataclass, field

from fastapi import Request
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException

from web.limits import Unfit
from web.reading import Reader, reader_of
from web.visit import Visit

UNREADABLE = 400  # no form, or one of more or longer fields than any page of ours has


async def read_form(request: Request, *, keeps: bool = True) -> FormData:
    """The form of ``request``; reading it a second time gives the same one, also where only the request's head is known any more.

    ``keeps``: its files are wanted. Raises `Unfit` for one beyond the limits, `StorageFull` where its files find no room; what came of it
    all the same is in `broken_off` then.
    """
    if (known := form_read(request)) is not None:
        return known
    reader = request.state.form = reader_of(request, keeps=keeps, waits=is_signed_in(request))  # until it is read
    try:
        form = await reader.parse()
    except MultiPartException as problem:
        raise Unfit(UNREADABLE) from problem
    if reader.refused is not None:
        raise reader.refused
    request.state.form = form
    return form


def form_read(request: Request) -> FormData | None:
    """The form as far as it was read already, None if it was not."""
    form = getattr(request.state, "form", None)
    return form if isinstance(form, FormData) else None


def broken_off(request: Request) -> Reader | None:
    """Who read the form, where that was begun and gave none: then it cannot be read again. None otherwise."""
    form = getattr(request.state, "form", None)
    return None if isinstance(form, FormData) else form


async def close_form(request: Request) -> None:
    """Let go of the temporary files of the form, if there is one."""
    if (form := form_read(request)) is not None:
        await form.close()


def is_signed_in(request: Request) -> bool:
    """Whether it is known already that somebody who has signed in asks."""
    visit = getattr(request.state, "visit", None)
    return isinstance(visit, Visit) and visit.person is not None


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
