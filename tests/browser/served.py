"""The small office of the web tests behind a real server, looked at with a real Chromium."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import uvicorn
from fastapi import FastAPI

from tests.journeys.stack import free_port
from web.server import Server


class Serves(Protocol):
    """What has pages."""

    app: FastAPI


@contextmanager
def served(office: Serves) -> Iterator[str]:
    """The address under which ``office`` answers."""
    port = free_port()
    server = Server(uvicorn.Config(office.app, port=port, log_level="warning", timeout_graceful_shutdown=1), office.app.state.pulse)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
