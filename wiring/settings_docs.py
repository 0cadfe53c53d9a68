"""The page docs/settings.md, generated from `wiring.settings` so that it cannot lie: ``python -m wiring.settings_docs``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from wiring.settings import CHECKOUT, PREFIX, Settings

HEAD = """# Settings

Set them in the environment or in a file `.env` beside `pyproject.toml`; the environment wins. A name that is not in this
table is refused. This page is generated: change `wiring/settings.py`, then run `make docs`.

| Name | Default | What it does |
|---|---|---|
"""


def page() -> str:
    """The whole page as Markdown."""
    return HEAD + "".join(f"{row}\n" for row in rows())


def rows() -> Iterator[str]:
    """One table row a setting, in the order of the class."""
    for name, field in Settings.model_fields.items():
        yield f"| `{PREFIX}{name.upper()}` | {shown_default(field)} | {field.description} |"


def shown_default(field: FieldInfo) -> str:
    """The default as one would write it, relative to the checkout for paths; empty for none."""
    value = field.default
    if isinstance(value, SecretStr) or value in ("", None):
        return ""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, Path):
        value = f"./{value.relative_to(CHECKOUT)}"
    if isinstance(value, bool):
        value = str(value).lower()
    return f"`{value}`"


if __name__ == "__main__":
    sys.stdout.write(page())
