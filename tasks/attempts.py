"""Trying again within one wake.

The timeline of a workflow's flow run belongs to its steps. A Prefect task for every effect of every wake would bury them, so the
effects of a wake are plain functions; this gives them the retries that a Prefect task would have.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import httpx

from engine.errors import Unavailable

P = ParamSpec("P")
R = TypeVar("R")

PASSING = (Unavailable, httpx.TransportError)
"""What may be gone a moment later. Anything else fails the run, and the relay replaces it."""


def attempts(number: int, *, pause: float = 1.0) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Call the function up to ``number`` times while it raises one of `PASSING`, ``pause`` seconds apart, doubled each time."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def tried(*args: P.args, **kwargs: P.kwargs) -> R:
            for attempt in range(number - 1):
                try:
                    return function(*args, **kwargs)
                except PASSING:
                    time.sleep(pause * 2**attempt)
            return function(*args, **kwargs)

        return tried

    return decorate
