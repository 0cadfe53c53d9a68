"""Moves the simulated clock to where a page asked for, living through every morning and evening in between.

Only the orchestrator moves it. Plain calls, no flow runs: a month takes seconds. The flow runs and the overview in Prefect follow when it
has arrived.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum

from engine.instants import LOCAL, at_local, local_day
from services import clock
from tasks.duties import anchor_journal, deliver_messages, gather_and_deliver, open_what_is_due, sweep_deadlines
from wiring.context import AppContext

LOOK_EVERY_S = 0.3
TRY_AGAIN_S = 5.0
log = logging.getLogger("dondoc.clockwork")


class Duty(Enum):
    """What has to happen at a moment of the day."""

    OPEN = "open"
    ANCHOR = "anchor"
    DIGEST = "digest"
    SWEEP = "sweep"
    SEND = "send"


DAY: tuple[tuple[time, Duty], ...] = (
    (time(0, 5), Duty.OPEN),
    (time(0, 30), Duty.ANCHOR),
    (time(7, 30), Duty.DIGEST),
    (time(18, 0), Duty.SWEEP),
)
"""The same hours as in prefect.yaml, and an evening sweep in place of one every ten minutes."""


DUTIES: dict[Duty, Callable[[AppContext], object]] = {
    Duty.OPEN: open_what_is_due,
    Duty.ANCHOR: anchor_journal,
    Duty.DIGEST: gather_and_deliver,
    Duty.SWEEP: sweep_deadlines,
    Duty.SEND: deliver_messages,
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A business instant and what happens then."""

    at: datetime
    duty: Duty


def moments(start: datetime, target: datetime) -> Iterator[Moment]:
    """Every moment after ``start`` up to ``target``, in order; ``target`` itself comes last and sends what may leave."""
    day, last = local_day(start), local_day(target)
    while day <= last:
        for hour, duty in DAY:
            at = at_local(day, hour.hour, hour.minute)
            if start < at <= target:
                yield Moment(at, duty)
        day += timedelta(days=1)
    yield Moment(target, Duty.SEND)


def live_through(app: AppContext, moment: Moment) -> None:
    """Move the clock to the moment and do what is due then."""
    clock.advance_to(app.db, moment.at)
    DUTIES[moment.duty](app)


class Clockwork:
    """A thread that waits for a target. ``arrived`` is called when the clock has reached one."""

    def __init__(self, app: AppContext, stop: threading.Event, arrived: Callable[[], None]) -> None:
        self._app = app
        self._stop = stop
        self._arrived = arrived
        self._thread = threading.Thread(target=self._work, name="clockwork", daemon=True)

    def start(self) -> None:
        """Begin to look for targets."""
        self._thread.start()

    def _work(self) -> None:
        while not self._stop.wait(LOOK_EVERY_S):
            target = clock.target(self._app.db)
            if target is not None:
                self.advance(target)

    def advance(self, target: datetime) -> None:
        """Live through everything up to ``target``. Stopped or killed in between, the next start goes on from where the clock stands, and
        does once more what is due then."""
        for moment in moments(self._app.now().business, target):
            while not self._stop.is_set():
                try:
                    live_through(self._app, moment)
                    break
                except Exception:
                    log.exception("the clock stands at %s, trying again", moment.at.astimezone(LOCAL))
                    self._stop.wait(TRY_AGAIN_S)
        if not self._stop.is_set():
            self._arrived()
