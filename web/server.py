"""Serving the application: one web process, so that one fair lock stands before the writer (see `models.database`)."""

from __future__ import annotations

import uvicorn

from web.app import create_app
from wiring.context import build_context
from wiring.settings import Settings

GRACE = 5  # seconds in which open requests may end after a signal


def serve(settings: Settings) -> None:
    """Serve pages and API until a signal comes. The database must have been migrated."""
    context = build_context(settings)
    try:
        uvicorn.run(
            create_app(context),
            host=settings.host,
            port=settings.port,
            log_level=settings.log_level,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE,
        )
    finally:
        context.db.close()
