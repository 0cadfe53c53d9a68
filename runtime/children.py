"""A child process: started, watched, started again when it dies, and ended within a limit."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from runtime.backoff import delay
from wiring.environment import child_environment
from wiring.settings import CHECKOUT

LEAN = {"MALLOC_ARENA_MAX": "2"}
"""For every child: with an arena of its own for each thread a process keeps a quarter more memory than it uses."""
STEADY_S = 60.0
"""A child that lived this long has started well: what came before no longer counts against it."""


def tied(*module_and_arguments: str) -> tuple[str, ...]:
    """The command that runs a Python module which ends when we do."""
    return (sys.executable, "-m", "runtime.lifeline", *module_and_arguments)


def fresh(log: Path) -> Path:
    """Make way for a new log at ``log``: the one before is kept beside it, older ones are not."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists():
        log.replace(log.with_suffix(".before.log"))
    return log


@dataclass
class Child:
    """One process of `dondoc up`. ``name`` is for people; ``environment`` comes on top of ours. ``log``: a file for what it prints, which
    otherwise goes where ours does."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None
    failures: int = 0
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    not_before: float = 0.0

    def start(self, now: float) -> None:
        """Start it; ``now`` in seconds of a clock that only goes forward."""
        self.started_at = now
        environment = child_environment({**LEAN, **self.environment})
        with ExitStack() as open_now:
            output = open_now.enter_context(fresh(self.log).open("wb")) if self.log else None
            self.process = subprocess.Popen(
                self.command, cwd=CHECKOUT, env=environment, stdin=subprocess.PIPE, stdout=output, stderr=output
            )

    def attend(self, now: float) -> int | None:
        """Start it again if it has ended and its pause is over. Gives the exit code when it has just been found dead."""
        if self.process is None:
            if now >= self.not_before:
                self.start(now)
            return None
        code = self.process.poll()
        if code is None:
            return None
        self.failures = 1 if now - self.started_at >= STEADY_S else self.failures + 1
        self.not_before = now + delay(self.failures)
        self._forget()
        return code

    def ask_to_end(self) -> None:
        """Send SIGTERM, if it lives."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def end(self, within: float) -> bool:
        """Wait ``within`` seconds for it to end, then kill it. Whether it ended by itself."""
        if self.process is None:
            return True
        try:
            self.process.wait(max(0.0, within))
            return True
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return False
        finally:
            self._forget()

    def _forget(self) -> None:
        if self.process is not None and self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()
        self.process = None
