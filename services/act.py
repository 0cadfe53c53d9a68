"""One action by one person on one step: one transaction with the change, the journal entry and the notices.

Lock first, then read: see docs/decisions/0002. The statements stand in `models.action_path`; a test counts them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from engine import payload as given
from engine.access import Actor
from engine.approval import chain
from engine.calendar import WorkCalendar
from engine.compiled import CompiledWorkflow
from engine.decide import decide, parse_action, relations_to
from engine.definition import Text
from engine.derived import SOURCES, derived
from engine.errors import Invalid, KeyReused, NotFound, Stale
from engine.facts import Fact
from engine.gates import Counts, all_passed, moved, openings, satisfied
from engine.instants import Now
from engine.journal import canonical, plain
from engine.objections import chased_lately
from engine.statuses import PASSED, VOID, WorkStatus
from engine.step_state import Effect, StepState, from_row
from engine.transitions import TABLE, Action, Transition
from models import action_path as sql
from models.changes import since
from models.database import Database
from models.opening import flag, take_back
from models.visible import knows_step
from services.besides import besides
from services.closing_joins import without
from services.definitions import cycle_of, workflow_of
from services.figure_inputs import outdated
from services.journaling import entry, stream_of
from services.noticing import notices_for
from services.opening import Opened, ledger_row, open_candidates, opened_dates, opened_values

S = WorkStatus
LEFT_ALONE = tuple(sorted(VOID | {S.WAITING}))  # a reopened predecessor is no news to these


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What the action led to. ``replayed``: the key had been used for the same request; nothing was done again."""

    step_id: int
    workflow_id: int
    status: str
    version: int
    seq: int
    replayed: bool = False
    opened: tuple[int, ...] = ()
    facts: tuple[dict[str, Any], ...] = ()


def act(
    db: Database, *, actor: Actor, step_id: int, action: str, payload: dict[str, Any] | None = None, expected_version: int | None = None,
    key: str | None = None, now: Now, calendar: WorkCalendar,
) -> ActionResult:  # fmt: skip
    """Take ``action`` on a step.

    ``expected_version``: the version that the person saw (None for callers that read it under no page). ``key``: idempotency key, unique
    per account. Raises NotFound, Refused, Invalid, Stale or KeyReused; then nothing was written.
    """
    named = parse_action(action)
    payload = payload or {}
    request = _request_hash(named, step_id, payload) if key else None
    with db.write() as connection:
        workflow_row = sql.lock_by_step(connection, step_id)
        if workflow_row is None:
            raise NotFound()
        read = sql.read_step(connection, step_id, account_id=actor.account_id, key=key)
        if key and read["replayed"] is not None:
            return _replay(read, request, workflow_row["id"])
        return _Action(connection, workflow_row, read, named, actor, payload, now, calendar).run(expected_version, key, request)


class _Action:
    """One action under its workflow's lock."""

    def __init__(
        self, connection: Connection, workflow_row: Any, step_row: Any, action: Action, actor: Actor, payload: dict[str, Any], now: Now,
        calendar: WorkCalendar,
    ) -> None:  # fmt: skip
        self.connection, self.row, self.action, self.actor = connection, workflow_row, action, actor
        self.payload, self.now, self.calendar = payload, now, calendar
        self.step: StepState = from_row(step_row)
        self.workflow: CompiledWorkflow = workflow_of(connection, workflow_row)
        self.counts: Counts = workflow_row["counts"]
        self.seq: int = workflow_row["seq"] + 1
        self.opened = Opened()

    def run(self, expected_version: int | None, key: str | None, request: str | None) -> ActionResult:
        if not self._known():
            raise NotFound()
        self._check_version(expected_version)
        row, effect = decide(
            self.action, self.step, self.workflow, actor=self.actor, payload=self.payload, now=self.now, calendar=self.calendar,
            counts=self.counts,
            stored=besides(self.connection, self.action, self.payload, self.step, self.workflow, self.row["id"], self.now.today),
        )  # fmt: skip
        self._cool_down(effect)
        changes = self._write(row, effect)
        after, version = WorkStatus(changes.get("status", self.step.status)), changes.get("version", self.step.version)
        self._pass_on(after)
        if after is S.WAITING and self.step.id in self.opened.ids:
            after, version = S.OPEN, version + 1
        facts = [*effect.facts, *self.opened.facts]
        facts += outdated(self.connection, facts, step=self.step, workflow=self.workflow, workflow_id=self.row["id"])
        sql.add_deadlines(self.connection, self.opened.ledger)
        self._journal(row, effect, facts, {"status": after.value, "version": version}, key, request)
        return ActionResult(
            self.step.id, self.row["id"], after.value, version, self.seq, False, tuple(self.opened.ids), tuple(f.as_json() for f in facts)
        )  # fmt: skip

    def _known(self) -> bool:
        """Whether this step exists for the person at all; a relation to it answers without a query."""
        tied = self.actor.reads_everything or relations_to(self.step, self.workflow, self.actor)
        return bool(tied) or knows_step(self.connection, self.step.id, self.actor)

    def _check_version(self, expected: int | None) -> None:
        """A page that shows an older step is told what happened since. A decision looks at its round and link, which no comment moves."""
        if self.action in (Action.APPROVE, Action.RETURN) and "round" in self.payload:
            seen = given.whole(self.payload, "round", self.step.round), given.whole(self.payload, "link", self.step.link)
            decided = self.step.status is not S.SUBMITTED and expected not in (None, self.step.version)
            stale = decided or seen != (self.step.round, self.step.link)
        else:
            stale = expected is not None and expected != self.step.version and self.action not in FREE
        if stale:
            raise Stale(since(self.connection, self.step.id, expected or 0))

    def _cool_down(self, effect: Effect) -> None:
        """A chase by mail waits a day after the last one, unless its sender calls it urgent. What was done outside is only recorded."""
        if self.action is Action.CHASE and not self.payload.get("urgent") and effect.facts[0].kind == "step.chased":
            mailed = (row["at"] for row in sql.chases(self.connection, self.step.id) if row["body"]["facts"][0]["kind"] == "step.chased")
            against = chased_lately(next(mailed, None), self.now.business)
            if against:
                raise against

    def _write(self, row: Transition, effect: Effect) -> dict[str, Any]:
        """Write what the effect changes on the step, with the columns derived from it. Returns the changes."""
        changes = dict(effect.changes)
        if row.action in (Action.OPEN_EARLY, Action.CLOSE_JOIN):
            changes = self._open_by_hand(effect)
        elif row.action is Action.REOPEN and self.step.opened_on is None:
            changes = {**self._begin(), **changes}  # it ended before it ever opened
        if effect.ledger:
            changes["due_version"] = self.step.due_version + 1
        if SOURCES & changes.keys():
            changes |= derived(self.step, changes, self.workflow, self.now)
        if changes:
            if row.checks_version:
                changes["version"] = self.step.version + 1
            sql.change_step(self.connection, self.step.id, {**changes, "changed_at": self.now.business})
        self._write_beside(effect)
        return changes

    def _write_beside(self, effect: Effect) -> None:
        if effect.submission:
            sub = effect.submission
            sql.add_round(
                self.connection,
                {
                    "step_id": self.step.id, "number": sub.number, "account_id": self.actor.account_id,
                    "represented_id": self.actor.represented_id, "submitted_on": sub.submitted_on,
                    "recorded": sub.recorded, "body": plain(sub.body),
                },
            )  # fmt: skip
        if effect.ledger:
            led = effect.ledger
            entry_ = ledger_row(
                self.step.id, self.step.due_version + 1, led.kind, led.due_on, self.now, account_id=self.actor.account_id,
                document=led.document, reason=led.reason, working_days=led.working_days,
            )  # fmt: skip
            sql.add_deadlines(self.connection, [entry_])
        if effect.files:
            names = ("evidence", "name", "media_type", "size", "sha256")
            rows = [
                {**{n: f.get(n, "") for n in names}, "step_id": self.step.id, "account_id": self.actor.account_id, "at": self.now.business}
                for f in effect.files
            ]
            sql.add_attachments(self.connection, rows)
        if "lead" in effect.changes:
            self._let_read(effect.changes["lead"])

    def _let_read(self, lead: str) -> None:
        """The new lead, and whoever confirms what it leads, read the step from now on; the former ones still do."""
        definition = self.workflow.steps[self.step.code]
        approvers = {unit for link in chain(definition, lead, self.workflow.plan) for unit in link.units}
        relations = [(lead, "lead"), *((unit, "approver") for unit in sorted(approvers))]
        sql.add_participations(self.connection, self.row["id"], self.step.id, relations)

    def _open_by_hand(self, effect: Effect) -> dict[str, Any]:
        if effect.excused:
            self.counts = without(self.connection, self.row["id"], self.workflow, self.step.code, self.counts, effect.excused)
        self.opened.ids.append(self.step.id)
        self.opened.facts.append(Fact("step.opened", {"code": self.step.code, "slot": self.step.slot, "step": self.step.id}))
        return self._begin()

    def _begin(self) -> dict[str, Any]:
        """What an opened step knows: since when it is open, and the date that counts from there, with its ledger entry."""
        dates = opened_dates(self.workflow, self.step.code, cycle_of(self.row), opened_on=self.now.today, calendar=self.calendar)
        if not dates:
            return opened_values(self.seq, self.now)
        self.opened.ledger.append(ledger_row(self.step.id, self.step.due_version + 1, "opened", dates["due_on"], self.now))
        return {**opened_values(self.seq, self.now), **dates, "due_version": self.step.due_version + 1}

    def _pass_on(self, after: WorkStatus) -> None:
        """Count the change for joins; open what may open, or take back what a reopening makes premature."""
        before = self.step.status
        self.counts = moved(self.counts, self.step.code, self.step.slot, before, after)
        if after in PASSED and before not in PASSED:
            self._open(openings(self.workflow, self.counts, self.step.code, self.step.slot))
        elif before in PASSED and after not in PASSED:
            self._take_back()
        elif self._waits_no_more(after):
            self._open([(self.step.code, None)])

    def _waits_no_more(self, after: WorkStatus) -> bool:
        """A join is closed for every unit at once; what a suspended step waited for may have passed in its absence."""
        closed_for_all = self.action is Action.CLOSE_JOIN and bool(self.step.slot)
        looks = closed_for_all or (self.action is Action.RESUME and after is S.WAITING)
        return looks and all(satisfied(e, self.counts) for e in self.workflow.into[self.step.code] if not e.per_slot)

    def _open(self, candidates: Iterable[tuple[str, str | None]]) -> None:
        open_candidates(
            self.connection, candidates, workflow=self.workflow, row=self.row, seq=self.seq, now=self.now, calendar=self.calendar,
            into=self.opened,
        )  # fmt: skip

    def _take_back(self) -> None:
        """Successors that nobody touched wait again; those that went on are flagged."""
        edges = [e for e in self.workflow.out_of[self.step.code] if e.per_slot or not satisfied(e, self.counts)]
        if not edges:
            return
        scope = {e.after: self.step.slot if e.per_slot else None for e in edges}
        again = take_back(self.connection, self.row["id"], scope)
        went_on = flag(self.connection, self.row["id"], scope, unless=LEFT_ALONE)
        for kind, rows in (("step.waiting-again", again), ("step.flagged", went_on)):
            self.opened.facts += [Fact(kind, {"step": r.id, "code": r.code, "slot": r.slot}) for r in rows]

    def _journal(
        self, row: Transition, effect: Effect, facts: list[Fact], after: dict[str, Any], key: str | None, request: str | None
    ) -> None:
        finished = all_passed(self.counts)
        if finished and self.row["finished_at"] is None:
            facts.append(Fact("workflow.finished"))
        stream = stream_of(self.row["id"])
        made = entry(
            stream, self.seq, self.row["head"], actor=self.actor, action=row.action.value, facts=facts, now=self.now, step_id=self.step.id,
            after=after, text=effect.text, key=key, request_hash=request,
        )  # fmt: skip
        sql.add_entry(self.connection, made)
        notices = notices_for(
            facts, stream=stream, seq=self.seq, plan_id=self.row["plan_id"], workflow_id=self.row["id"], step_id=self.step.id, now=self.now,
            urgent=bool(self.payload.get("urgent")) and row.action is Action.CHASE,
        )  # fmt: skip
        sql.add_notices(self.connection, notices)
        changes: dict[str, Any] = {"seq": self.seq, "head": made["hash"]}
        if self.counts is not self.row["counts"]:
            changes["counts"] = self.counts
        if finished != (self.row["finished_at"] is not None):
            changes["finished_at"] = self.now.business if finished else None
        sql.close_transaction(self.connection, self.row["id"], changes, wakes=row.wakes or bool(self.opened.ids))


FREE = frozenset(row.action for row in TABLE if not row.checks_version)


def _request_hash(action: Action, step_id: int, payload: dict[str, Any]) -> str:
    try:
        text = canonical({"action": action.value, "step": step_id, "payload": plain(payload)}).encode()
    except (TypeError, ValueError):  # not a number, half a character, something that is no JSON
        raise Invalid(Text("Nội dung gửi không hợp lệ.", "What was sent is not valid."), code="payload") from None
    return sha256(text).hexdigest()


def _replay(read: Any, request: str | None, workflow_id: int) -> ActionResult:
    """What the same request led to when it was first made; KeyReused if the key came with another one."""
    if read["idem_hash"] != request:
        raise KeyReused()
    body = read["replayed"]
    after, facts = body.get("after", {}), tuple(body["facts"])
    return ActionResult(body["step"], workflow_id, after.get("status", ""), after.get("version", 0), read["replayed_seq"], True, (), facts)
