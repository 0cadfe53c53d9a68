"""What housekeeping runs are called in Prefect's lists."""

from __future__ import annotations

from collections.abc import Callable

from prefect.runtime import flow_run

from engine.instants import LOCAL


def named(what: str) -> Callable[[], str]:
    """A name with the local time at which the run was due: "Quét thời hạn · 22/07 07:30"."""
    return lambda: f"{what} · {flow_run.get_scheduled_start_time().astimezone(LOCAL):%d/%m %H:%M}"
