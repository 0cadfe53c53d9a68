"""Every error page, brought about by addresses that do nothing but fail: to be looked at."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI
from starlette.exceptions import HTTPException

from engine.definition import Text
from engine.errors import Refused, Stale, StorageFull, TooFast, Unavailable
from web.limits import Unfit

ERRORS: dict[int, Exception] = {
    403: Refused(Text("Chỉ dành cho cơ quan thường trực.", "Only for the standing agency."), code="role"),
    404: HTTPException(404),
    409: Stale(),
    413: Unfit(413),
    429: TooFast(90),
    500: RuntimeError("planted"),
    503: Unavailable(Text("Cơ sở dữ liệu đang bận.", "The database is busy."), code="busy"),
    507: StorageFull(),
}


def install_errors(app: FastAPI) -> dict[str, int]:
    """Give ``app`` an address for each of `ERRORS`; the addresses with the status of each."""
    for status, error in ERRORS.items():
        app.add_api_route(f"/error-{status}", failing(error), methods=["GET"])
    return {f"/error-{status}": status for status in ERRORS}


def failing(error: Exception) -> Callable[[], None]:
    """What answers with ``error``."""

    def fail() -> None:
        raise error

    return fail
