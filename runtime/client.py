"""Our client of a Prefect server that keeps its data in SQLite.

Two transactions that meet there make the server answer 503, and Prefect's client then waits two seconds and more, again and again: half
a minute for forty workflows. So our requests go one at a time, and one that still meets something (the server's own services
write too) is repeated after some hundredths of a second.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import httpx
from prefect.client.orchestration import SyncPrefectClient
from prefect.context import SyncClientContext

PAUSES_S = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.5)
_one_at_a_time = threading.Lock()


class PatientTransport(httpx.HTTPTransport):
    """Sends one request at a time in this process, and repeats a 503 a few times. What still fails then is Prefect's client's to handle."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """As `httpx.HTTPTransport`."""
        for pause in PAUSES_S:
            with _one_at_a_time:
                response = super().handle_request(request)
            if response.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
                return response
            response.close()
            time.sleep(pause)
        with _one_at_a_time:
            return super().handle_request(request)


@contextmanager
def prefect_client(*, patient: bool) -> Iterator[SyncPrefectClient]:
    """A client for this thread, which Prefect's engine finds and uses too. ``patient``: the server is our own, on SQLite."""
    settings = {"transport": PatientTransport()} if patient else None
    with SyncClientContext(httpx_settings=settings) as context:
        context._httpx_settings = None  # else the engine, which asks for a client without settings, would make itself another
        yield context.client
