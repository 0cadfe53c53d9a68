"""Serving the application: one web process, so that one fair lock stands before the writer (see `models.database`)."""

from __future__ import annotations

from socket import socket

import uvicorn
from fastapi import FastAPI

from models.migrate import require_current
from services.clock import require_kind
from web.app import create_app
from web.patience import LARGEST_HEAD, PatientProtocol
from web.proxies import OnlyProxies
from web.pulse import Pulse
from wiring.context import build_context
from wiring.exposure import refuse_exposed, trusted
from wiring.logs import configure_logs
from wiring.settings import Settings

GRACE = 5  # seconds in which open requests may end after a signal


class Server(uvicorn.Server):
    """A server that lets open live pages go when it stops: they have no end of their own that it could wait for."""

    def __init__(self, config: uvicorn.Config, pulse: Pulse) -> None:
        super().__init__(config)
        self.pulse = pulse

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Stop, live pages first."""
        self.pulse.close()
        await super().shutdown(sockets)


def serve(settings: Settings) -> None:
    """Serve pages and API until a signal comes; requests that run then may end.

    Raises `engine.errors.Invalid` for an address that would be open in plain text, and `engine.errors.Unavailable` for a database whose
    schema is not this program's or whose kind is not that of the clock.
    """
    configure_logs(settings.log_level)
    refuse_exposed(settings)
    context = build_context(settings)
    try:
        require_current(context.db)
        require_kind(context.db, simulated=settings.simulated)
        app = create_app(context)
        Server(config_of(app, settings), app.state.pulse).run()
    finally:
        context.db.close()


def config_of(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """How uvicorn serves ``app``: by https where there is a certificate; otherwise for this machine and for named proxies alone."""
    https = settings.tls_certificate is not None
    return uvicorn.Config(
        app if https else OnlyProxies(app, trusted(settings)),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE,
        http=PatientProtocol,
        h11_max_incomplete_event_size=LARGEST_HEAD,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
    )
