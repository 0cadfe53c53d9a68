"""Prefect's server as a child of ours: where it keeps its data, and when it is ready."""

from __future__ import annotations

import base64
import urllib.error
import urllib.request
from http import HTTPStatus

from runtime.children import Child, tied
from runtime.prefect_env import server_variables
from wiring.settings import Settings


def prefect_server(settings: Settings) -> Child:
    """The child that runs Prefect's server on loopback at ``settings.prefect_port``; its folder is made if need be."""
    settings.prefect_folder.mkdir(parents=True, exist_ok=True)
    command = tied("runtime.prefect_main", "server", "start", "--host", "127.0.0.1", "--port", str(settings.prefect_port))
    return Child("Prefect", command, server_variables(settings), log=settings.prefect_folder / "server.log")


def healthy(settings: Settings, timeout: float = 2.0) -> bool:
    """Whether the server answers. It takes 6 to 22 seconds from its start, the longer the first time (it makes its tables)."""
    request = urllib.request.Request(f"{settings.prefect_url}/health")  # noqa: S310  (the address of our own settings)
    if secret := settings.prefect_api_auth.get_secret_value():
        request.add_header("Authorization", "Basic " + base64.b64encode(secret.encode()).decode("ascii"))
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310
            return bool(answer.status == HTTPStatus.OK)
    except (urllib.error.URLError, OSError):
        return False
