"""Prefect's own interface behind our sign-in: which of its calls only read, how it is spoken to, where its files are.

Its interface has no users and offers everyone Cancel. So its pages come from the files of the installed package, set to live under
``/prefect``, and of its API only what is listed here goes through. Nothing of Prefect is imported.
"""

from __future__ import annotations

import mimetypes
import re
import ssl
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import httpx

from engine.definition import Text
from engine.errors import NotFound, Unavailable
from wiring.settings import Settings

BASE = "/prefect"
PLACEHOLDER = b"/PREFECT_UI_SERVE_BASE_REPLACE_PLACEHOLDER"
WITHIN_S = 30.0
ANSWERS_WITHIN_S = 4.0
INDEX = "index.html"
SETTINGS = {
    "api_url": f"{BASE}/api", "csrf_enabled": False, "auth": None, "flags": [], "default_ui": "v1", "available_uis": ["v1"],
    "v1_base_url": BASE, "v2_base_url": None,
}  # fmt: skip
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval'; connect-src 'self'; img-src 'self' data: blob:; "
    "style-src 'self' 'unsafe-inline'; font-src 'self' data:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)  # its timeline makes functions from text; see docs/decisions/0019

# What may be read. Blocks and variables may hold secrets: they are not among them. Polling for work is a write, whatever it is called.
_THINGS = (
    "artifacts|automations|concurrency_limits|v2/concurrency_limits|deployments|events|flow_run_states|flow_runs|flows|logs|"
    "saved_searches|task_run_states|task_runs|task_workers|work_pools|work_queues"
)
READ_BY_GET = re.compile(rf"(?:health|hello|ready|version|admin/version|collections/views/[\w-]+|(?:{_THINGS})(?:/[^/]+){{0,4}}/?)")
READ_BY_POST = re.compile(
    rf"(?:(?:{_THINGS})(?:/[^/]+){{0,2}}/(?:filter|count|history|lateness|paginate|count-by/[\w-]+)"
    r"|ui/(?:flows|flow_runs|task_runs)/(?:[\w-]+|dashboard/counts)|ui/schemas/(?:hydrate|validate))/?"
)


def may_read(method: str, path: str) -> bool:
    """Whether the call ``method`` of Prefect's API at ``path`` (below ``/api/``) is known to change nothing."""
    if ".." in path or "//" in path or "%" in path:
        return False
    known = {"GET": READ_BY_GET, "HEAD": READ_BY_GET, "POST": READ_BY_POST}.get(method)
    return known is not None and known.fullmatch(path) is not None


@dataclass(frozen=True, slots=True)
class File:
    """A file of the interface. ``kept``: its name changes with its content, so browsers may keep it."""

    content: bytes
    media_type: str
    kept: bool


def file_of(path: str) -> File:
    """The file of the interface at ``path``; its first page for every address that is one of its own pages. Raises `NotFound`."""
    folder = folder_of_interface()
    found = (folder / path).resolve()
    if not found.is_relative_to(folder):
        raise NotFound()
    if not found.is_file():
        if path.startswith("assets/") or "." in path.rpartition("/")[2]:
            raise NotFound()
        found = folder / INDEX
    return _read(found, found.parent.name == "assets")


@lru_cache(maxsize=1)
def folder_of_interface() -> Path:
    """Where the installed package keeps it. Raises `Unavailable` where there is none."""
    found = find_spec("prefect")
    folder = Path(found.origin).parent / "server" / "ui" if found and found.origin else None
    if folder is None or not (folder / INDEX).is_file():
        raise Unavailable(Text("Giao diện Prefect chưa được cài.", "Prefect's interface is not installed."), code="no-flow-ui")
    return folder.resolve()


def _read(path: Path, kept: bool) -> File:
    content = path.read_bytes()
    if path.suffix in (".html", ".js", ".css", ".webmanifest", ".json", ".xml"):
        content = content.replace(PLACEHOLDER, BASE.encode())
    return File(content, mimetypes.guess_type(path.name)[0] or "application/octet-stream", kept)


def client_of(settings: Settings) -> httpx.AsyncClient:
    """A client of Prefect's API with the credential that it asks for; of no proxy and of no redirect."""
    return httpx.AsyncClient(
        base_url=settings.prefect_url, auth=_auth(settings), verify=_trusted(), timeout=WITHIN_S, trust_env=False, follow_redirects=False
    )  # fmt: skip


def prefect_answers(settings: Settings) -> bool:
    """Whether Prefect's server is there."""
    try:
        with httpx.Client(auth=_auth(settings), verify=_trusted(), timeout=ANSWERS_WITHIN_S, trust_env=False) as client:
            return client.get(f"{settings.prefect_url}/health").is_success
    except httpx.HTTPError:
        return False


def away() -> Unavailable:
    """What is said while Prefect does not answer."""
    return Unavailable(
        Text("Prefect chưa trả lời.", "Prefect does not answer."),
        code="prefect-away",
        hint=Text(
            "Các trang khác vẫn dùng được; công việc không bị ảnh hưởng. Thử lại sau ít phút.",
            "Every other page works, and no work is affected. Try again in a few minutes.",
        ),
    )


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """The certificates of the system, read once: a client that reads them anew costs more than the call."""
    return ssl.create_default_context()


def _auth(settings: Settings) -> httpx.BasicAuth | None:
    user, _, password = settings.prefect_api_auth.get_secret_value().partition(":")
    return httpx.BasicAuth(user, password) if user else None
