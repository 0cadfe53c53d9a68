"""What must hold at any time, and the checker that finds where it does not. Used after each simulated day and by ``dondoc doctor``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping

from engine.assignment import AD_HOC
from engine.calendar import WorkCalendar
from engine.compiled import CompiledWorkflow
from engine.instants import Now, local_day
from engine.journal import first_fault
from engine.schedule import PlannedStep, plan_steps
from models import checking as sql
from models import checking_people, handlers, publishing, verifying
from models.database import Database
from services.as_of import differences
from services.checks import clock, figures, notices, people, steps, story, workflows
from services.checks.findings import Broken, Watch
from services.checks.workflows import Whole
from services.definitions import cycle_of, workflow_of
from services.journaling import stream_of

SWEPT_EVERY = timedelta(minutes=20)  # every ten minutes, and as long again for a sweep that waits its turn
__all__ = ["INVARIANTS", "Broken", "Checker", "violations"]

INVARIANTS: dict[str, str] = {
    "no-step-lost": "every step that the definition plans for a workflow is there, once, and no other",
    "one-lead": "exactly one unit of the plan leads a step, and it takes part in it",
    "lead-exists": "no unfinished step is led by a unit that has ended",
    "one-state": "no step is done and open at once: dates, clock and rounds fit its status",
    "status-as-journal": "each step stands where the journal left it",
    "counters": "what joins wait for is what counting the steps gives",
    "finished": "a workflow is finished when all its steps are passed or left unfinished at its closing, and only then",
    "closing": "in a closed cycle nothing runs but what was carried over; in others nothing is closed",
    "order": "what opened had all before it passed, or was opened or reopened by hand, or is flagged",
    "nothing-stuck": "what waits has something to wait for",
    "ledger": "the present and the original date of a step are those of its deadline ledger",
    "rounds": "every submitted round is kept",
    "figures": "what a step consolidated counts each unit once, is what their rounds said, and adds up",
    "columns": "derived columns are what status and dates give",
    "next-look": "the sweep looks at a step no later than its next mark or rung",
    "as-of": "the present, told again from journal and ledger, is what is stored",
    "journal": "every stream's chain holds and ends where its owner says",
    "forward": "no entry of a workflow's journal is dated before the one in front of it",
    "notices": "every fact made the notices that the policy names, and no notice came from nowhere",
    "once": "nobody is told the same thing twice",
    "rungs": "every rung of a ladder that is behind was sent or passed over",
    "overdue": "what is past its date is shown as overdue, and nothing else",
    "carried": "a notice that was expanded reached somebody, and no message left twice",
    "left": "who has left is told nothing",
    "deputies": "a deputy has no deputy",
    "behalf": "who acted on somebody's behalf was their deputy that day",
    "handlers": "who handles a step works in the unit that leads it, and has no last day",
}


class Checker:
    """Checks a database. It remembers how far it verified each workflow, so that checking again costs what changed since.

    It reads in one snapshot and writes nothing.
    """

    def __init__(self, db: Database, calendar: WorkCalendar) -> None:
        self.db, self.calendar = db, calendar
        self._watches: dict[int, Watch] = {}
        self._compiled: dict[int, CompiledWorkflow] = {}
        self._versions: dict[int, int] = {}
        self._notice = 0
        self._swept: datetime | None = None

    def check(self, at: datetime, *, full: bool = False, stuck: bool = True) -> list[Broken]:
        """What does not hold at ``at`` (business time, aware) in the workflows that changed since the last check; the first sees all.

        ``full``: everything, from its beginning. ``stuck``: opening by date has been done today, so that nothing ready may still wait.
        """
        if full:
            self._watches, self._compiled, self._versions, self._notice = {}, {}, {}, 0
        with self.db.snapshot() as connection:
            wholes = self._load(connection)
            bodies, broken, about = self._journals(connection, wholes)
            for whole in wholes:
                broken += [*workflows.no_step_lost(whole), *workflows.status_as_journal(whole), *workflows.counters(whole)]
                broken += [*workflows.order(whole), *workflows.closing(whole)]
                broken += workflows.nothing_stuck(whole, local_day(at)) if stuck else ()
                about |= {s["id"] for s in whole.steps} if full else set()
            broken += self._steps(connection, wholes, about, at)
            broken += (found for whole in wholes for found in figures.consolidated_once(connection, whole, about))
            broken += self._notices(connection, bodies, full=full)
            broken += self._people(connection, bodies)
            broken += clock.late_is_shown(sql.unfinished(connection), sql.overdue_ids(connection, at), at)
            if full:
                broken += (b for whole in wholes for b in _told_again(connection, whole, at))
                broken += (Broken("journal", f"{name}: {fault}") for name, fault in faults_beside(connection))
        return broken

    def check_rungs(self, swept_at: datetime) -> list[Broken]:
        """What the sweep that looked at ``swept_at`` left out of the ladders, since the last such check or ever."""
        with self.db.snapshot() as connection:
            running = sql.running(connection)
            compiled = self._workflows(connection, {s["workflow_id"] for s in running})
            behind = clock.RungsBehind(self._swept, swept_at, self.calendar, lambda s: compiled[s["workflow_id"]].ladders[s["code"]])
            expected = behind.keys(running)
            broken = list(clock.rungs_told(expected, sql.known_keys(connection, expected.keys())))
        self._swept = swept_at
        return broken

    # ── loading ──────────────────────────────────────────────────────────────

    def _load(self, connection: Connection) -> list[Whole]:
        """The workflows with journal entries that were not seen yet."""
        seen = {id_: watch.seq for id_, watch in self._watches.items()}
        ids = [id_ for id_, seq in sql.ends(connection).items() if seen.get(id_) != seq]
        rows, outlines = sql.workflows(connection, ids), sql.outline(connection, ids)
        return [self._whole(connection, row, outlines[id_]) for id_, row in rows.items()]

    def _workflows(self, connection: Connection, ids: set[int]) -> dict[int, CompiledWorkflow]:
        """The definitions of the workflows ``ids``, and of others seen before."""
        versions = sql.versions(connection)
        new = {id_ for id_ in ids if self._versions.get(id_) != versions[id_]}  # an amendment may have moved it since
        if new:
            self._compiled |= {id_: workflow_of(connection, row) for id_, row in sql.workflows(connection, new).items()}
            self._versions |= {id_: versions[id_] for id_ in new}
        return self._compiled

    def _whole(self, connection: Connection, row: RowMapping, outline: Sequence[RowMapping]) -> Whole:
        watch = self._watches.get(row["id"])
        compiled = workflow_of(connection, row)
        if watch is None:
            watch = self._watches[row["id"]] = Watch()
            first = {**row, "version_id": row["first_version_id"] or row["version_id"]}
            story.begin(watch, self._planned(connection, first), outline)
        if watch.version != row["version_id"]:
            watch.version, watch.planned = row["version_id"], self._planned(connection, row)
        return Whole(row, compiled, outline, watch)

    def _planned(self, connection: Connection, row: Mapping[str, Any] | RowMapping) -> tuple[PlannedStep, ...]:
        compiled, cycle = workflow_of(connection, row), cycle_of(row)

        def members(group: str) -> tuple[str, ...]:
            return compiled.plan.group(group).units if group == AD_HOC else publishing.members_of(connection, group, cycle.opens_on)

        return plan_steps(compiled.definition, compiled.plan, cycle, self.calendar, members)

    # ── checking ─────────────────────────────────────────────────────────────

    def _journals(self, connection: Connection, wholes: Sequence[Whole]) -> tuple[list[dict[str, Any]], list[Broken], set[int]]:
        """New entries of the workflows, what is wrong with their chains, and the steps that they are about."""
        bodies: list[dict[str, Any]] = []
        broken: list[Broken] = []
        about: set[int] = set()
        for whole in wholes:
            watch, stream = whole.watch, stream_of(whole.id)
            entries = sql.entries_after(connection, stream, watch.seq)
            chained = ((e.seq, e.body, e.hash, e.text, e.salt) for e in entries)
            fault = first_fault(chained, whole.row["seq"], whole.row["head"], after=(watch.seq, watch.head))
            if fault:
                broken.append(whole.broken("journal", fault))
            new = [e.body for e in entries]
            broken += (
                whole.broken("forward", f"entry {seq} is dated before the one in front of it") for seq in story.goes_back(watch, new)
            )
            about |= story.tell(watch, new, whole.steps)
            watch.seq, watch.head = (entries[-1].seq, entries[-1].hash) if entries else (watch.seq, watch.head)
            bodies += new
        return bodies, broken, about

    def _steps(self, connection: Connection, wholes: Sequence[Whole], about: set[int], at: datetime) -> Iterator[Broken]:
        compiled = {whole.id: whole.workflow for whole in wholes}
        ledgers, rounds, leads = sql.ledgers(connection, about), sql.rounds(connection, about), sql.leads(connection, about)
        units = frozenset(u.code for whole in wholes for u in whole.workflow.plan.units)
        for step in sql.steps(connection, about):
            workflow = compiled[step["workflow_id"]]
            yield from steps.one_lead(step, leads, units)
            yield from steps.lead_exists(step, workflow, local_day(at))
            yield from steps.one_state(step)
            yield from steps.ledger(step, ledgers[step["id"]])
            yield from steps.rounds(step, rounds[step["id"]])
            yield from steps.columns(step, workflow, at)
            yield from steps.next_look(step, workflow, at, self.calendar)

    def _people(self, connection: Connection, bodies: list[dict[str, Any]]) -> Iterator[Broken]:
        deputies = checking_people.deputies(connection)
        yield from people.left_hear_nothing(checking_people.told_after_leaving(connection))
        yield from people.no_hop(deputies)
        yield from people.on_behalf(bodies, deputies)
        yield from people.strangers_handle_nothing(handlers.strangers(connection))

    def _notices(self, connection: Connection, bodies: list[dict[str, Any]], *, full: bool) -> Iterator[Broken]:
        stored = sql.notices_after(connection, self._notice)
        yield from notices.as_policy(notices.expected_keys(bodies), stored)
        yield from notices.once(stored)
        for row in sql.carried_by_nobody(connection, self._notice):
            yield Broken("carried", f"the notice {row['key']} was expanded for nobody", row["workflow_id"], row["step_id"])
        for twice in sql.sent_twice(connection) if full else ():
            yield Broken("carried", f"the message {twice.key} left {twice.times} times")
        self._notice = max((row["id"] for row in stored), default=self._notice)


def violations(db: Database, *, now: Now, calendar: WorkCalendar) -> list[Broken]:
    """Everything that does not hold at ``now``. Rungs and openings by date may lag behind by as much as the sweep does."""
    checker = Checker(db, calendar)
    return [*checker.check(now.business, full=True), *checker.check_rungs(now.business - SWEPT_EVERY)]


def _told_again(connection: Connection, whole: Whole, at: datetime) -> Iterator[Broken]:
    for step, what in differences(connection, whole.id, at):
        yield whole.broken("as-of", f"{step['code']} {step['slot']}: {what}", step)


def faults_beside(connection: Connection) -> Iterator[tuple[str, str]]:
    """(stream, fault) of streams that belong to no workflow: plans', the office's, and those that nobody owns."""
    ends = verifying.ends(connection)
    for name, (seq, head) in ends.items():
        fault = first_fault(verifying.entries_of(connection, name), seq, head) if not name.startswith("workflow:") else None
        if fault:
            yield name, fault
    for name in verifying.unowned(connection, set(ends)):
        yield name, "nobody owns this stream"
