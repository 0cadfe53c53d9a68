"""The application as Prefect tasks see it: one per process, since a task's arguments are ids and dates."""

from __future__ import annotations

from wiring.context import AppContext, build_context
from wiring.settings import load_settings

_app: AppContext | None = None


def use(app: AppContext) -> None:
    """Let the tasks of this process work on ``app``: the orchestrator's own, or a test's."""
    global _app
    _app = app


def app() -> AppContext:
    """The application of this process; on a worker elsewhere it is made from the environment on first use."""
    global _app
    if _app is None:
        _app = build_context(load_settings())
    return _app
