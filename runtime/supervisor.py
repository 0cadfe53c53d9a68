"""`dondoc up`: everything that runs, started in order, kept alive, ended together.

Prefect's server takes longest, so it starts first and nobody waits for it: the data is prepared meanwhile, the pages answer as soon
as that is done, and the orchestrator finds Prefect when it is there.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType, TracebackType
from typing import Self

from engine.definition import Text
from engine.errors import Unavailable
from runtime.children import Child, tied
from runtime.lock import InstanceLock
from runtime.prefect_env import client_variables
from runtime.prefect_folder import has_database
from runtime.prefect_server import healthy, prefect_server
from wiring.environment import child_environment
from wiring.settings import CHECKOUT, Settings

END_WITHIN_S = 8.0
LOOK_EVERY_S = 0.5
CLI = "cli.entry"


def up(
    settings: Settings, *, environment: Mapping[str, str], prepare: Sequence[Sequence[str]] = (), welcome: Callable[[], str] = str
) -> int:
    """Run everything until SIGINT or SIGTERM; the exit code.

    ``environment``: what the children must see to have these same settings. ``prepare``: arguments of `dondoc` commands that run
    one after another before the pages open (migrations, the demonstration). ``welcome``: addresses and sign-ins, asked for once the
    data is there.
    """
    refuse_busy_ports(settings)
    own_prefect = not settings.prefect_api_url
    with InstanceLock(settings.data / "up.lock", "dondoc up"), Supervisor() as supervisor:
        if own_prefect:
            if has_database(settings):
                supervisor.run_once(tied("runtime.prefect_folder"), environment)
            supervisor.start(prefect_server(settings))
        for arguments in prepare:
            if code := supervisor.run_once(tied(CLI, *arguments), environment):
                return 0 if supervisor.stopping else code
        supervisor.start(Child("dondoc", tied(CLI, "serve"), environment))
        supervisor.start(Child("orchestrator", tied(CLI, "orchestrate"), {**environment, **client_variables(settings)}))
        say(welcome())
        supervisor.watch((lambda: healthy(settings)) if own_prefect else None)
    return 0


class Supervisor:
    """The children of one `dondoc up`. As a context it takes over SIGINT and SIGTERM, and leaves no child behind."""

    def __init__(self, end_within: float = END_WITHIN_S) -> None:
        self._end_within = end_within
        self._stop = threading.Event()
        self._children: list[Child] = []

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._asked_to_stop)
        return self

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        """A second Ctrl-C while the children are being ended must not leave them behind, so it changes nothing."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """Whether somebody asked for the end."""
        return self._stop.is_set()

    def start(self, child: Child) -> None:
        """Start a child and keep it alive from now on."""
        child.start(time.monotonic())
        self._children.append(child)

    def run_once(self, command: Sequence[str], environment: Mapping[str, str]) -> int:
        """Run a command to its end, or to ours. Its exit code; what it leaves half done is done again next time."""
        process = subprocess.Popen(command, cwd=CHECKOUT, env=child_environment(environment), stdin=subprocess.PIPE)
        try:
            while process.poll() is None:
                if self._stop.wait(0.1):
                    process.terminate()
                    process.wait(self._end_within)
        finally:
            process.kill()
            code = process.wait()
        return code

    def watch(self, ready: Callable[[], bool] | None = None) -> None:
        """Start again what dies, until asked to stop; say so once ``ready`` is true."""
        began = time.monotonic()
        while not self._stop.wait(LOOK_EVERY_S):
            self.attend()
            if ready is not None and ready():
                say(f"Prefect đã sẵn sàng (sau {time.monotonic() - began:.0f} giây).")
                ready = None

    def attend(self) -> None:
        """One look at every child."""
        for child in self._children:
            code = child.attend(time.monotonic())
            if code is not None and not self._stop.is_set():
                say(f"{child.name} đã dừng (mã {code}), chạy lại sau {child.not_before - time.monotonic():.0f} giây.")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Ask all at once, the last started first, and kill whoever is not gone in time: SIGTERM may not end a Prefect process."""
        self._stop.set()
        until = time.monotonic() + self._end_within
        for child in reversed(self._children):
            child.ask_to_end()
        for child in reversed(self._children):
            child.end(until - time.monotonic())


def refuse_busy_ports(settings: Settings) -> None:
    """Raise `Unavailable` if an address we are about to use is taken: better before anything starts than in a loop of restarts."""
    wanted = [("DONDOC_PORT", settings.host, settings.port)]
    if not settings.prefect_api_url:
        wanted.append(("DONDOC_PREFECT_PORT", "127.0.0.1", settings.prefect_port))
    for name, host, port in wanted:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                raise Unavailable(
                    Text(f"Cổng {port} đang bận.", f"Port {port} is in use."),
                    code="port-busy",
                    hint=Text(f"Đặt {name} khác, chẳng hạn {name}={port + 1}.", f"Set another {name}, such as {name}={port + 1}."),
                    field=name,
                ) from None


def say(text: str) -> None:
    """One line to the person at the terminal, at once even into a pipe."""
    print(text, file=sys.stdout, flush=True)
