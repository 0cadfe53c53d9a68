"""Mentions: people who are named in a comment, written as @sign-in-name or ticked in a list, so that they hear of it.

Only people who read the step can be named. Whoever is not among them is refused in the same words as a name that nobody has, so that a
comment never tells which accounts exist; and never passed over in silence, since its writer would wait for an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from engine.definition import Text
from engine.errors import Invalid
from engine.people import perhaps

FIELD = "mentions"
MOST = 20
_OPENING, _CLOSING = r"\s(\[“\"'‘,;:/", r"\s@)\]”\"'’,;:!?/"
_WRITTEN = re.compile(rf"(?:^|(?<=[{_OPENING}]))@([^{_CLOSING}]+)")  # none in the middle of a mail address


def names_somebody(payload: Mapping[str, Any]) -> bool:
    """Whether a comment may name people, so that it is worth reading who can be named."""
    text = payload.get("text")
    return bool(payload.get(FIELD)) or (isinstance(text, str) and "@" in text)


def written(text: str) -> tuple[str, ...]:
    """The sign-in names that ``text`` mentions, without the full stop that ends a sentence."""
    return tuple(name for found in _WRITTEN.findall(text) if (name := found.rstrip(".…")))


def mentioned(text: str, ticked: Iterable[str], readers: Mapping[str, int], by: int) -> tuple[int, ...]:
    """The accounts that a comment names, each once; its writer (``by``) needs no telling.

    ``readers``: the accounts that read the step, by sign-in name. Raises Invalid for a name that is not among them, and for too many.
    """
    known = {login.casefold(): id_ for login, id_ in readers.items()}
    found: dict[int, None] = {}
    for field, names in (("text", written(text)), (FIELD, ticked)):
        for name in names:
            if name.casefold() not in known:
                raise _unknown(name, field, known)
            found[known[name.casefold()]] = None
    found.pop(by, None)
    if len(found) > MOST:
        raise Invalid(Text(f"Nhắc đến tối đa {MOST} người.", f"Mention at most {MOST} people."), code="too-many", field=FIELD)
    return tuple(found)


def _unknown(name: str, field: str, known: Iterable[str]) -> Invalid:
    return Invalid(
        Text(f"Không ai tên “@{name}” xem được bước này.", f"Nobody called “@{name}” reads this step."),
        code="mention",
        field=field,
        hint=perhaps(name, known, mark="@"),
    )
