"""Languages of the pages: message ids are the Vietnamese text itself, ``en.po`` holds the English.

A message with a plural form in the catalogue is chosen by its argument ``n``; Vietnamese has one form for all numbers.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
FOLDER = Path(__file__).parent

Forms = dict[str, tuple[str, ...]]


@lru_cache(maxsize=4)
def catalogue(language: str) -> Forms:
    """Message id → its forms (one, or singular and plural). Empty for Vietnamese."""
    path = FOLDER / f"{language}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        messages = read_po(file)
    found: Forms = {}
    for message in messages:
        if message.id and message.string and not message.fuzzy:
            key = message.id if isinstance(message.id, str) else message.id[0]
            found[key] = tuple(message.string) if isinstance(message.string, list | tuple) else (message.string,)
    return found


def translate(language: str, message: str, **values: object) -> str:
    """``message`` in ``language`` with ``values`` put into its ``%(name)s`` places."""
    forms = catalogue(language).get(message, (message,))
    chosen = forms[0] if len(forms) == 1 or values.get("n") == 1 else forms[1]
    return chosen % values if values else chosen
