"""New facts of the journal become messages to the webhooks that subscribe to them. Safe to run twice and by two at once.

The journal itself is read, stream by stream from where it was left: an entry has its number under the stream's lock, so none is passed by,
however transactions overlap, and no action pays for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine.compiled import CompiledWorkflow
from engine.instants import Now
from models import hooking as sql
from models import outbox
from models.database import Database
from notifications.keys import webhook_key
from notifications.webhook_events import Happening, cloud_event
from notifications.webhook_kinds import EVENTS
from services.definitions import workflow_of
from services.queries import naming

STREAMS, ENTRIES = 50, 200  # looked at in one transaction: streams, entries of each


def collect(db: Database, *, now: Now, source: str) -> int:
    """Make the messages of everything that has happened since the last time; how many. ``source``: the address of this installation."""
    made = 0
    while True:
        with db.read() as connection:
            if not (sql.active(connection) and sql.any_behind(connection)):
                return made
        with db.write() as connection:
            outbox.alone(connection)
            made += _Collecting(connection, now, source).run()


@dataclass(frozen=True, slots=True)
class _Entry:
    stream: str
    seq: int
    at: datetime
    step_id: int | None
    body: Mapping[str, Any]

    @property
    def workflow_id(self) -> int | None:
        kind, _, number = self.stream.partition(":")
        return int(number) if kind == "workflow" else None


class _Collecting:
    """One transaction's work."""

    def __init__(self, connection: Connection, now: Now, source: str) -> None:
        self.connection, self.now, self.source = connection, now, source
        self.hooks = sql.active(connection)
        self.wanted = {kind for hook in self.hooks for kind in hook["kinds"]}

    def run(self) -> int:
        entries, marks = self._entries()
        happened = [(each, what) for each in entries for what in self._facts(each)]
        steps = outbox.steps_by_id(self.connection, (about for each, what in happened if (about := _step_of(each, what)) is not None))
        of = outbox.workflows_by_id(self.connection, (each.workflow_id for each, _ in happened if each.workflow_id is not None))
        plans = sql.plan_numbers(self.connection, (row["plan_id"] for row in of.values()))
        rows: list[dict[str, Any]] = []
        for each, what in happened:
            event = cloud_event(self._happening(each, what, steps, of, plans), self.source)
            rows += [self._row(hook, each, what, event) for hook in self._hearers(each, what["kind"])]
        sql.add_messages(self.connection, rows)
        sql.set_marks(self.connection, marks)
        return len(rows)

    def _entries(self) -> tuple[list[_Entry], list[dict[str, Any]]]:
        """The next entries, and how far each stream is looked at with them."""
        entries: list[_Entry] = []
        marks: list[dict[str, Any]] = []
        for stream, told in sql.behind(self.connection, STREAMS):
            found = sql.entries_after(self.connection, stream, told, ENTRIES)
            entries += [_Entry(stream, row.seq, row.at, row.step_id, row.body) for row in found]
            marks += [{"stream": stream, "seq": found[-1].seq}] if found else []
        return entries, marks

    def _facts(self, each: _Entry) -> Iterator[dict[str, Any]]:
        for number, fact in enumerate(each.body.get("facts", ())):
            if fact["kind"] in EVENTS and fact["kind"] in self.wanted:
                yield {"kind": fact["kind"], "number": number, "details": {k: v for k, v in fact.items() if k != "kind"}}

    def _hearers(self, each: _Entry, kind: str) -> Iterator[Any]:
        """Those who subscribe to ``kind`` and were there when it happened."""
        happened = datetime.fromisoformat(each.body["system_at"])
        return (hook for hook in self.hooks if kind in hook["kinds"] and hook["created_at"] <= happened)

    def _row(self, hook: Any, each: _Entry, what: Mapping[str, Any], event: dict[str, Any]) -> dict[str, Any]:
        return {
            "key": webhook_key(hook["id"], each.stream, each.seq, what["number"]),
            "webhook_id": hook["id"],
            "kind": what["kind"],
            "data": event,
            "business_at": each.at,
            "created_at": self.now.system,
            "state": "pending",
            "reason": "",
            "attempts": 0,
            "lost": 0,
            "next_try_at": self.now.system,
        }

    def _happening(
        self, each: _Entry, what: Mapping[str, Any], steps: Mapping[int, Any], of: Mapping[int, Any], plans: Mapping[int, str]
    ) -> Happening:  # fmt: skip
        row = of.get(each.workflow_id or 0)
        about = {"kind": what["kind"], "stream": each.stream, "seq": each.seq, "number": what["number"], "at": each.at}
        if row is None:
            return Happening(**about, details=what["details"])
        compiled = workflow_of(self.connection, row)
        step = steps.get(_step_of(each, what) or 0)
        return Happening(
            **about,
            details=what["details"],
            plan=plans.get(row["plan_id"], ""),
            workflow=self._workflow(row, compiled),
            step=self._step(step, row, compiled) if step else None,
            confidential=row["confidential"],
        )

    def _workflow(self, row: Any, compiled: CompiledWorkflow) -> dict[str, Any]:
        name = naming.workflow_name(compiled, row["cycle"], confidential=row["confidential"])
        return {
            "id": row["id"],
            "key_task": row["key_task"],
            "cycle": row["cycle"],
            "name": {"vi": name.vi, "en": name.in_("en")},
            "url": f"{self.source}/workflows/{row['id']}",
        }

    def _step(self, step: Any, row: Any, compiled: CompiledWorkflow) -> dict[str, Any]:
        """What of a step leaves: as it is now, since an event that comes late should not name a unit that has long passed it on."""
        title = naming.step_title(compiled, step["code"], confidential=row["confidential"])
        return {
            "id": step["id"],
            "number": naming.step_number(compiled, step["code"]),
            "title": {"vi": title.vi, "en": title.in_("en")},
            "unit": step["lead"],
            "status": step["status"],
            "due_on": step["due_on"].isoformat() if step["due_on"] else None,
            "url": f"{self.source}/steps/{step['id']}",
        }


def _step_of(each: _Entry, what: Mapping[str, Any]) -> int | None:
    """The step that a fact is about; None for a whole fan-out, a workflow or the office."""
    details: Mapping[str, Any] = what["details"]
    found = details.get("step", None if "code" in details else each.step_id)
    return int(found) if found is not None else None
