"""The whole product as a newcomer runs it: `dondoc up` in a process of its own, on free ports and a folder of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from wiring.settings import CHECKOUT

Found = TypeVar("Found")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def until(what: str, probe: Callable[[], Found], *, seconds: float = 60, every: float = 0.5) -> Found:
    """The first truthy answer of ``probe``; AssertionError with the last thing seen after ``seconds``."""
    end, seen = time.monotonic() + seconds, "nothing"
    while time.monotonic() < end:
        try:
            found = probe()
            if found:
                return found
            seen = repr(found)
        except (OSError, ValueError, KeyError, IndexError) as problem:
            seen = repr(problem)
        time.sleep(every)
    raise AssertionError(f"{what}: not within {seconds:.0f} s, last seen {seen[:300]}")


@dataclass
class Stack:
    """``data`` outlives a stop, so that the same folder can be started again. ``environment``: settings besides."""

    data: Path
    port: int = field(default_factory=free_port)
    prefect_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.prefect_port}/api"

    def start(self, *, prefect: bool = True) -> None:
        """Start everything and wait for the pages and, unless not asked to, for Prefect."""
        self.data.mkdir(parents=True, exist_ok=True)
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("DONDOC_", "PREFECT_"))} | self.environment
        command = (sys.executable, "-m", "cli.entry", "up", "--data", str(self.data))
        ports = ("--port", str(self.port), "--prefect-port", str(self.prefect_port))
        with (self.data / "up.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, *ports], cwd=CHECKOUT, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
            )
        until("the pages answer", lambda: self.get("/healthz"), seconds=150)
        if prefect:
            until("Prefect answers", lambda: self.prefect("health", None) or True, seconds=90)

    def stop(self, number: int = signal.SIGINT) -> list[str]:
        """Ctrl-C to the whole group; what is left of it afterwards (nothing, if all is well)."""
        if self.process is None or self.process.poll() is not None:
            return []
        group = os.getpgid(self.process.pid)
        os.killpg(group, number)
        self.process.wait(30)
        time.sleep(1)
        left = subprocess.run(["pgrep", "-g", str(group)], capture_output=True, text=True, check=False).stdout.split()
        if left:
            os.killpg(group, signal.SIGKILL)
        return left

    def log(self) -> str:
        """What it printed so far."""
        return (self.data / "up.log").read_text(errors="replace")

    def told(self, lines: int = 40) -> list[tuple[str, str]]:
        """The ends of its logs and the states of its flow runs, each under a name: what a failure is understood by."""
        logs = (self.data / "up.log", self.data / "prefect" / "server.log")
        found = [(log.name, "\n".join(log.read_text(errors="replace").splitlines()[-lines:])) for log in logs if log.exists()]
        try:
            runs = "\n".join(f"{r['state_type']} {r['state']['timestamp']} {r['name']}" for r in self.runs())
        except OSError as problem:
            runs = repr(problem)
        return [*found, ("flow runs", runs)]

    def get(self, path: str) -> str:
        """A page of ours, not signed in."""
        with urllib.request.urlopen(self.base + path, timeout=10) as answer:
            return str(answer.read().decode())

    def prefect(self, path: str, body: Any) -> Any:
        """A call of Prefect's API."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.api}/{path}", data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or b"null")

    def runs(self, *tags: str, name: str = "") -> list[dict[str, Any]]:
        """Flow runs of workflows, narrowed by tags and part of the name."""
        wanted: dict[str, Any] = {"tags": {"all_": list(tags)}} if tags else {}
        found = self.prefect("flow_runs/filter", {"limit": 200, "flow_runs": wanted})
        return [r for r in found if "system" not in r["tags"] and name in r["name"]]

    def waiting(self) -> list[dict[str, Any]]:
        """Flow runs that wait for people."""
        return [r for r in self.runs() if r["state_type"] == "PAUSED"]

    def key_tasks_waiting(self) -> set[str]:
        """Codes of the key tasks that have a waiting run."""
        return {tag for r in self.waiting() for tag in r["tags"] if re.fullmatch(r"NV[1-7]", tag)}

    def child(self, part: str) -> int:
        """The process id of the child whose command line holds ``part``."""
        assert self.process is not None
        group = os.getpgid(self.process.pid)
        found = subprocess.run(["pgrep", "-g", str(group), "-f", part], capture_output=True, text=True, check=True).stdout.split()
        return int(next(pid for pid in found if int(pid) != self.process.pid))
