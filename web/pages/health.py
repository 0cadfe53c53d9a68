"""For machines that watch the service: does the process live, can it serve, a few numbers."""

from __future__ import annotations

import time

from fastapi import Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from engine.access import Policy
from services.queries.health import Measures, Readiness, measures, readiness
from web.flow_ui import prefect_answers
from web.metrics import REGISTRY
from web.policy import allow, pages
from web.visit import context_of
from wiring.dangers import takes_files
from wiring.mail import mail_leaves

router = pages()

KEPT_S = 5.0  # whoever asks more often gets the same answer: a probe must not keep the database busy
TOTALS = {
    "unfinished_steps": "Steps that are neither done nor void.",
    "overdue_steps": "Unfinished steps past their due date.",
    "dirty_workflows": "Workflows whose flow run has not yet seen their latest change.",
    "pending_notices": "Notices not yet turned into messages.",
    "unsent_messages": "Messages that have not left.",
    "journal_entries": "Entries of the journal.",
}


@router.get("/healthz")
@allow(Policy.PUBLIC)
def healthz() -> PlainTextResponse:
    """The process answers."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
@allow(Policy.PUBLIC)
def readyz(request: Request) -> JSONResponse:
    """Whether pages can be served (503 if not), and what is late or away without stopping them."""
    state = request.app.state
    kept: tuple[float, Readiness] | None = getattr(state, "readiness", None)
    if kept is None or time.monotonic() - kept[0] > KEPT_S:
        context = context_of(request)
        settings, mails = context.settings, mail_leaves(context.settings, simulated=context.simulated)
        found = readiness(
            context.db,
            context.now(),
            folder=settings.data,
            prefect=lambda: prefect_answers(settings),
            mails=mails,
            backups=takes_files(settings.backups),
        )
        kept = state.readiness = (time.monotonic(), found)
    checks = {check.name: {"ok": check.ok, "detail": check.detail} for check in kept[1].checks}
    return JSONResponse({"status": kept[1].word, "checks": checks}, 200 if kept[1].ready else 503)


@router.get("/metrics")
@allow(Policy.WATCH)
def metrics(request: Request) -> Response:
    """Counts in the text format of Prometheus; totals only, nothing about units or people."""
    context = context_of(request)
    text = generate_latest(gauges(measures(context.db, context.now()))) + generate_latest(REGISTRY)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


def gauges(found: Measures) -> CollectorRegistry:
    """``found`` as gauges."""
    registry = CollectorRegistry()
    for name, help_ in TOTALS.items():
        Gauge(f"dondoc_{name}", help_, registry=registry).set(getattr(found.totals, name))
    Gauge("dondoc_outbox_age_seconds", "Age of the oldest message that has not left.", registry=registry).set(found.outbox_age)
    families = (
        ("dondoc_steps", "Steps by work status.", "status", found.steps),
        ("dondoc_messages", "Messages by state.", "state", found.messages),
        ("dondoc_duty_age_seconds", "Time since a duty was last done to its end.", "duty", found.ages),
    )
    for name, help_, label, values in families:
        gauge = Gauge(name, help_, (label,), registry=registry)
        for value, number in values.items():
            gauge.labels(value).set(number)
    return registry
