"""Closing a cycle or a year: what is still open with what becomes of it, the consent, and the way back."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from engine.access import Policy
from engine.cycle_close import DISPOSITION_TEXT, Decision, Disposition
from engine.definition import Text
from engine.errors import DondocError, Invalid, InvalidFields
from engine.payload import day as day_of
from services.close_cycle import close_cycle
from services.queries.closing_page import ClosingPage, OpenStep, closing_page
from services.reopen_cycle import reopen_cycle
from web.action_forms import iso_day
from web.addresses import with_note
from web.forms import NOTHING_TYPED, Typed, read_form, texts
from web.notes import NOTES
from web.policy import allow, pages
from web.render import render
from web.visit import visit_of

router = pages()

FORM = "close"
NOTES["cycle-closed"] = (Text("Đã kết sổ chu kỳ; số liệu đã chốt.", "The cycle is closed; its figures are frozen."), "done")
NOTES["cycle-reopened"] = (Text("Đã mở lại chu kỳ.", "The cycle is open again."), "done")


@dataclass(frozen=True, slots=True)
class ClosingView:
    """The preview with what consenting needs. ``error``: why it was not done."""

    closing: ClosingPage
    words: dict[Disposition, Text]
    typed: Typed
    key: str
    error: DondocError | None

    def chosen(self, step: OpenStep) -> str:
        """What is chosen for ``step``: as typed, else as suggested."""
        return self.typed.value(FORM, f"decision.{step.id}", step.suggested.value)

    def problem(self, name: str, step: OpenStep) -> str:
        """What is wrong with a field of ``step``."""
        return self.typed.error(FORM, f"{name}.{step.id}")


@router.get("/workflows/{workflow_id}/close")
@allow(Policy.AGENCY)
def show(request: Request, workflow_id: int) -> Response:
    """Every open step with what is suggested for it."""
    return _page(request, workflow_id, NOTHING_TYPED, secrets.token_urlsafe(12))


@router.post("/workflows/{workflow_id}/close")
@allow(Policy.AGENCY)
async def close(request: Request, workflow_id: int) -> Response:
    """Close the cycle as chosen; what is wrong comes back beside its field."""
    form = await read_form(request)
    return await run_in_threadpool(_closed, request, workflow_id, form)


@router.get("/workflows/{workflow_id}/reopen")
@allow(Policy.AGENCY)
def ask_reopening(request: Request, workflow_id: int) -> Response:
    """Why it is to be reopened."""
    return _reopening(request, workflow_id, NOTHING_TYPED, secrets.token_urlsafe(12))


@router.post("/workflows/{workflow_id}/reopen")
@allow(Policy.AGENCY)
async def reopen(request: Request, workflow_id: int) -> Response:
    """Take the closing back."""
    form = texts(await read_form(request))
    return await run_in_threadpool(_reopened, request, workflow_id, form)


def _closed(request: Request, workflow_id: int, form: FormData) -> Response:
    visit, values = visit_of(request), texts(form)
    key = values.get("key") or secrets.token_urlsafe(12)
    try:
        close_cycle(
            visit.db, workflow_id, decisions_of(values), reason=values.get("reason", ""), actor=visit.actor, key=key, now=visit.now,
            calendar=visit.context.calendar(), seen=values.get("seen") or None,
        )  # fmt: skip
    except InvalidFields as problem:
        errors = {name: text.in_(visit.language) for name, text in problem.problems.items()}
        return _page(request, workflow_id, Typed(FORM, values, errors), key, problem)
    except Invalid as problem:
        return _page(request, workflow_id, Typed(FORM, values), secrets.token_urlsafe(12), problem)
    return RedirectResponse(with_note(f"/workflows/{workflow_id}", "cycle-closed"), 303)


def decisions_of(values: dict[str, str]) -> dict[int, Decision]:
    """What was chosen for each step: fields ``decision.7``, ``until.7``, ``reason.7``. Raises `InvalidFields`."""
    found: dict[int, Decision] = {}
    problems: dict[str, Text] = {}
    for name, value in values.items():
        head, _, number = name.partition(".")
        if head != "decision" or not number.isdecimal() or len(number) > 18:
            continue
        if value not in set(Disposition):
            problems[name] = Text("Chọn một cách xử lý.", "Choose what becomes of it.")
            continue
        try:
            until = day_of({"until": iso_day(values.get(f"until.{number}", ""))}, "until")
        except Invalid as error:
            problems[f"until.{number}"] = error.text
            continue
        found[int(number)] = Decision(Disposition(value), values.get(f"reason.{number}", ""), until)
    if problems:
        raise InvalidFields(problems)
    return found


def _page(request: Request, workflow_id: int, typed: Typed, key: str, error: DondocError | None = None) -> Response:
    visit = visit_of(request)
    found = closing_page(visit.db, visit.actor, workflow_id, visit.now)
    view = ClosingView(found, DISPOSITION_TEXT, typed, key, error)
    return render(request, "close_cycle.html", status=error.http_status if error else 200, page=view)


def _reopened(request: Request, workflow_id: int, values: dict[str, str]) -> Response:
    visit = visit_of(request)
    key = values.get("key") or secrets.token_urlsafe(12)
    try:
        reopen_cycle(
            visit.db, workflow_id, reason=values.get("reason", ""), actor=visit.actor, key=key, now=visit.now,
            calendar=visit.context.calendar(),
        )  # fmt: skip
    except InvalidFields as problem:
        errors = {name: text.in_(visit.language) for name, text in problem.problems.items()}
        return _reopening(request, workflow_id, Typed(FORM, values, errors), key, problem)
    return RedirectResponse(with_note(f"/workflows/{workflow_id}", "cycle-reopened"), 303)


def _reopening(request: Request, workflow_id: int, typed: Typed, key: str, error: DondocError | None = None) -> Response:
    visit = visit_of(request)
    found = closing_page(visit.db, visit.actor, workflow_id, visit.now)
    view = ClosingView(found, DISPOSITION_TEXT, typed, key, error)
    return render(request, "reopen_cycle.html", status=error.http_status if error else 200, page=view)
