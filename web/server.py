"""Serving the application: one web process, so that one fair lock stands before the writer (see `models.database`)."""

from __future__ import annotations

from socket import socket

import uvicorn
from fastapi import FastAPI

from models.migrate import require_current
from web.app import create_app
from wiring.context import build_context
from wiring.logs import configure_logs
from wiring.settings import Settings

GRACE = 5  # seconds in which open requests may end after a signal


class Server(uvicorn.Server):
    """A server that lets open live pages go when it stops: they have no end of their own that it could wait for."""

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Stop, live pages first."""
        assert isinstance(self.config.app, FastAPI)
        self.config.app.state.pulse.close()
        await super().shutdown(sockets)


def serve(settings: Settings) -> None:
    """Serve pages and API until a signal comes; requests that run then may end.

    Raises `engine.errors.Unavailable` for a database whose schema is not this program's.
    """
    configure_logs(settings.log_level)
    context = build_context(settings)
    try:
        require_current(context.db)
        Server(
            uvicorn.Config(
                create_app(context),
                host=settings.host,
                port=settings.port,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE,
            )
        ).run()
    finally:
        context.db.close()
