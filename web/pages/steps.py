"""The page of a step, and every action on it: parse, act, say what happened. What is refused comes back with what was typed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from fastapi import Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from engine.access import Actor, Policy
from engine.definition import Text
from engine.errors import DondocError, InvalidFields, NotFound, Refused, Stale
from engine.reach import Thing
from engine.step_up import asks
from engine.transitions import Action
from services.attachments import serve
from services.file_types import ACCEPT
from services.proofs import Way
from services.queries.extension_preview import OvertakenLine, extension_preview
from services.queries.step_history import DONE
from services.queries.step_offers import ActionOffer
from services.queries.step_page import StepPage, step_page
from web.acting import attach_files, stored_files, take_action
from web.action_forms import FormField, forms_for, iso_day, payload_of, uploads
from web.addresses import own_path, with_note
from web.field_words import told
from web.forms import NOTHING_TYPED, Typed, number_of, read_form, secret, texts
from web.notes import NOTES
from web.policy import allow, pages
from web.proof import due_way, take_proof
from web.render import render
from web.visit import Visit, visit_of

router = pages()

NOTES.update({str(a): (Text(f"Đã {did.vi}.", f"Done: you {did.en}."), "done") for a, (_, did) in DONE.items()})
MAIN = (Action.APPROVE, Action.ACCEPT, Action.SUBMIT, Action.RESUME)
WORDS_ALONE = frozenset({Action.COMMENT, Action.PROGRESS, Action.CONTRIBUTE})
GRAVE = frozenset({Action.REFUSE, Action.CANCEL, Action.MARK_NOT_APPLICABLE})


@dataclass(frozen=True, slots=True)
class Overtaken:
    """What granting more time until ``until`` would overtake."""

    until: date
    lines: tuple[OvertakenLine, ...]


@dataclass(frozen=True, slots=True)
class StepView:
    """The step's page with what a form needs: a key for each, what was typed, what went wrong.

    ``proof``: what an approval asks for besides, None if nothing.
    """

    step: StepPage
    key: str
    main: Action | None
    forms: dict[Action, tuple[FormField, ...]]
    accept: str
    typed: Typed
    error: DondocError | None
    overtaken: Overtaken | None
    proof: Way | None

    @property
    def offers(self) -> tuple[ActionOffer, ...]:
        """What can be done: the main act first, what cannot easily be taken back last."""
        can = self.step.offers.can if self.step.offers else ()
        return tuple(sorted(can, key=lambda offer: (offer.action is not self.main, offer.action in GRAVE)))

    def asks(self, offer: ActionOffer) -> bool:
        """Whether the form of ``offer`` asks who one is."""
        return self.proof is not None and asks(offer.action, {})

    def is_grave(self, offer: ActionOffer) -> bool:
        """Whether ``offer`` cannot easily be taken back."""
        return offer.action in GRAVE

    def default(self, action: str, name: str) -> str:
        """What a field holds before anybody typed: the date that was asked for, where more time is granted; who handles the step."""
        detail = self.step.detail
        if detail and detail.handler and (action, name) == (Action.NAME_HANDLER, "handler"):
            return detail.handler.login
        asked = detail.extension if detail else None
        return str(asked["until"]) if asked and (action, name) == (Action.GRANT_EXTENSION, "until") else ""

    def opened(self, offer: ActionOffer) -> bool:
        """Whether the form of ``offer`` stands open: the one that has errors, else the main act."""
        return offer.action == self.typed.form if self.typed.form else offer.action is self.main

    @property
    def homeless(self) -> tuple[tuple[Text, str], ...]:
        """What somebody typed into a form that the step has no more, with what each field is called: somebody else was faster."""
        offers = self.step.offers
        if not self.typed.form or (offers and self.typed.form in {*(o.action for o in offers.can), *offers.elsewhere}):
            return ()
        return told(self.typed.values.items(), self.typed.form)

    def problems(self, language: str) -> list[tuple[str, str]]:
        """(field, what is wrong with it) of the error; "" for what belongs to no field."""
        if self.error is None:
            return list(self.typed.errors.items())
        return list(errors_of(self.error, language).items()) or [("", self.error.sentence.in_(language))]


@router.get("/steps/{step_id}")
@allow(Policy.SIGNED_IN)
def show(request: Request, step_id: int) -> Response:
    """One step: what to do, until when, who holds the clock, what happened."""
    return step_response(request, step_id)


@router.get("/steps/{step_id}/print")
@allow(Policy.SIGNED_IN, Thing.STEP_IN_FULL)
def show_print(request: Request, step_id: int) -> Response:
    """The step on paper: no controls, every submission, the whole ledger and history."""
    visit = visit_of(request)
    page = step_page(visit.db, visit.actor, step_id, visit.now, visit.units, history=None)
    if page.detail is None:
        raise NotFound()
    view = StepView(replace(page, offers=None), "", None, {}, ACCEPT, NOTHING_TYPED, None, None, None)
    return render(request, "step_print.html", page=view)


@router.post("/steps/{step_id}/actions/{action}")
@allow(Policy.SIGNED_IN)
async def take(request: Request, step_id: int, action: str) -> Response:
    """Take ``action`` on the step; then back to its page, which says so."""
    form = await read_form(request)
    return await run_in_threadpool(perform, request, step_id, action, form)


@router.post("/steps/{step_id}/extension-preview")
@allow(Policy.SIGNED_IN)
async def preview_extension(request: Request, step_id: int) -> Response:
    """What granting the typed date would overtake; nothing is granted."""
    fields = texts(await read_form(request))
    wrong = Text("Ngày không đúng, ví dụ 22/07/2024.", "Not a date; write 22/07/2024.").in_(visit_of(request).language)
    errors = {} if iso_date(fields.get("until", "")) else {"until": wrong}
    typed = Typed(Action.GRANT_EXTENSION, fields, errors)
    return await run_in_threadpool(step_response, request, step_id, typed, status=422 if errors else 200)


@router.get("/attachments/{attachment_id}")
@allow(Policy.SIGNED_IN)
def download(request: Request, attachment_id: int) -> Response:
    """A file of a step, for those who read the step in full; never shown inside our own pages."""
    visit = visit_of(request)
    file = serve(visit.db, visit.context.settings.attachments_folder, visit.actor, attachment_id)
    headers = {"Content-Security-Policy": "default-src 'none'; sandbox"}
    return FileResponse(file.path, media_type=file.media_type, filename=file.name, headers=headers)


def perform(request: Request, step_id: int, action: str, form: FormData) -> Response:
    """Act, or show the page again with what is wrong and everything that was typed."""
    visit, fields = visit_of(request), texts(form)
    if action not in set(Action):
        raise NotFound()
    key = key_of(visit, step_id, action, fields, [str(name) for name in form.getlist("mentions")])
    version = number_of(fields.get("version", ""))
    try:
        still_acting_for(visit.actor, fields)
        chosen, payload = uploads(form), payload_of(form, changed_only=action == Action.SAVE_DRAFT)
        if asks(action, payload) and due_way(visit) is not None:
            take_proof(request, visit, secret(form, "proof"))  # before a file is kept
        if action == Action.RECORD and chosen:
            payload["files"] = stored_files(visit, step_id, Action.RECORD, chosen)  # the scan belongs to the entry, not to the draft
        elif chosen or action == Action.ATTACH:
            attach_files(visit, step_id, chosen, key=f"{key}:files" if key else None)
        if action != Action.ATTACH:
            take_action(visit, step_id, action, payload, version=version, key=key)
    except NotFound:
        raise
    except DondocError as error:
        return step_response(request, step_id, typed_of(action, form, error, visit.language), error)
    return RedirectResponse(with_note(own_path(fields.get("next", ""), f"/steps/{step_id}"), action), 303)


def key_of(visit: Visit, step_id: int, action: str, fields: dict[str, str], mentions: Sequence[str] = ()) -> str | None:
    """The idempotency key of a form: the one it was shown with, for each of its buttons; None for a form without.

    Words that change no status are known by themselves for an hour: going back, a browser fills them in again under a new key.
    """
    if not fields.get("key"):
        return None
    if action not in WORDS_ALONE:
        return f"{fields['key']}:{action}"
    said = "\0".join((str(step_id), action, f"{visit.now.system:%Y%m%d%H}", fields.get("text", ""), *sorted(mentions)))
    return f"said:{sha256(said.encode()).hexdigest()[:40]}"


def still_acting_for(actor: Actor, fields: dict[str, str]) -> None:
    """Raise `Refused` for a form that was shown to a deputy and comes when they act for themselves again, or the other way round."""
    shown = fields.get("acting_for")
    if shown is not None and shown != str(actor.represented_id or ""):
        raise Refused(
            Text("Người bạn thay mặt đã đổi từ khi mở trang này.", "You act for somebody else than when this page was opened."),
            code="acting-for",
            hint=Text("Xem lại trang rồi gửi lại.", "Look at the page again, then send it."),
        )


def overtaken_by(visit: Visit, page: StepPage, typed: Typed) -> Overtaken | None:
    """What more time until the typed date, else the one asked for, would overtake; None without such a date."""
    asked = page.detail.extension["until"] if page.detail and page.detail.extension else ""
    until = iso_date(typed.value(Action.GRANT_EXTENSION, "until", asked))
    return Overtaken(until, extension_preview(visit.db, visit.actor, page.head.id, until)) if until else None


def iso_date(written: str) -> date | None:
    """The day that somebody wrote as 22/07/2024 or 2024-07-22."""
    try:
        return date.fromisoformat(iso_day(written))
    except ValueError:
        return None


def typed_of(action: str, form: FormData, error: DondocError, language: str) -> Typed:
    """Everything typed, and the error at its field (days come back as typed)."""
    values = {name: value for name, value in texts(form).items() if name not in ("csrf", "key", "version", "acting_for", "proof")}
    lists = {name: [str(v) for v in form.getlist(name)] for name in form if name != "proof"}
    return Typed("submit" if action == Action.SAVE_DRAFT else str(action), values, errors_of(error, language), lists)


def errors_of(error: DondocError, language: str) -> dict[str, str]:
    """What is wrong by field, each with what to write instead."""
    problems = error.problems if isinstance(error, InvalidFields) else {error.field: error.sentence} if error.field else {}
    return {name: text.in_(language) for name, text in problems.items()}


def step_response(
    request: Request, step_id: int, typed: Typed = NOTHING_TYPED, error: DondocError | None = None, *, status: int = 200
) -> Response:
    """The page of the step as it is now."""
    visit = visit_of(request)
    page = step_page(visit.db, visit.actor, step_id, visit.now, visit.units)
    can = {offer.action for offer in page.offers.can} if page.offers else set()
    main = next((action for action in MAIN if action in can), None)
    until = overtaken_by(visit, page, typed) if Action.GRANT_EXTENSION in can else None
    view = StepView(page, secrets.token_urlsafe(12), main, forms_for(page.head.status), ACCEPT, typed, error, until, due_way(visit))
    status = error.http_status if error else status
    changed = list(error.changed) if isinstance(error, Stale) else []
    return render(request, "step.html", status=status, page=view, changed=changed)
