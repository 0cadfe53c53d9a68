"""What a plan pack becomes once it is read, checked and frozen.

A *definition* never changes after publishing: running workflows point at one version of it. Everything here is a value;
nothing knows a database, a file or the present day. Units are named by their stable code (``bu-dop``), never by their name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from engine.rungs import Rung
from engine.text import Text as Text
from engine.units import UnitChange as UnitChange
from engine.units import UnitDefinition as UnitDefinition
from engine.units import UnitName as UnitName


class Every(StrEnum):
    """How often a workflow repeats. A cycle is named by the period in which it opens."""

    ONCE = "once"
    YEAR = "year"
    HALF_YEAR = "half-year"
    QUARTER = "quarter"
    MONTH = "month"


class Shift(StrEnum):
    """Where a date goes that is not a working day."""

    NEXT = "next"
    PREVIOUS = "previous"
    NONE = "none"


class Basis(StrEnum):
    """Whether the source says it or we chose it (every default is changeable and marked)."""

    SOURCE = "source"
    DEFAULT = "default"


class DueKind(StrEnum):
    """The forms of a date rule; `engine.dates` holds the grammar."""

    NONE = "none"  # no deadline
    ANCHOR = "anchor"  # T-60, T, T+10wd: from the anchor of the cycle
    AFTER = "after"  # +7wd, +30d: from what opens the step
    DAY = "day"  # 31/01: that day in the cycle's year; 31/01+1y: a year later; 30/06/2024: that very day
    PERIOD_END = "period-end"  # quarter-end-month/14: day 14 of the last month of the cycle's period
    ISSUE = "issue"  # issue+30wd: from the plan's date of issue


@dataclass(frozen=True, slots=True)
class DateRule:
    """One parsed date rule. ``offset`` counts calendar days, or working days where ``working_days``.

    ``day``/``month`` are used by DAY (both) and PERIOD_END (day only). A DAY may be ``years`` after the cycle's year, or
    in a ``year`` of its own. ``text`` is the rule as written.
    """

    kind: DueKind
    text: str
    offset: int = 0
    working_days: bool = False
    day: int | None = None
    month: int | None = None
    years: int = 0
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Predecessor:
    """An entry of a step's ``after``. ``soft``: order only, a warning; it never blocks."""

    step: str
    soft: bool = False


class JoinKind(StrEnum):
    ALL = "all"
    ANY = "any"
    COUNT = "count"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Join:
    """How many of a fan-out must be *passed* before the step after it opens (over steps not N/A or cancelled)."""

    kind: JoinKind = JoinKind.ALL
    number: int = 0


@dataclass(frozen=True, slots=True)
class ApprovalLink:
    """One link of an approval chain: one unit, or several of which all or any must approve, ``within`` working days."""

    units: tuple[str, ...]
    mode: JoinKind = JoinKind.ALL  # ALL or ANY
    within: int = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document that a submission carries. ``number``: its number and date must be given."""

    code: str
    title: Text
    required: bool = False
    number: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A value that a submission carries; ``sum``: consolidated by adding."""

    code: str
    title: Text
    type: str = "count"  # count | number | money | percentage | text | choice
    min: float | None = None
    max: float | None = None
    required: bool = False
    sum: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """The days among which a unit picks its own; ``choose_by`` is the last day for picking without a reason."""

    first: DateRule
    last: DateRule
    choose_by: DateRule | None = None


@dataclass(frozen=True, slots=True)
class StepDefinition:
    """One piece of human work. Exactly one of ``lead`` and ``for_each`` names who does it.

    ``approve`` is None for the default confirmation (see `engine.approval`), () for none.
    ``defaults`` names the fields whose value is ours (basis: default). ``ladder``: of this step alone; see `engine.ladder.ladders`.
    ``report``: whether it has the standard texts of a report; None: if it has figures (`engine.reporting`).
    ``withdrawn``: an amendment took it out; it stands at the end so that cycles which have it can still be read, and is planned no more.
    """

    code: str
    title: Text
    due: DateRule
    lead: str | None = None
    for_each: str | None = None
    coordinating: tuple[str, ...] = ()
    ask: Text = field(default_factory=lambda: Text(""))
    shift: Shift = Shift.NEXT
    after: tuple[Predecessor, ...] = ()
    join: Join = field(default_factory=Join)
    not_before: DateRule | None = None
    window: Window | None = None
    approve: tuple[ApprovalLink, ...] | None = None
    evidence: tuple[Evidence, ...] = ()
    figures: tuple[Figure, ...] = ()
    defaults: tuple[str, ...] = ()
    ladder: tuple[Rung, ...] | None = None
    report: bool | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class WorkflowDefinition:
    """One part of a key task with its own cycle. ``anchor`` is the day T of a cycle (day, month); no cycle opens before ``starts_on``."""

    code: str
    title: Text
    every: Every
    lead: str
    steps: tuple[StepDefinition, ...]
    anchor: DateRule | None = None
    opens: DateRule | None = None
    confidential: bool = False
    starts_on: date | None = None
    ladder: tuple[Rung, ...] | None = None

    def step(self, code: str) -> StepDefinition:
        """The step with ``code``; KeyError if there is none."""
        return next_or_key_error(self.steps, code)


@dataclass(frozen=True, slots=True)
class KeyTaskDefinition:
    """One of the plan's headline commitments. ``source`` quotes the announcement word for word."""

    code: str
    title: Text
    source: str
    lead: str
    workflows: tuple[WorkflowDefinition, ...]
    ladder: tuple[Rung, ...] | None = None


@dataclass(frozen=True, slots=True)
class GroupDefinition:
    """A group of units for fan-out, in the fixed order in which strips are drawn."""

    code: str
    title: Text
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CalendarOverride:
    """A day that differs from the library's calendar, with the document that says so."""

    day: date
    working: bool
    document: str
    name: Text = field(default_factory=lambda: Text(""))


@dataclass(frozen=True, slots=True)
class PlanDefinition:
    """A whole plan. ``plan_workflows`` are tracked likewise and never counted as key tasks."""

    number: str
    title: Text
    issuer: Text
    issued_on: date
    from_: date
    to: date
    tracked_from: date
    standing_agency: str
    steering_committee: str
    authority: str  # the body that issued the plan and decides last (UBND tỉnh)
    units: tuple[UnitDefinition, ...]
    groups: tuple[GroupDefinition, ...]
    key_tasks: tuple[KeyTaskDefinition, ...]
    plan_workflows: tuple[WorkflowDefinition, ...] = ()
    calendar: tuple[CalendarOverride, ...] = ()
    ladder: tuple[Rung, ...] | None = None
    unit_changes: tuple[UnitChange, ...] = ()

    def group(self, code: str) -> GroupDefinition:
        """The group with ``code``; KeyError if there is none."""
        return next_or_key_error(self.groups, code)

    def unit(self, code: str) -> UnitDefinition:
        """The unit with ``code``; KeyError if there is none."""
        return next_or_key_error(self.units, code)

    def workflows(self) -> tuple[tuple[str | None, WorkflowDefinition], ...]:
        """Every workflow with its key task's code (None for a plan-level workflow)."""
        of_tasks = [(k.code, w) for k in self.key_tasks for w in k.workflows]
        return (*of_tasks, *((None, w) for w in self.plan_workflows))


Coded = TypeVar("Coded", StepDefinition, GroupDefinition, UnitDefinition)


def next_or_key_error(items: tuple[Coded, ...], code: str) -> Coded:
    """The item whose ``code`` matches; KeyError naming the code otherwise."""
    for item in items:
        if item.code == code:
            return item
    raise KeyError(code)
