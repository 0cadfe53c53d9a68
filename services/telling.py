"""From notices to lines for people: which steps a notice is about, whether its reason still holds, who hears it now, and what it says.

Everything is read in a fixed number of statements for a whole batch of notices. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from engine.access import READS_EVERYTHING
from engine.approval import chain
from engine.compiled import CompiledWorkflow
from engine.instants import Now
from engine.statuses import WorkStatus
from engine.succession import heir
from models import outbox as sql
from models.deputies import of_the_day
from models.readers import participants
from models.reading import units
from notifications.audience import ABOVE, Directory, Hearer, Person
from notifications.contexts import Item
from notifications.policy import RUNG_URGENCY
from notifications.relevance import Cause, family, gone
from services.definitions import workflow_of
from services.items import Names, Said, item_for

LEAD = "lead"
TALKS_TO_LEAD = (LEAD, "head")
MENTIONED, HANDLER = "mentioned", "handler"
ALSO_TO_WHO_ACTED = ("assigned", "coordinating")  # their cause is somebody else's turn; hearing one's own act back is noise


@dataclass(frozen=True, slots=True)
class Line:
    """One notice for one person, and what it says to them."""

    notice: Mapping[str, Any]
    hearer: Hearer
    item: Item


@dataclass
class Told:
    """``lines``: what is to be said. ``passed_over``: (notice, account) for which a newer line speaks. ``closed``: notices that nobody
    hears, with the reason; ``passed``: notices whose every reader hears a newer one."""

    lines: list[Line] = field(default_factory=list)
    passed_over: list[tuple[int, int]] = field(default_factory=list)
    closed: dict[int, str] = field(default_factory=dict)


class Teller:
    """A batch of notices with what is needed to say them."""

    def __init__(self, connection: Connection, notices: Iterable[Any], now: Now) -> None:
        self.now = now
        self.notices = list(notices)
        self.steps = _steps(connection, self.notices)
        workflows = sql.workflows_by_id(connection, (n["workflow_id"] for n in self.notices if n["workflow_id"] is not None))
        self.workflows = workflows
        self.compiled: dict[int, CompiledWorkflow] = {id_: workflow_of(connection, row) for id_, row in workflows.items()}
        self.entries = sql.entries(connection, ((n["stream"], n["seq"]) for n in self.notices))
        self.names = _names(connection, now)
        self._connection = connection

    @cached_property
    def directory(self) -> Directory:
        """Everyone who can be told things at `now`; read once, and only where somebody is looked for."""
        return _directory(self._connection, self.now)

    @cached_property
    def takes_part(self) -> set[tuple[int, str]]:
        """(step, unit) of who reads the steps in full of notices that name people; read once, and only where there are such."""
        return participants(self._connection, {n["step_id"] for n in self.notices if n["audience"] == MENTIONED})

    def at(self, now: Now) -> None:
        """Tell as of ``now`` from here on: who works and who stands in for whom is that day's."""
        self.now = now
        vars(self).pop("directory", None)

    def tell(self) -> Told:
        """Who hears what. Of several notices of a family for one step and person only the newest is said."""
        told = Told()
        heard: list[tuple[Mapping[str, Any], Hearer, list[Any]]] = []
        for notice in self.notices:
            steps, reason = self._still(notice)
            people = self._people(notice, steps) if steps else {}
            if not people:
                told.closed[notice["id"]] = reason or self._nobody(notice, steps)
            heard += [(notice, hearer, own) for hearer, own in people.values()]
        newest = _newest(heard)
        for notice, hearer, steps in heard:
            left = [s for s in steps if newest.get((hearer.person.id, _family(notice), s["id"]), notice["id"]) == notice["id"]]
            if left:
                told.lines.append(Line(notice, hearer, self.say(notice, hearer, left, handler=self._handler_of(notice, left))))
            else:
                told.passed_over.append((notice["id"], hearer.person.id))
        return told

    def _still(self, notice: Mapping[str, Any]) -> tuple[list[Any], str]:
        """The notice's steps for which its reason holds; if there are none, why."""
        steps = self.steps.get(notice["id"], [])
        if not steps:
            return [], "no-step"
        if notice["kind"] == "approved" and self._said(notice).fact.get("confirmed") is False:
            return [], "nobody-confirms"
        reasons = [gone(cause_of(notice, step), step) for step in steps]
        return [step for step, reason in zip(steps, reasons, strict=True) if not reason], next((r for r in reasons if r), "")

    def _people(self, notice: Mapping[str, Any], steps: list[Any]) -> dict[int, tuple[Hearer, list[Any]]]:
        compiled = self.compiled[notice["workflow_id"]]
        acted = self._said(notice).account_id if notice["kind"] not in ALSO_TO_WHO_ACTED else None
        found: dict[int, tuple[Hearer, list[Any]]] = {}
        for step in steps:
            for hearer in self._hearers(notice, step, compiled):
                if acted is None or acted not in (hearer.person.id, hearer.instead_of.id if hearer.instead_of else None):
                    found.setdefault(hearer.person.id, (hearer, []))[1].append(step)
        return found

    def _hearers(self, notice: Mapping[str, Any], step: Mapping[str, Any], compiled: CompiledWorkflow) -> list[Hearer]:
        """Whom the policy names for this step. Who is mentioned in a comment hears that, and not beside it that there is one; reminders of
        the lead unit reach also whoever handles the step, whatever they are there."""
        if notice["audience"] == MENTIONED:
            return self.directory.named(self._mentioned(notice, step))
        if notice["audience"] == HANDLER:
            return self.directory.named({step["handler"]: step["lead"]} if step["handler"] in self._named(notice) else {})
        heard = self.directory.hearers(*self._units(notice, step, compiled), compiled.plan.standing_agency)
        if notice["kind"] in RUNG_URGENCY and notice["audience"] == LEAD and step["handler"] is not None:
            return self.directory.and_named(heard, {step["handler"]: step["lead"]})
        if notice["kind"] != "commented":
            return heard
        named = self._named(notice)
        return [hearer for hearer in heard if hearer.person.id not in named]

    def _handler_of(self, notice: Mapping[str, Any], steps: list[Any]) -> str:
        """The name of who handles the step of which the lead unit is reminded; "" for none, and for several steps."""
        reminds = notice["kind"] in RUNG_URGENCY and notice["audience"] in TALKS_TO_LEAD and len(steps) == 1
        person = self.directory.people.get(steps[0]["handler"]) if reminds else None
        return person.name if person else ""

    def _named(self, notice: Mapping[str, Any]) -> list[int]:
        """The accounts that the notice's entry names: in a comment, or to handle the step."""
        entry = self.entries.get((notice["stream"], notice["seq"]))
        facts = entry["body"]["facts"] if entry else ()
        mentioned = [id_ for fact in facts if fact["kind"] == "step.mentioned" for id_ in fact["accounts"]]
        return mentioned + [fact["account"] for fact in facts if fact["kind"] == "step.handler-named"]

    def _mentioned(self, notice: Mapping[str, Any], step: Mapping[str, Any]) -> dict[int, str]:
        """Those of them that work here and read the step now, each with the unit in whose name they hear ("" for none)."""
        people = [self.directory.people[id_] for id_ in self._named(notice) if id_ in self.directory.people]
        found = {person.id: next((u for u in sorted(person.roles) if (step["id"], u) in self.takes_part), None) for person in people}
        return {p.id: found[p.id] or min(p.roles, default="") for p in people if found[p.id] or p.everything}

    def _units(self, notice: Mapping[str, Any], step: Mapping[str, Any], compiled: CompiledWorkflow) -> tuple[str, tuple[str, ...]]:
        """The audience and the units in question; what a unit left is heard by whoever answers for it today."""
        audience, units_ = _units(notice, step, compiled)
        return audience, tuple(dict.fromkeys(heir(compiled.plan, unit, self.now.today) for unit in units_))

    def _nobody(self, notice: Mapping[str, Any], steps: list[Any]) -> str:
        if notice["audience"] == MENTIONED:
            return "reads-no-more"
        if notice["audience"] == HANDLER:
            named = self._named(notice)
            return "own-act" if any(step["handler"] in named for step in steps) else "handled-otherwise"
        compiled = self.compiled[notice["workflow_id"]]
        asked = [self._units(notice, step, compiled) for step in steps]
        if not any(units_ for _, units_ in asked):
            return "no-units"
        return "own-act" if any(self.directory.hearers(*each, compiled.plan.standing_agency) for each in asked) else "nobody"

    def _said(self, notice: Mapping[str, Any]) -> Said:
        return Said.of(notice["kind"], self.entries.get((notice["stream"], notice["seq"])), notice["step_id"])

    def say(self, notice: Mapping[str, Any], hearer: Hearer, steps: list[Any], *, handler: str = "") -> Item:
        """What ``notice`` says to ``hearer`` about ``steps``, in the language of the hearer. ``handler``: the name of who handles them."""
        row = self.workflows[notice["workflow_id"]]
        return item_for(
            notice,
            cause_of(notice, steps[0]),
            hearer,
            steps,
            workflow=self.compiled[row["id"]],
            row=row,
            said=self._said(notice),
            names=self.names,
            today=self.now.today,
            handler=handler,
        )


def cause_of(notice: Mapping[str, Any], step: Mapping[str, Any]) -> Cause:
    """What the notice is about, to be compared with the step as it is now. A rung of the approval ladder names round and link."""
    kind, version = notice["kind"], notice["due_version"]
    lead = step["lead"] if notice["audience"] in TALKS_TO_LEAD else None
    if kind.startswith("approval-") and version is not None:
        return Cause(kind, lead=lead, round=version // 100, link=version % 100)
    if kind == "approval-wanted":
        return Cause(kind, lead=lead, round=step["round"], link=step["link"])
    return Cause(kind, version, lead)


def _steps(connection: Connection, notices: Iterable[Any]) -> dict[int, list[Any]]:
    """The steps of each notice: one, or those that its entry opened."""
    notices = list(notices)
    single = sql.steps_by_id(connection, (n["step_id"] for n in notices if n["step_id"] is not None))
    fanned = [n for n in notices if n["step_id"] is None and n["step_code"] is not None]
    opened: dict[tuple[int, str, int], list[Any]] = {}
    for row in sql.steps_opened(connection, ((n["workflow_id"], n["step_code"], n["seq"]) for n in fanned)):
        opened.setdefault((row["workflow_id"], row["code"], row["opened_seq"]), []).append(row)
    found = {n["id"]: [single[n["step_id"]]] for n in notices if n["step_id"] in single}
    return found | {n["id"]: opened.get((n["workflow_id"], n["step_code"], n["seq"]), []) for n in fanned}


def _units(notice: Mapping[str, Any], step: Mapping[str, Any], compiled: CompiledWorkflow) -> tuple[str, tuple[str, ...]]:
    """The audience of a notice for a step and the units in question; ``holder`` becomes whoever's clock runs."""
    audience, status = notice["audience"], WorkStatus(step["status"])
    if audience == "holder":
        audience = {WorkStatus.SUBMITTED: "approver", WorkStatus.REFUSED: "agency"}.get(status, "lead")
    if audience == "approver":
        links = chain(compiled.steps[step["code"]], step["lead"], compiled.plan)
        link = links[min(step["link"], len(links) - 1)].units if links else ()
        return audience, tuple(unit for unit in link if unit not in (step["link_approved"] or ()))
    if audience == "coordinating":
        return audience, compiled.steps[step["code"]].coordinating
    if audience in ABOVE:
        return audience, (compiled.plan.standing_agency if audience == "agency-head" else compiled.plan.steering_committee,)
    if audience == "former":
        return audience, (notice["unit"],) if notice["unit"] else ()
    return audience, (step["lead"],)


def _newest(heard: list[tuple[Mapping[str, Any], Hearer, list[Any]]]) -> dict[tuple[int, str | None, int], int]:
    """The newest notice by person, family and step."""
    newest: dict[tuple[int, str | None, int], int] = {}
    for notice, hearer, steps in heard:
        of = _family(notice)
        if of is not None:
            for step in steps:
                key = (hearer.person.id, of, step["id"])
                newest[key] = max(newest.get(key, 0), notice["id"])
    return newest


def _family(notice: Mapping[str, Any]) -> str | None:
    return family(notice["kind"], proposed=bool(notice["data"].get("proposed")))


def _directory(connection: Connection, now: Now) -> Directory:
    people: dict[int, Person] = {}
    roles: dict[int, dict[str, str]] = {}
    for row in sql.people(connection, now.today):
        own = roles.setdefault(row["id"], {})
        if row["unit"] is not None:
            own[row["unit"]] = row["role"]
        office, choices = frozenset(row["roles"] or ()), row["mail"] or {}
        people[row["id"]] = Person(
            row["id"], row["name"], row["address"], row["language"], own, "agency" in office, choices, bool(office & READS_EVERYTHING)
        )
    deputies = [(row.account_id, row.deputy_id, row.unit) for row in of_the_day(connection, now.today)]
    return Directory(people.values(), deputies)


def _names(connection: Connection, now: Now) -> Names:
    return Names({row.code: row for row in units.names_on(connection, now.today)})
