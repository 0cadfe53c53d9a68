"""A form that could not be taken: nothing is done, and what was typed is kept for sending again.

It came too late, its session over or another one begun; or too fast, while the database was away, or the disk full; or it was too large, or
so slow that only a part of it is here; or it met a mistake of ours. Only for forms that this very site's pages sent, so that nobody
elsewhere can lay words in somebody's mouth; no form with a password or a code is kept.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import UploadFile

from engine.definition import Text
from engine.errors import StorageFull
from web.action_forms import NOTHING
from web.field_words import is_chosen, told
from web.forms import broken_off, close_form, form_read, read_form
from web.limits import Unfit
from web.reading import FILES, MOST_TEXT, TEXTS, Item

LEFT_OUT = frozenset({"csrf", "proof"})  # the session's own, and what shows who one is: a new session has shown it
SECRETS = ("password", "secret", "token", "otp")  # parts of names
SECRET_NAMES = frozenset({"present", "again", "code"})  # the password of now, the new one a second time, what proves who one is


@dataclass(frozen=True, slots=True)
class KeptForm:
    """``address``: where it was going. ``fields`` go along hidden; ``shown`` is what somebody typed. ``files`` have to be chosen again.

    ``title``, ``text`` and ``hint``: why it was not taken; empty where the session was over. ``again``: whether sending it again may help.
    ``whole``: it came to its end, but for its files; what is missing otherwise is only in the browser.
    ``back``: the page of the form.
    """

    address: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]
    title: Text = NOTHING
    text: Text = NOTHING
    hint: Text = NOTHING
    again: bool = True
    whole: bool = True
    back: str = ""

    @property
    def shown(self) -> tuple[tuple[Text, str], ...]:
        """What was typed, with what its field is called."""
        return told(self.fields, self._action)

    @property
    def filenames(self) -> tuple[str, ...]:
        """What the files are called."""
        return tuple(filename for _, filename in self.files)

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
    if not from_here(request) or not request.headers.get("content-type", "").startswith((FILES, TEXTS)):
        return None
    sent, whole = await came(request)
    if "csrf" not in dict(sent) or any(is_secret(name) for name, _ in sent):
        return None
    fields = tuple((name, value) for name, value in sent if isinstance(value, str) and name not in LEFT_OUT)
    files = tuple((name, value.filename) for name, value in sent if isinstance(value, UploadFile) and value.filename)
    await close_form(request)  # the files themselves are not kept
    query = f"?{request.url.query}" if request.url.query else ""
    return KeptForm(request.url.path + query, fields, files, whole=whole)


async def came(request: Request) -> tuple[list[Item], bool]:
    """What came of the form of ``request``, read now if nobody did, and whether that is all but its files."""
    if form_read(request) is None and broken_off(request) is None:
        length = request.headers.get("content-length", "")
        texts_alone = not request.headers["content-type"].startswith(FILES)
        if not length.isdecimal() or (texts_alone and int(length) > MOST_TEXT):
            return [], False
        with suppress(Unfit, StorageFull):  # another refusal is told already; what came is below all the same
            await read_form(request, keeps=False)
    if (form := form_read(request)) is not None:
        return form.multi_items(), True
    reader = broken_off(request)
    return (reader.came(), reader.whole) if reader else ([], False)
