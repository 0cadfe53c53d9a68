"""The process environment beyond our own settings: what a child process inherits, what a library reads from it.

`wiring.settings` reads ``DONDOC_…``; libraries such as Prefect take their settings from variables of their own.
Both go through this room, so that one search answers where the environment is touched.
"""

from __future__ import annotations

import os
from collections.abc import Mapping


def child_environment(changes: Mapping[str, str]) -> dict[str, str]:
    """A copy of this process's environment with ``changes`` applied, for a child process."""
    return {**os.environ, **changes}


def set_for_this_process(changes: Mapping[str, str]) -> None:
    """Put ``changes`` into this process's environment, before the library that reads them is imported."""
    os.environ.update(changes)


def set_if_missing(defaults: Mapping[str, str]) -> None:
    """As `set_for_this_process`, but what the operator has set already stays."""
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
