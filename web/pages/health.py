"""For machines that watch the service: does the process live, can it serve, a few numbers."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import PlainTextResponse

from engine.access import Policy
from engine.errors import Unavailable
from services.queries.health import Counts, counts, ready
from web.policy import allow, pages
from web.visit import context_of

router = pages()

METRICS = (
    ("unfinished_steps", "Steps that are neither done nor void."),
    ("overdue_steps", "Unfinished steps past their due date."),
    ("dirty_workflows", "Workflows whose flow run has not yet seen their latest change."),
    ("pending_notices", "Notices not yet turned into messages."),
    ("unsent_messages", "Messages that have not left."),
)


@router.get("/healthz")
@allow(Policy.PUBLIC)
def healthz() -> PlainTextResponse:
    """The process answers."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
@allow(Policy.PUBLIC)
def readyz(request: Request) -> PlainTextResponse:
    """The database answers too; 503 while it does not."""
    try:
        ready(context_of(request).db)
    except Unavailable as problem:
        return PlainTextResponse(f"{problem.code}\n", 503)
    return PlainTextResponse("ok\n")


@router.get("/metrics")
@allow(Policy.PUBLIC)
def metrics(request: Request) -> PlainTextResponse:
    """Counts in the text format of Prometheus; totals only, nothing about units or people."""
    context = context_of(request)
    return PlainTextResponse(exposition(counts(context.db, context.now())), media_type="text/plain; version=0.0.4")


def exposition(values: Counts) -> str:
    """``values`` as gauges."""
    lines = [f"# HELP dondoc_{name} {help_}\n# TYPE dondoc_{name} gauge\ndondoc_{name} {getattr(values, name)}" for name, help_ in METRICS]
    return "\n".join(lines) + "\n"
