"""Clients that complete steps over the API and go on asking, under the same key, until they are told that it is done."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from uuid import uuid4

import httpx

from tests.factories import AGENCY
from tests.reliability.office import PASSWORD, Work

ASK_AGAIN_S = 0.1
GIVE_UP_S = 300.0


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """An action of which a client was told that it is done. ``asked``: how often it was sent."""

    step_id: int
    action: str
    key: str
    workflow_id: int
    seq: int
    seconds: float
    asked: int


@dataclass
class Told:
    """What all clients were told, in any order, and who waits at the gate. ``at_work``: seconds in which at least one did not."""

    acknowledged: list[Acknowledged] = field(default_factory=list)
    completed: int = 0
    trouble: list[str] = field(default_factory=list)
    guard: threading.Condition = field(default_factory=threading.Condition)
    allowed: int = 0
    started: int = 0
    at_work: float = 0.0
    _working: int = 0
    _since: float = 0.0

    def may_start(self) -> None:
        """Wait until one more completion may be begun: kills are spread over all of them."""
        with self.guard:
            self.guard.wait_for(lambda: self.started < self.allowed or bool(self.trouble))
            self.started += 1
            if self._working == 0:
                self._since = time.monotonic()
            self._working += 1

    def allow(self, completions: int) -> None:
        """Let so many be begun in all."""
        with self.guard:
            self.allowed = completions
            self.guard.notify_all()

    def note(self, *done: Acknowledged) -> None:
        """One more completion."""
        with self.guard:
            self.acknowledged += done
            self.completed += 1
            self._working -= 1
            if self._working == 0:
                self.at_work += time.monotonic() - self._since
            self.guard.notify_all()

    def fail(self, why: str) -> None:
        """A client gave up: nobody need wait for it."""
        with self.guard:
            self.trouble.append(why)
            self.guard.notify_all()

    def wait_for(self, completions: int) -> None:
        """Until so many are done, or somebody gave up."""
        with self.guard:
            self.guard.wait_for(lambda: self.completed >= completions or bool(self.trouble))


class Client:
    """One client with a session for each account that it acts for. It opens a new connection whenever one breaks."""

    def __init__(self, base: str, work: Sequence[Work], told: Told) -> None:
        self.base, self.work, self.told = base, work, told
        self._sessions: dict[str, tuple[httpx.Client, str]] = {}

    def run(self) -> None:
        """Complete all of ``work``."""
        try:
            for one in self.work:
                self.told.may_start()
                if self.told.trouble:
                    return
                submitted = self._act(one, one.unit, "submit")
                self.told.note(submitted, self._act(one, AGENCY, "approve"))
        except (AssertionError, httpx.HTTPError, KeyError) as problem:
            self.told.fail(f"{type(problem).__name__}: {problem}")
        finally:
            for client, _ in self._sessions.values():
                client.close()

    def _act(self, one: Work, login: str, action: str) -> Acknowledged:
        """One action, asked for until it is acknowledged."""
        begin, key = time.monotonic(), str(uuid4())
        step, _ = self._ask(login, lambda client, _: client.get(f"/api/v1/steps/{one.step_id}"))
        found = step.json()
        body = {"expected_version": found["version"]}
        if action == "approve":
            body["payload"] = {"round": found["round"], "link": found["link"]}
        path = f"/api/v1/steps/{one.step_id}/actions/{action}"
        answer, asked = self._ask(login, lambda c, csrf: c.post(path, json=body, headers={"X-CSRF-Token": csrf, "Idempotency-Key": key}))
        done = answer.json()
        return Acknowledged(one.step_id, action, key, done["workflow_id"], done["seq"], time.monotonic() - begin, asked)

    def _ask(self, login: str, send: Callable[[httpx.Client, str], httpx.Response]) -> tuple[httpx.Response, int]:
        """Send until there is an answer that is no excuse; it, and how often that took. AssertionError for a refusal."""
        end, asked = time.monotonic() + GIVE_UP_S, 0
        while time.monotonic() < end:
            asked += 1
            try:
                answer = send(*self._session(login))
            except httpx.TransportError:
                time.sleep(ASK_AGAIN_S)
                continue
            if answer.status_code in {429, 502, 503}:
                time.sleep(float(answer.headers.get("Retry-After", ASK_AGAIN_S)))
                continue
            assert answer.is_success, f"{answer.request.url.path}: {answer.status_code} {answer.text[:300]}"
            return answer, asked
        raise AssertionError(f"no answer in {GIVE_UP_S:.0f} s")

    def _session(self, login: str) -> tuple[httpx.Client, str]:
        """The session of an account, opened when first needed."""
        if login not in self._sessions:
            with ExitStack() as opened:  # closed again unless it becomes a session
                client = opened.enter_context(httpx.Client(base_url=self.base, timeout=30, trust_env=False))
                answer = client.post("/api/v1/session", json={"login": login, "password": PASSWORD})
                if answer.status_code in {429, 503}:
                    raise httpx.TransportError("not now")
                assert answer.is_success, f"sign-in: {answer.status_code} {answer.text[:300]}"
                self._sessions[login] = client, answer.json()["csrf"]
                opened.pop_all()
        return self._sessions[login]


def shared(work: Sequence[Work], clients: int) -> list[list[Work]]:
    """``work`` in ``clients`` parts; a unit's steps all go to the same one."""
    units = sorted({one.unit for one in work})
    owner = {unit: n % clients for n, unit in enumerate(units)}
    parts: list[list[Work]] = [[] for _ in range(clients)]
    for one in work:
        parts[owner[one.unit]].append(one)
    return [part for part in parts if part]
