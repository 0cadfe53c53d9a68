"""What this process counts for Prometheus; what the database holds is counted when somebody asks (`web.pages.health`)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Histogram, ProcessCollector

from engine.errors import DondocError
from engine.transitions import Action

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

REQUESTS = Histogram(
    "dondoc_http_request_seconds",
    "Time of a request, by route.",
    ("method", "route", "status"),
    registry=REGISTRY,
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 5, 30),
)
ACTIONS = Histogram(
    "dondoc_action_seconds",
    "Time of an action on a step, its whole transaction, by action and how it ended.",
    ("action", "outcome"),
    registry=REGISTRY,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5),
)


@contextmanager
def timed(action: str) -> Iterator[None]:
    """Measure what happens inside as ``action``; an error of ours is an outcome by its code's class."""
    began, outcome = time.perf_counter(), "error"
    name = action if action in set(Action) else "unknown"
    try:
        yield
        outcome = "done"
    except DondocError as refusal:
        outcome = type(refusal).__name__.lower()
        raise
    finally:
        ACTIONS.labels(name, outcome).observe(time.perf_counter() - began)
