"""What moved, told to an open page as it happens (server-sent events). The page then asks for itself again, with its own rights."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator

from fastapi import Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from engine.access import Policy
from services.queries.live import concerning
from web.gate import open_visit
from web.policy import allow, pages
from web.pulse import Pulse

router = pages()
QUIET = 15.0  # seconds without news after which a line goes out all the same, so that a broken connection is noticed
LONGEST = 300.0  # seconds; the browser then asks again, and passes the gate again


@router.get("/live")
@allow(Policy.SIGNED_IN)
async def listen(request: Request) -> StreamingResponse:
    """Events ``moved`` with a JSON list of workflow ids that the visitor may know of; 0 among them is the simulated clock.

    The connection ends with the session.
    """
    headers = {"X-Accel-Buffering": "no"}  # a proxy in front must pass each line on at once
    return StreamingResponse(events(request, request.app.state.pulse), media_type="text/event-stream", headers=headers)


async def events(request: Request, pulse: Pulse) -> AsyncGenerator[str, None]:
    """The lines of one connection, each as far as its visitor may know of it at that moment."""
    until = time.monotonic() + LONGEST
    yield "retry: 2000\n\n"
    async for moved in pulse.changes(QUIET):
        ids = await run_in_threadpool(_told, request, moved)
        if ids is None:
            return
        if ids:
            yield f"event: moved\ndata: {json.dumps(sorted(ids))}\n\n"
        elif not moved:
            yield ": quiet\n\n"
        if time.monotonic() > until:
            return


def _told(request: Request, moved: frozenset[int]) -> frozenset[int] | None:
    """Those of ``moved`` that the visitor may know of now; None where nobody is signed in any more."""
    if not moved:
        return moved
    visit = open_visit(request)
    return concerning(visit.db, visit.actor, moved) if visit.person else None
