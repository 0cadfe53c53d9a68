"""The second step of signing in: a code from the telephone, or one from paper."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from engine.access import Policy
from engine.definition import Text
from engine.errors import Refused, TooMany
from services.second_factor import answer, asked
from web.addresses import own_path, with_next, with_note
from web.caller import know_device
from web.forms import NOTHING_TYPED, Typed, read_form, texts
from web.notes import NOTES
from web.policy import allow, pages
from web.render import render
from web.second_step import PATH, challenge_token, forget_challenge
from web.session import begin_session
from web.visit import visit_of
from wiring.secret_key import secret_key

router = pages()
FORM = "code"
NOTES["code-too-late"] = (
    Text("Hết thời gian nhập mã; đăng nhập lại từ đầu.", "It took too long; please sign in again from the start."),
    "late",
)


@dataclass(frozen=True, slots=True)
class CodePage:
    """``next``: where to go on."""

    next: str
    typed: Typed


@router.get(PATH)
@allow(Policy.PUBLIC)
def show(request: Request) -> Response:
    """The page that asks for the code; back to the start for who owes none."""
    visit, to = visit_of(request), own_path(request.query_params.get("next", "/"))
    if asked(visit.db, challenge_token(request), visit.now) is None:
        return RedirectResponse(with_note(with_next("/sign-in", to), "code-too-late"), 303)
    return code_page(request, to)


@router.post(PATH)
@allow(Policy.PUBLIC)
async def give(request: Request) -> Response:
    """Take the code and sign in."""
    form = texts(await read_form(request))
    return await run_in_threadpool(_give, request, form)


def _give(request: Request, form: dict[str, str]) -> Response:
    visit, to = visit_of(request), own_path(form.get("next", "/"))
    try:
        found = answer(
            visit.db, challenge_token(request), form.get("code", ""), master=secret_key(visit.context.settings), now=visit.now
        )  # fmt: skip
    except (Refused, TooMany) as wrong:
        return code_page(request, to, Typed(FORM, {}, {"code": wrong.sentence.in_(visit.language)}), wrong)
    if found is None:
        return RedirectResponse(with_note(with_next("/sign-in", to), "code-too-late"), 303)
    response = RedirectResponse(to, 303)
    begin_session(request, response, found.account_id, trusted=found.trusted, strong=True)
    know_device(request, response, found.account_id)
    forget_challenge(request, response)
    return response


def code_page(request: Request, to: str, typed: Typed = NOTHING_TYPED, wrong: Refused | TooMany | None = None) -> Response:
    """The page, with what was wrong."""
    response = render(request, "sign_in_code.html", status=wrong.http_status if wrong else 200, page=CodePage(to, typed))
    if isinstance(wrong, TooMany):
        response.headers["Retry-After"] = str(wrong.seconds)
    return response
