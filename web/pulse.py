"""One look a second for all open pages of this process: it asks the database how far it is and tells who listens what moved.

It looks only while somebody listens. Whoever is slow finds what moved meanwhile gathered, not queued.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool

from services.queries.live import Moment

EVERY = 1.0  # seconds
log = logging.getLogger("dondoc.web")


@dataclass(eq=False)
class _Listener:
    """``moved``: what its page has not been told yet."""

    moved: set[int] = field(default_factory=set)
    woken: asyncio.Event = field(default_factory=asyncio.Event)


class Pulse:
    """``look`` reads the present moment (blocking; it runs in a thread)."""

    def __init__(self, look: Callable[[], Moment], every: float = EVERY) -> None:
        self._look, self._every = look, every
        self._listeners: set[_Listener] = set()
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    def close(self) -> None:
        """The process is about to end: whoever listens is let go, so that nobody has to be thrown out. For the loop's own thread."""
        self._closed = True
        for listener in self._listeners:
            listener.woken.set()

    async def changes(self, patience: float) -> AsyncGenerator[frozenset[int], None]:
        """What moved since the last time, as it happens; an empty set after ``patience`` seconds in which nothing did."""
        listener = _Listener()
        self._listeners.add(listener)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._beat())
        try:
            while not self._closed:
                try:
                    await asyncio.wait_for(listener.woken.wait(), patience)
                except TimeoutError:
                    yield frozenset()
                    continue
                moved, listener.moved = frozenset(listener.moved), set()
                listener.woken.clear()
                if not self._closed:
                    yield moved
        finally:
            self._listeners.discard(listener)

    async def _beat(self) -> None:
        """Look until nobody listens any more. A look that fails is told to the log; the next one makes up for it."""
        before: Moment | None = None
        while self._listeners:
            try:
                now = await run_in_threadpool(self._look)
            except Exception:
                log.warning("live pages could not look", exc_info=True)
            else:
                if before is not None and (moved := now.since(before)):
                    self._tell(moved)
                before = now
            await asyncio.sleep(self._every)

    def _tell(self, moved: frozenset[int]) -> None:
        for listener in self._listeners:
            listener.moved |= moved
            listener.woken.set()
