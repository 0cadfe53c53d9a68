"""The one place that asks the machine what time it is. Everywhere else time is an argument."""

from __future__ import annotations

from datetime import UTC, datetime


def system_now() -> datetime:
    """The present instant of the machine, aware and in UTC; never simulated."""
    return datetime.now(UTC)
