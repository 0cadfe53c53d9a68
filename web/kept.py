"""A form that came too late, its session over or another one begun: nothing is done, and what was typed is kept for sending again.

Only for forms that this very site's pages sent, so that nobody elsewhere can lay words in somebody's mouth; passwords are never kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import UploadFile

from engine.definition import Text
from web.action_forms import CONTROL, DECIDED_ON_PAPER, FORMS
from web.forms import read_form

MOST = 16 * 1024 * 1024  # bytes of a form that is still read for somebody who is not signed in
LEFT_OUT = frozenset({"csrf", "proof"})  # the session's own, and what shows who one is: a new session has shown it
SECRETS = ("password", "secret", "code", "token", "otp")
CARRIED = CONTROL | {"round", "link", "seen", "do", "step", "action"}  # what pages send along beside what somebody typed
ENCODINGS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, slots=True)
class KeptForm:
    """``address``: where it was going. ``fields`` go along hidden; ``shown`` is what somebody typed. ``files`` have to be chosen again."""

    address: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]

    @property
    def shown(self) -> tuple[tuple[Text, str], ...]:
        """What was typed with what its field is called (empty for a form that is no step's action), without what the page sends along."""
        words = called(self.address)
        typed = ((name, value) for name, value in self.fields if value.strip() and name not in CARRIED and not name.startswith("was."))
        return tuple((words.get(name, Text("")), value) for name, value in typed)


def called(address: str) -> dict[str, Text]:
    """What the fields of the form that goes to ``address`` are called on its page, where that is an action on a step."""
    action = address.rpartition("/actions/")[2]
    fields = next((fields for known, fields in FORMS.items() if known.value == action), ())
    both = (*fields, *DECIDED_ON_PAPER) if action == "record" else fields
    return {field.name: field.label for field in both}


def from_here(request: Request) -> bool:
    """Whether the browser itself says that a page of this site sent the request."""
    origin = request.headers.get("origin", "")
    same = bool(origin) and urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()
    return same or request.headers.get("sec-fetch-site") == "same-origin"


async def kept_form(request: Request) -> KeptForm | None:
    """The form of ``request``, to be shown again; None where it is none of ours, too large, or holds a secret."""
    length = request.headers.get("content-length", "")
    if not from_here(request) or not request.headers.get("content-type", "").startswith(ENCODINGS) or not length.isdecimal():
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
