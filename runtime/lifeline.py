"""Runs a module so that it ends when its parent does: ``python -m runtime.lifeline MODULE [ARGUMENT…]``.

The parent holds the other end of standard input. When the parent is gone, even by SIGKILL, reading ends, and the child asks itself
to stop, then insists. Without it a killed `dondoc up` would leave a Prefect server behind that holds the port.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time

GRACE_S = 5.0


def watch() -> None:
    """Wait in a thread for the end of standard input, then end this process: politely, and after `GRACE_S` seconds for certain."""
    threading.Thread(target=_end_with_parent, name="lifeline", daemon=True).start()


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        continue
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_S)
    os._exit(1)


if __name__ == "__main__":
    watch()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the parent is told, and sends SIGTERM
    module, sys.argv = sys.argv[1], sys.argv[1:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
