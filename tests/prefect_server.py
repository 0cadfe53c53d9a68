"""A real Prefect server for tests, on a port and in a folder of its own; and the way to it for code under test."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prefect.client.orchestration import SyncPrefectClient
from prefect.context import SyncClientContext
from prefect.settings import temporary_settings

from runtime.executor import NO_HEARTBEAT
from runtime.prefect_server import healthy, prefect_server
from wiring.settings import Settings

HEALTHY_WITHIN_S = 120.0
END_WITHIN_S = 10.0


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings_in(folder: Path) -> Settings:
    """Settings of a copy of the application that keeps everything in ``folder``, at ports of its own."""
    return Settings(_env_file=None, data=folder, port=free_port(), prefect_port=free_port())


@contextmanager
def running_prefect(settings: Settings) -> Iterator[None]:
    """Prefect's server as `dondoc up` runs it, from healthy to gone. Takes 6 to 22 seconds to start."""
    server = prefect_server(settings)
    server.start(0)
    try:
        until = time.monotonic() + HEALTHY_WITHIN_S
        while not healthy(settings):
            assert server.process is not None
            assert server.process.poll() is None, "Prefect's server ended while starting"
            assert time.monotonic() < until, f"Prefect's server is not healthy after {HEALTHY_WITHIN_S} s"
            time.sleep(0.2)
        yield
    finally:
        server.ask_to_end()
        server.end(END_WITHIN_S)


@contextmanager
def client_of(settings: Settings) -> Iterator[SyncPrefectClient]:
    """The client that code under test finds in this thread. What other threads see is not changed."""
    ours = {"api.url": settings.prefect_url, "home": settings.prefect_folder, "logging.level": "WARNING", **NO_HEARTBEAT}
    with temporary_settings(ours), SyncClientContext.get_or_create() as context:
        yield context.client
