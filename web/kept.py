"""A form that could not be taken: nothing is done, and what was typed is kept for sending again.

It came too late, its session over or another one begun; or too fast, while the database was away, or the disk full; or it met a mistake of
ours. Only for forms that this very site's pages sent, so that nobody elsewhere can lay words in somebody's mouth; no form with a password
or a code is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import UploadFile

from engine.definition import Text
from web.action_forms import NOTHING
from web.field_words import is_chosen, told
from web.forms import broke_off, read_form

MOST = 16 * 1024 * 1024  # bytes of a form that is still read for somebody who is not signed in
LEFT_OUT = frozenset({"csrf", "proof"})  # the session's own, and what shows who one is: a new session has shown it
SECRETS = ("password", "secret", "token", "otp")  # parts of names
SECRET_NAMES = frozenset({"present", "again", "code"})  # the password of now, the new one a second time, what proves who one is
ENCODINGS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, slots=True)
class KeptForm:
    """``address``: where it was going. ``fields`` go along hidden; ``shown`` is what somebody typed. ``files`` have to be chosen again.

    ``title``, ``text`` and ``hint``: why it was not taken; empty where the session was over. ``again``: whether sending it again may help.
    """

    address: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]
    title: Text = NOTHING
    text: Text = NOTHING
    hint: Text = NOTHING
    again: bool = True

    @property
    def shown(self) -> tuple[tuple[Text, str], ...]:
        """What was typed, with what its field is called."""
        return told(self.fields, self._action)

    @property
    def chosen(self) -> bool:
        """Whether something was chosen or ticked, which goes along unseen."""
        return any(is_chosen(name, self._action) for name, _ in self.fields)

    @property
    def _action(self) -> str:
        """Of one step by the address, of many by a field; "" for no action on steps."""
        path = self.address.partition("?")[0]
        return dict(self.fields).get("action", "") if path == "/bulk" else path.rpartition("/actions/")[2]


def from_here(request: Request) -> bool:
    """Whether the browser itself says that a page of this site sent the request."""
    origin = request.headers.get("origin", "")
    same = bool(origin) and urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()
    return same or request.headers.get("sec-fetch-site") == "same-origin"


def is_secret(name: str) -> bool:
    """Whether a form with a field of this name is never shown again."""
    return name in SECRET_NAMES or any(part in name for part in SECRETS)


async def kept_form(request: Request) -> KeptForm | None:
    """The form of ``request``, to be shown again; None where it is none of ours, too large, not to be read, or holds a secret."""
    length = request.headers.get("content-length", "")
    if not from_here(request) or not request.headers.get("content-type", "").startswith(ENCODINGS) or not length.isdecimal():
        return None
    if int(length) > MOST or broke_off(request):
        return None
    sent = (await read_form(request)).multi_items()
    if "csrf" not in dict(sent) or any(is_secret(name) for name, _ in sent):
        return None
    fields = tuple((name, value) for name, value in sent if isinstance(value, str) and name not in LEFT_OUT)
    files = tuple((name, value.filename) for name, value in sent if isinstance(value, UploadFile) and value.filename)
    await request.close()  # the files themselves are not kept
    query = f"?{request.url.query}" if request.url.query else ""
    return KeptForm(request.url.path + query, fields, files)
