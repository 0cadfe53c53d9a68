"""The API keeps to its own description: schemathesis makes requests from it, valid ones and others, and sequences that follow each other.

    python -m tests.security.described --seeds 3 --examples 50 --json

No answer may be an error of ours, and none may have a status, a type, a header or a shape that is not described. The requests are made by
several kinds of people, signed in or by an API token, over a real database that they really change; afterwards everything that must hold
at any time must still hold, and the journal must verify.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder

from services import api_tokens
from tests.factories import at
from tests.security.putting_back import faults, really
from tests.security.world import DAY, World

DESCRIPTION = "/api/v1/openapi.json"
TOKEN = "agency by token"
SEEN_BY = (TOKEN, "agency", "lead", "approver", "supervisor", "administrator", "unrelated", "")
"""Whose requests are made: one that acts by an API token, people signed in, somebody who is not."""
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    "response_headers_conformance", "negative_data_rejection", "unsupported_method", "missing_required_header",
)  # fmt: skip
SIGNED_IN_LEAVES = "DELETE /api/v1/session"
BY_TOKEN_LEAVES = "DELETE /api/v1/tokens/{token_id}"
"""What would end the caller's own access, so that everything after it were refused. Each is left to the other way in."""
STEPS = 6  # of one sequence


@dataclass
class Report:
    """What a run came to. ``answers``: how many of each status, by who asked."""

    seeds: list[int] = field(default_factory=list)
    operations: int = 0
    requests: int = 0
    sequences: int = 0
    answers: dict[str, dict[str, int]] = field(default_factory=dict)
    seconds: float = 0.0
    findings: list[str] = field(default_factory=list)

    def summary(self) -> str:
        """The report for people."""
        lines = [
            f"{self.requests} requests to {self.operations} operations, {self.sequences} sequences, "
            f"seeds {', '.join(map(str, self.seeds))}, {self.seconds:.0f} s",
            *(f"{who or 'signed out'}: " + ", ".join(f"{n} × {s}" for s, n in sorted(told.items())) for who, told in self.answers.items()),
            *(self.findings or ["no error of ours, nothing that is not described"]),
        ]
        return "\n".join(lines)


def run(world: World, *, seeds: Sequence[int], examples: int, sequences: int, who: Sequence[str] = SEEN_BY) -> Report:
    """Ask everything as everybody in ``who``, once for each seed, each finding the same office."""
    begin, report = time.monotonic(), Report(list(seeds))
    for seed in seeds:
        for login in who:
            with really(world):
                ask(world, report, login, seed, examples, sequences)
                report.findings += [f"seed {seed} as {login or 'signed out'}: {fault}" for fault in faults(world)]
    report.findings = list(dict.fromkeys(report.findings))
    report.seconds = round(time.monotonic() - begin, 1)
    return report


def ask(world: World, report: Report, login: str, seed: int, examples: int, sequences: int) -> None:
    """All requests of one person with one seed."""
    method, path = (BY_TOKEN_LEAVES if login == TOKEN else SIGNED_IN_LEAVES).split(" ")
    config = rules(headers_of(world, login), seed, examples, sequences)
    schema = schemathesis.openapi.from_asgi(DESCRIPTION, world.app, config=config).exclude(method=method, path=path)
    told = Counter(report.answers.get(login, {}))
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            report.sequences += event.phase.value == "stateful"
            told += Counter(str(one.response.status_code) for one in event.recorder.interactions.values() if one.response is not None)
            report.findings += (f"seed {seed} as {login or 'signed out'}: {found}" for found in failures(event.recorder))
        elif isinstance(event, events.NonFatalError | events.FatalError):
            problem = event.exception if isinstance(event, events.FatalError) else event.value
            report.findings.append(f"seed {seed} as {login or 'signed out'}: {type(problem).__name__}: {problem}")
    report.operations = max(report.operations, schema.statistic.operations.selected)
    report.requests += sum(told.values()) - sum(report.answers.get(login, {}).values())
    report.answers[login] = dict(told)


def failures(recorder: ScenarioRecorder) -> Iterator[str]:
    """What the checks found in one scenario."""
    for checks in recorder.checks.values():
        for check in checks:
            if check.status is not Status.SUCCESS:
                told = check.failure_info
                what = f"{told.failure.title}: {told.failure.message} {told.code_sample}" if told else "the check itself failed"
                yield f"{check.name}: {' '.join(what.split())[:700]}"


def headers_of(world: World, login: str) -> dict[str, str]:
    """What a program sends with every request."""
    if login == TOKEN:
        agency = world.actor("agency")
        made = api_tokens.make(
            world.db, agency.account_id, actor=agency, name="schemathesis", scopes=["read", "act", "admin"], days=9, longest=9, now=at(DAY)
        )
        return {"Authorization": f"Bearer {made.secret}"}
    if not login:
        return {}
    cookies = "; ".join(f"{name}={value}" for name, value in world.cookies[login].items())
    return {"Cookie": cookies, "X-CSRF-Token": world.csrf[login]}


def rules(headers: dict[str, str], seed: int, examples: int, sequences: int) -> SchemathesisConfig:
    """How schemathesis goes about it. Every request comes from the seed alone; nothing is kept for the next run."""
    checks: dict[str, Any] = {"enabled": False, **{name: {"enabled": True} for name in CHECKS}}
    return SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "headers": headers,
            "continue-on-failure": True,
            "generation": {"max-examples": examples, "database": "none", "no-shrink": True, "with-security-parameters": False},
            "checks": checks,
            "phases": {"stateful": {"max-steps": STEPS, "generation": {"max-examples": sequences}}},
        }
    )


def main() -> int:
    """Parse, run, print; exit code 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.security.described", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3, help="how many seeds, from 1 (default: %(default)s)")
    parser.add_argument("--examples", type=int, default=50, help="of each operation, for each seed and person (default: %(default)s)")
    parser.add_argument("--sequences", type=int, default=30, help="for each seed and person (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dondoc-described-") as folder:
        world = World(Path(folder))
        try:
            report = run(world, seeds=range(1, chosen.seeds + 1), examples=chosen.examples, sequences=chosen.sequences)
        finally:
            world.close()
    sys.stdout.write((json.dumps(asdict(report), ensure_ascii=False) if chosen.json else report.summary()) + "\n")
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main())
