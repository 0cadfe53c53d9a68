"""``/prefect/``: Prefect's interface for those who supervise, to read only. What would change something is refused with the reason."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
from fastapi import Request, Response
from fastapi.responses import JSONResponse, RedirectResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool

from engine.access import Policy
from engine.definition import Text
from engine.errors import Refused
from web.flow_ui import BASE, POLICY, SETTINGS, away, client_of, file_of, may_read, prefect_answers
from web.headers import FOR_GOOD
from web.policy import allow, pages
from web.visit import context_of

router = pages()

HANDED_ON = ("content-type", "accept", "x-prefect-api-version", "prefect-csrf-client", "accept-encoding")
HANDED_BACK = ("content-type", "content-encoding", "content-length", "cache-control")
LARGEST_QUESTION = 256 * 1024  # bytes


@router.get(BASE)
@allow(Policy.FLOW_UI)
def without_slash() -> Response:
    """The address as one would type it."""
    return RedirectResponse(f"{BASE}/", 307)


@router.get(f"{BASE}/ui-settings")
@allow(Policy.FLOW_UI)
def settings() -> Response:
    """What the interface asks for first: where its API is, which is below this very address."""
    return JSONResponse(SETTINGS)


@router.get(f"{BASE}/api/admin/settings")
@allow(Policy.FLOW_UI)
def server_settings() -> Response:
    """What the interface asks of the server's settings. The rest of them, such as where its database is, is nobody's business."""
    return JSONResponse({"PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": False})


@router.api_route(BASE + "/api/{path:path}", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
@allow(Policy.FLOW_UI)
async def call(request: Request, path: str) -> Response:
    """A call of Prefect's API, handed on if it only reads."""
    if not may_read(request.method, path):
        raise Refused(
            Text("Ở đây chỉ xem: thao tác này làm thay đổi Prefect.", "This is for reading only: that would change Prefect."),
            code="flow-ui-reads",
            hint=Text("Việc của đơn vị được làm ở trang của bước.", "The work of units is done on the pages of their steps."),
        )
    question = await request.body()
    if len(question) > LARGEST_QUESTION:
        raise Refused(Text("Câu hỏi quá dài.", "The question is too long."), code="flow-ui-size")
    client = client_of(context_of(request).settings)
    headers = {name: value for name, value in request.headers.items() if name in HANDED_ON}
    try:
        asked = client.build_request(request.method, f"/{path}", params=request.query_params, headers=headers, content=question)
        answer = await client.send(asked, stream=True)
    except httpx.HTTPError:
        await client.aclose()
        raise away() from None
    back = {name: value for name, value in answer.headers.items() if name in HANDED_BACK}
    return StreamingResponse(_bytes_of(answer, client), answer.status_code, {**back, "Content-Security-Policy": "default-src 'none'"})


@router.get(BASE + "/")
@allow(Policy.FLOW_UI)
async def home(request: Request) -> Response:
    """The interface's first page."""
    return await page(request, "")


@router.get(BASE + "/{path:path}")
@allow(Policy.FLOW_UI)
async def page(request: Request, path: str) -> Response:
    """A page or a file of the interface. Raises `Unavailable`, which is a page of ours, while Prefect does not answer."""
    file = await run_in_threadpool(file_of, path)
    if file.media_type == "text/html" and not await run_in_threadpool(prefect_answers, context_of(request).settings):
        raise away()
    keep = {"Cache-Control": FOR_GOOD} if file.kept else {}
    return Response(file.content, media_type=file.media_type, headers={"Content-Security-Policy": POLICY, **keep})


async def _bytes_of(answer: httpx.Response, client: httpx.AsyncClient) -> AsyncIterator[bytes]:
    """The answer's bytes as they come, still packed as Prefect packed them."""
    try:
        async for chunk in answer.aiter_raw():
            yield chunk
    finally:
        await answer.aclose()
        await client.aclose()
