"""Which messages the templates use: ``python -m web.i18n.extract`` prints those that English still lacks, as catalogue entries."""

from __future__ import annotations

import sys
from pathlib import Path

from jinja2.ext import extract_from_ast

from web.i18n import catalogue
from web.render import HERE, environment
from web.shell import OTHERS, PLACES

TEMPLATES = HERE / "templates"


def used() -> dict[str, str]:
    """Message id → the first place that uses it: a template with its line, or the navigation."""
    found = {label: "web/shell.py" for _, label in (*PLACES, *OTHERS)}
    for path in sorted(TEMPLATES.rglob("*.html")):
        for message, place in of_template(path):
            found.setdefault(message, place)
    return found


def of_template(path: Path) -> list[tuple[str, str]]:
    """The messages of one template with their places, in order."""
    tree = environment().parse(path.read_text(encoding="utf-8"), filename=str(path))
    calls = [(line, found[0] if isinstance(found, tuple) else found) for line, _, found in extract_from_ast(tree, ("_",))]
    return [(message, f"{path.relative_to(HERE.parent)}:{line}") for line, message in calls if isinstance(message, str)]


def missing(language: str) -> dict[str, str]:
    """Messages that ``language`` lacks, with a place that uses each."""
    known = catalogue(language)
    return {message: place for message, place in used().items() if message not in known}


def unused(language: str) -> list[str]:
    """Messages that ``language`` translates and nothing uses."""
    return sorted(catalogue(language).keys() - used().keys())


def entry(message: str, place: str) -> str:
    """An empty catalogue entry for ``message``."""
    return f'#: {place}\nmsgid "{message.replace(chr(34), chr(92) + chr(34))}"\nmsgstr ""\n'


if __name__ == "__main__":
    sys.stdout.write("\n".join(entry(message, place) for message, place in missing("en").items()))
