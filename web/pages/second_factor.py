"""One's own second factor: setting it up with a telephone, recovery codes on paper, going without it again."""

from __future__ import annotations

from dataclasses import dataclass

import segno
from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool

from engine.access import Actor, Policy
from engine.definition import Text
from engine.errors import DondocError, InvalidFields, Refused, TooMany
from engine.second_factor import is_required
from services.accounts import actor_of
from services.passwords import has_password
from services.second_factor_setup import SecondFactorState, begin, confirm, renew_codes, state_of, turn_off
from web.addresses import with_note
from web.caller import caller_of
from web.forms import NOTHING_TYPED, Typed, read_form, secret, texts
from web.notes import NOTES
from web.policy import allow, pages
from web.render import render
from web.session import session_token
from web.visit import Visit, visit_of
from wiring.secret_key import secret_key

router = pages()
PATH = "/preferences/second-factor"
FORM = "factor"
NOTES["second-factor-off"] = (Text("Đã tắt xác thực hai lớp.", "The second factor is off."), "done")


@dataclass(frozen=True, slots=True)
class SecondFactorPage:
    """``codes``: new recovery codes, shown this once. ``required``: the office wants it; ``asks``: there is a password to ask for."""

    state: SecondFactorState
    required: bool
    asks: bool
    codes: tuple[str, ...]
    typed: Typed

    @property
    def qr(self) -> Markup:
        """What the telephone reads, as a drawing. It holds the secret and is made here: no other host ever sees it."""
        drawn = segno.make(self.state.uri, error="m").svg_inline(scale=5, border=3, light="#fff", dark="#000", svgclass="qr", lineclass="")
        return Markup(drawn)  # noqa: S704  (drawn by a library from an address of our own making)

    @property
    def key(self) -> str:
        """The secret in groups of four, to be typed by hand."""
        return " ".join(self.state.key[at : at + 4] for at in range(0, len(self.state.key), 4))


@router.get(PATH)
@allow(Policy.SIGNED_IN)
def show(request: Request) -> Response:
    """How one stands, and what can be done."""
    return page(request)


@router.post(f"{PATH}/begin")
@allow(Policy.SIGNED_IN)
def start(request: Request) -> Response:
    """Make a secret that waits to be confirmed."""
    visit = visit_of(request)
    begin(visit.db, visit.actor.account_id, master=secret_key(visit.context.settings))
    return RedirectResponse(PATH, 303)


@router.post(f"{PATH}/confirm")
@allow(Policy.SIGNED_IN)
async def first_code(request: Request) -> Response:
    """Count it from now on, and show the recovery codes."""
    sent = await read_form(request)
    form = {"code": texts(sent).get("code", ""), "present": secret(sent, "present")}
    return await run_in_threadpool(_confirm, request, form)


@router.post(f"{PATH}/codes")
@allow(Policy.SIGNED_IN)
async def new_codes(request: Request) -> Response:
    """New recovery codes, for a code."""
    form = texts(await read_form(request))
    return await run_in_threadpool(_renew, request, form)


@router.post(f"{PATH}/off")
@allow(Policy.SIGNED_IN)
async def off(request: Request) -> Response:
    """Sign in without it from now on, for a code."""
    form = texts(await read_form(request))
    return await run_in_threadpool(_off, request, form)


def _confirm(request: Request, form: dict[str, str]) -> Response:
    visit = visit_of(request)
    try:
        codes = confirm(visit.db, _oneself(visit), form, token=session_token(request), caller=caller_of(request), now=visit.now)
    except (InvalidFields, TooMany) as wrong:
        return page(request, wrong=wrong)
    visit.owes = False
    return page(request, codes=codes)


def _renew(request: Request, form: dict[str, str]) -> Response:
    visit = visit_of(request)
    master = secret_key(visit.context.settings)
    try:
        codes = renew_codes(visit.db, _oneself(visit), form.get("code", ""), master=master, now=visit.now)
    except (Refused, TooMany) as wrong:
        return page(request, wrong=wrong, form="codes")
    return page(request, codes=codes)


def _off(request: Request, form: dict[str, str]) -> Response:
    visit = visit_of(request)
    actor, master = _oneself(visit), secret_key(visit.context.settings)
    required = is_required(actor, visit.context.settings.second_factor_of)
    try:
        turn_off(visit.db, actor, form.get("code", ""), required=required, master=master, now=visit.now)
    except (Refused, TooMany) as wrong:
        return page(request, wrong=wrong, form="off")
    return RedirectResponse(with_note(PATH, "second-factor-off"), 303)


def page(request: Request, *, codes: tuple[str, ...] = (), wrong: DondocError | None = None, form: str = FORM) -> Response:
    """The page. No code comes back into a field: each is good once."""
    visit, typed = visit_of(request), NOTHING_TYPED
    if isinstance(wrong, InvalidFields):
        typed = Typed(form, {}, {name: text.in_(visit.language) for name, text in wrong.problems.items()})
    elif wrong is not None:
        typed = Typed(form, {}, {"code": wrong.sentence.in_(visit.language)})
    actor = _oneself(visit)
    state = state_of(visit.db, actor.account_id, visit.person.login if visit.person else "", master=secret_key(visit.context.settings))
    required = is_required(actor, visit.context.settings.second_factor_of)
    view = SecondFactorPage(state, required, has_password(visit.db, actor.account_id), codes, typed)
    response = render(request, "second_factor.html", status=wrong.http_status if wrong else 200, page=view)
    if isinstance(wrong, TooMany):
        response.headers["Retry-After"] = str(wrong.seconds)
    return response


def _oneself(visit: Visit) -> Actor:
    """The visitor as themselves, whomever they stand in for."""
    return actor_of(visit.db, visit.actor.account_id)
