"""Prefect's command line with the garbage collector in a thread of its own: ``python -m runtime.prefect_main server start …``.

Prefect's server keeps SQLite connections in threads of their own and everything else in one event loop. A request whose client goes
away in its middle leaves a database cursor behind in a cycle of references. When the collector then runs in the event loop, as it
does by itself, it resets that cursor and waits for the cursor's connection; when the connection waits for a transaction of the
event loop, each waits for the other until SQLite gives up: the server answers nobody for sixty seconds. One kill of the orchestrator
at an unlucky moment was enough. A thread that only collects may wait; the event loop goes on, and the wait ends at once.
"""

from __future__ import annotations

import gc
import itertools
import runpy
import threading
import time

PAUSE_S = 0.5
MIDDLE_EVERY = 10
WHOLE_EVERY = 100
WORTH_IT = 700
"""New objects since the last time, below which a turn is left out: the collector's own measure in the Pythons before 3.12."""


def collect_apart() -> None:
    """Let a thread of its own, and nobody else in this process, look for garbage from now on."""
    gc.disable()
    threading.Thread(target=_collect, name="garbage", daemon=True).start()


def _collect() -> None:
    turns = itertools.count(1)
    while True:
        time.sleep(PAUSE_S)
        if gc.get_count()[0] >= WORTH_IT:
            gc.collect(generation(next(turns)))


def generation(turn: int) -> int:
    """How old the objects are that collection number ``turn`` looks at: mostly the youngest (0), at times middle ones (1) or all (2)."""
    if turn % WHOLE_EVERY == 0:
        return 2
    return 1 if turn % MIDDLE_EVERY == 0 else 0


if __name__ == "__main__":
    collect_apart()
    runpy.run_module("prefect", run_name="__main__", alter_sys=True)
