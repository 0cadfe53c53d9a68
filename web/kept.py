"""A form that came too late, its session over or another one begun: nothing is done, and what was typed is kept for sending again.

Only for forms that this very site's pages sent, so that nobody elsewhere can lay words in somebody's mouth; passwords are never kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import UploadFile

from web.action_forms import CONTROL
from web.forms import read_form

MOST = 16 * 1024 * 1024  # bytes of a form that is still read for somebody who is not signed in
LEFT_OUT = frozenset({"csrf", "proof"})  # the session's own, and what shows who one is: a new session has shown it
SECRETS = ("password", "secret", "code", "token", "otp")
CARRIED = CONTROL | {"round", "link", "seen", "do", "step", "action"}  # what pages send along beside what somebody typed
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, slots=True)
class KeptForm:
    """``address``: where it was going. ``fields`` go along hidden; ``shown`` is what somebody typed. ``files`` have to be chosen again."""

    address: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]

    @property
    def shown(self) -> tuple[str, ...]:
        """What was typed, without what the page itself sends along."""
        return tuple(value for name, value in self.fields if value.strip() and name not in CARRIED and not name.startswith("was."))


def from_here(request: Request) -> bool:
    """Whether the browser itself says that a page of this site sent the request."""
    origin = request.headers.get("origin", "")
    same = bool(origin) and urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()
    return same or request.headers.get("sec-fetch-site") == "same-origin"


async def kept_form(request: Request) -> KeptForm | None:
    """The form of ``request``, to be shown again; None where it is none of ours, too large, or holds a secret."""
    length = request.headers.get("content-length", "")
    if not from_here(request) or not request.headers.get("content-type", "").startswith(FORMS) or not length.isdecimal():
        return None
    if int(length) > MOST:
        return None
    sent = (await read_form(request)).multi_items()
    if "csrf" not in dict(sent) or any(secret in name for name, _ in sent for secret in SECRETS):
        return None
    fields = tuple((name, value) for name, value in sent if isinstance(value, str) and name not in LEFT_OUT)
    files = tuple((name, value.filename) for name, value in sent if isinstance(value, UploadFile) and value.filename)
    await request.close()  # the files themselves are not kept
    return KeptForm(request.url.path, fields, files)
