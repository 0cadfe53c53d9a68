"""One place where an error becomes an answer: a page for people, problem+json (RFC 9457) for programs."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from engine.definition import Text
from engine.errors import DondocError, Invalid, InvalidFields, NotFound, Stale, StorageFull, TooMany
from web.addresses import own_path
from web.bearer import CHALLENGE, WRONG, WrongToken
from web.forms import broken_off, form_read
from web.gate import NotSignedIn, OldToken, OwesSecondFactor, open_visit
from web.headers import HEADERS
from web.kept import KeptForm, kept_form
from web.limits import TooLarge, Unfit
from web.reading import NO_ROOM
from web.render import render
from web.request_log import route_of
from web.visit import Visit, context_of
from web.words import size

log = logging.getLogger("dondoc.web")
PROBLEM = "application/problem+json"

TITLES = {
    400: Text("Không đọc được nội dung gửi lên", "What was sent cannot be read"),
    401: Text("Cần đăng nhập", "Please sign in"),
    403: Text("Không được phép", "Not allowed"),
    404: Text("Không tìm thấy", "Not found"),
    405: Text("Không dùng được cách này", "That method is not used here"),
    409: Text("Vừa có thay đổi", "It has just changed"),
    408: Text("Gửi quá chậm", "Sent too slowly"),
    413: Text("Tệp hoặc nội dung gửi lên quá lớn", "The file or text sent is too large"),
    414: Text("Địa chỉ quá dài", "The address is too long"),
    431: Text("Phần đầu yêu cầu quá lớn", "The request's headers are too large"),
    429: Text("Xin chờ một lát", "Please wait a moment"),
    422: Text("Chưa đúng", "Not right yet"),
    507: Text("Hết chỗ lưu", "No room left"),
    503: Text("Tạm thời chưa dùng được", "Not available just now"),
}
UNFIT = {  # what to do about a request beyond the limits
    400: Text(
        "Chưa có gì được ghi. Mỗi ô nhận tối đa 64 KB chữ, mỗi lần gửi 10 tệp.",
        "Nothing was kept. A field takes 64 KB of text, one form 10 files.",
    ),
    408: Text("Chưa có gì được ghi. Kiểm tra đường truyền rồi gửi lại.", "Nothing was kept. Check the connection, then send it again."),
    413: Text("Chưa có gì được ghi. Nén hoặc chia nhỏ tệp rồi gửi lại.", "Nothing was kept. Make the file smaller, then send it again."),
}
PASSING = (429, 500, 503)  # errors that a later try may not meet
LATER = (429, 500, 503, 507)  # refusals that are no fault of the form, which goes through later as it is
SHOWN = (403, 404, 409, 422)  # refusals that stay: what was typed is shown, to be used elsewhere
AGAIN = (413, *LATER)  # with smaller files it goes through too
OURS = Text("Có lỗi ở hệ thống", "Something went wrong here")


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What an error page says. ``incident`` is what to tell an administrator; "" where nobody need know.

    ``again``: asking for the same page once more may well help. ``back``: the page whose form was refused.
    """

    status: int
    title: Text
    text: Text
    hint: Text
    incident: str = ""
    again: bool = False
    back: str = ""


def install(app: FastAPI) -> None:
    """Register the answers with ``app``."""
    app.add_exception_handler(NotSignedIn, not_signed_in)
    app.add_exception_handler(OwesSecondFactor, owes_second_factor)
    app.add_exception_handler(OldToken, old_token)
    app.add_exception_handler(WrongToken, wrong_token)
    app.add_exception_handler(DondocError, ours)
    app.add_exception_handler(OSError, from_the_disk)
    app.add_exception_handler(UnicodeEncodeError, half_a_character)
    app.add_exception_handler(OverflowError, beyond_every_number)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Exception, unexpected)


def is_api(request: Request) -> bool:
    """Whether a program asks."""
    return request.url.path.startswith(("/api/", "/prefect/api/"))


async def not_signed_in(request: Request, error: Exception) -> Response:
    """People are sent to sign in and come back afterwards, with what they had typed; programs are told."""
    if is_api(request):
        page = ErrorPage(401, TITLES[401], Text("Bạn chưa đăng nhập.", "You are not signed in."), Text(""))
        return problem(request, page, "sign-in", headers=CHALLENGE)
    kept = await kept_form(request) if request.method == "POST" else None
    if kept is not None:
        return await run_in_threadpool(render, request, "kept.html", status=401, page=kept)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    to = "/sign-in" if here == "/" or request.method != "GET" else f"/sign-in?next={quote(here, safe='')}"
    return RedirectResponse(to, 303)


def owes_second_factor(request: Request, error: Exception) -> Response:
    """People are sent to set it up; programs are told."""
    if not is_api(request):
        return RedirectResponse("/preferences/second-factor", 303)
    text = Text("Cơ quan yêu cầu vai trò của bạn có xác thực hai lớp.", "The office requires the second factor of your role.")
    hint = Text("Bật ở trang Tùy chọn, rồi đăng nhập lại.", "Turn it on, on the page of preferences, then sign in again.")
    return problem(request, ErrorPage(403, TITLES[403], text, hint), "second-factor-required")


async def old_token(request: Request, error: Exception) -> Response:
    """A form from before this session: shown again, to be sent by whoever is signed in now."""
    kept = None if is_api(request) else await kept_form(request)
    if kept is None:
        return await ours(request, error)
    return await run_in_threadpool(render, request, "kept.html", status=403, page=kept)


def wrong_token(request: Request, error: Exception) -> Response:
    """A program came with a token that is worth nothing; whether it ever was is not told."""
    text = Text("Mã truy cập không đúng hoặc không còn hiệu lực.", "The token is wrong or no longer good.")
    hint = Text("Tạo mã mới ở trang Tùy chọn.", "Make a new one on the page of preferences.")
    return problem(request, ErrorPage(401, TITLES[401], text, hint), "token", headers=WRONG)


async def ours(request: Request, error: Exception) -> Response:
    """An error of our own tree: its class says the status. What was typed comes back, or is shown."""
    assert isinstance(error, DondocError)
    gives_back = request.method == "POST" and error.http_status in (*LATER, *SHOWN) and not is_api(request)
    kept = await kept_form(request) if gives_back else None
    if kept and error.http_status in SHOWN and not kept.shown:
        kept = None
    return await run_in_threadpool(said, request, error, kept)


def said(request: Request, error: DondocError, kept: KeptForm | None = None) -> Response:
    """The answer that tells ``error``, with the form that met it."""
    page = ErrorPage(error.http_status, TITLES.get(error.http_status, OURS), error.text, error.hint)
    extra: dict[str, object] = {"field": error.field} if error.field else {}
    if isinstance(error, Stale):
        extra["changed"] = list(error.changed)
    if isinstance(error, InvalidFields):
        extra["errors"] = [{"field": name, "message": text.vi} for name, text in error.problems.items()]
    response = given_back(request, page, kept) if kept else answer(request, page, error.code, extra)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.seconds)
    return response


def given_back(request: Request, page: ErrorPage, kept: KeptForm) -> Response:
    """What ``page`` says, with the form, to be sent again where that may help."""
    open_to(request)
    why = replace(kept, title=page.title, text=page.text, hint=page.hint, again=page.status in AGAIN, back=came_from(request))
    return render(request, "kept.html", status=page.status, page=why)


async def from_the_disk(request: Request, error: Exception) -> Response:
    """A disk without room, met while an upload was taken in; any other error of the system is a mistake of ours."""
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return await ours(request, StorageFull())
    return await unexpected(request, error)


async def half_a_character(request: Request, error: Exception) -> Response:
    """Half of a surrogate pair, which JSON can write and no text can hold; any other failure to encode is a mistake of ours."""
    if isinstance(error, UnicodeEncodeError) and error.encoding == "utf-8":
        text = Text("Có ký tự không phải là chữ (nửa cặp thay thế).", "It holds half a character (a lone surrogate).")
        return await run_in_threadpool(said, request, Invalid(text, code="not-text"))
    return await unexpected(request, error)


async def beyond_every_number(request: Request, error: Exception) -> Response:
    """A number larger than SQLite counts, which PostgreSQL compares and does not find; any other overflow is a mistake of ours."""
    if "SQLite INTEGER" in str(error):
        return await run_in_threadpool(said, request, NotFound())
    return await unexpected(request, error)


async def http(request: Request, error: Exception) -> Response:
    """What the framework found: no such address, no such method; or a request beyond the limits, whose form is told as far as it came."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return await run_in_threadpool(said, request, NotFound())
    title = TITLES.get(error.status_code) or Text(HTTPStatus(error.status_code).phrase)
    text = how_large(request, error) if isinstance(error, TooLarge) else title
    page = ErrorPage(error.status_code, title, text, UNFIT.get(error.status_code, Text("")))
    broke = isinstance(error, Unfit) and broken_off(request) is not None and not is_api(request)
    kept = await kept_form(request) if broke else None
    response = await run_in_threadpool(partial(given_back, request, page, kept) if kept else partial(answer, request, page, "http"))
    response.headers.update(error.headers or {})
    return response


def how_large(request: Request, error: TooLarge) -> Text:
    """How much may be sent, and how much was, as far as the browser said it."""
    length, file = request.headers.get("content-length", ""), context_of(request).settings.attachment_limit_mb
    most = size(error.largest)
    vi, en = f"Mỗi lần gửi nhận tối đa {most}, mỗi tệp {file} MB", f"One form takes {most}, one file {file} MB"
    sent = size(int(length)) if length.isdecimal() and len(length) < 16 else ""
    return Text(f"{vi}; lần này gửi {sent}." if sent else f"{vi}.", f"{en}; this one had {sent}." if sent else f"{en}.")


def invalid(request: Request, error: Exception) -> Response:
    """A body or an address that does not fit. An address that names nothing is simply not found."""
    assert isinstance(error, RequestValidationError)
    if any(item["loc"][0] == "path" for item in error.errors()):
        return said(request, NotFound())
    where = [{"field": ".".join(str(part) for part in item["loc"][1:]), "message": item["msg"]} for item in error.errors()]
    page = ErrorPage(422, TITLES[422], Text("Dữ liệu gửi lên không đúng dạng.", "What was sent does not have the right shape."), Text(""))
    return answer(request, page, Invalid.__name__.lower(), {"errors": where})


async def unexpected(request: Request, error: Exception) -> Response:
    """A mistake of ours: logged under a number that the page shows, nothing of it is told. What was typed comes back."""
    incident = secrets.token_hex(4)
    log.exception("incident %s at %s %s", incident, request.method, route_of(request.scope), exc_info=error)
    hint = Text(f"Hãy báo người quản trị mã sự cố {incident}.", f"Please tell an administrator the incident number {incident}.")
    page = ErrorPage(500, OURS, Text("Yêu cầu chưa được thực hiện.", "Your request was not carried out."), hint, incident)
    begun = form_read(request) is not None or broken_off(request) is not None
    kept = await kept_form(request) if begun and not is_api(request) else None
    telling = partial(given_back, request, page, kept) if kept else partial(answer, request, page, "internal", {"incident": incident})
    response = await run_in_threadpool(telling)
    response.headers.update(HEADERS)  # this answer is made outside the middleware that adds them
    return response


def answer(request: Request, page: ErrorPage, code: str = "error", extra: dict[str, object] | None = None) -> Response:
    """``page`` as HTML or as problem+json, whichever was asked for."""
    if is_api(request):
        return problem(request, page, code, extra)
    open_to(request)
    again = request.method == "GET" and page.status in PASSING
    return render(request, "error.html", status=page.status, page=replace(page, again=again, back=came_from(request)))


def came_from(request: Request) -> str:
    """The page of ours whose form was sent, to go back to what was typed there; "" where a page was asked for or nobody says."""
    host, _, path = request.headers.get("Referer", "").partition("://")[2].partition("/")
    return own_path(f"/{path}", "") if request.method != "GET" and host == request.url.netloc else ""


def open_to(request: Request) -> None:
    """Know who asks, where the error came before that was found out."""
    if not isinstance(getattr(request.state, "visit", None), Visit):
        request.state.visit = open_visit(request)


def problem(
    request: Request, page: ErrorPage, code: str, extra: dict[str, object] | None = None, headers: dict[str, str] | None = None
) -> JSONResponse:  # fmt: skip
    """``page`` as problem+json, in both languages."""
    visit = getattr(request.state, "visit", None)
    language = visit.language if isinstance(visit, Visit) else "vi"
    body: dict[str, object] = {
        "type": f"urn:dondoc:{code}",
        "status": page.status,
        "title": page.title.in_(language),
        "detail": page.text.in_(language),
        "code": code,
        "text": {"vi": page.text.vi, "en": page.text.en},
        "hint": {"vi": page.hint.vi, "en": page.hint.en},
        **(extra or {}),
    }
    return JSONResponse(body, page.status, headers, media_type=PROBLEM)
