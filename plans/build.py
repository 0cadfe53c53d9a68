"""From the shapes of all files to one definition, with the place that each part came from."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.dates import default_shift
from engine.definition import (
    ApprovalLink,
    Basis,
    CalendarOverride,
    Evidence,
    Figure,
    GroupDefinition,
    JoinKind,
    KeyTaskDefinition,
    PlanDefinition,
    Predecessor,
    StepDefinition,
    Text,
    Window,
    WorkflowDefinition,
)
from engine.rungs import Rung, rung
from plans import shape
from plans.basis import inherited, ours
from plans.build_units import text, unit, unit_change
from plans.fields import slug
from plans.tree import Path

Origin = tuple[str, Path]
"""A file's name and a path in it."""


@dataclass(slots=True)
class Parts:
    """What has been gathered from the files so far. ``origins`` maps a path of the definition to where it stands."""

    plan: shape.PlanShape | None = None
    units: list[shape.UnitShape] = field(default_factory=list)
    groups: list[shape.GroupShape] = field(default_factory=list)
    unit_changes: list[shape.UnitChangeShape] = field(default_factory=list)
    calendar: list[shape.OverrideShape] = field(default_factory=list)
    key_tasks: list[KeyTaskDefinition] = field(default_factory=list)
    plan_workflows: list[WorkflowDefinition] = field(default_factory=list)
    origins: dict[Path, Origin] = field(default_factory=dict)

    def add(self, file: str, found: shape.FileShape, standing_agency: str) -> None:
        """Take in the lists of ``file``; ``standing_agency`` leads a plan workflow that names no lead."""
        basis = found.basis or Basis.SOURCE
        for key in ("units", "groups", "unit_changes", "calendar", "key_tasks", "plan_workflows"):
            start = len(getattr(self, key))
            for i in range(len(getattr(found, key))):
                self.origins[(key, start + i)] = (file, (key, i))
        self.units += found.units
        self.groups += found.groups
        self.unit_changes += found.unit_changes
        self.calendar += found.calendar
        self.key_tasks += [key_task(k, basis) for k in found.key_tasks]
        self.plan_workflows += [workflow(w, standing_agency, Text(w.code), basis) for w in found.plan_workflows]


def definition(parts: Parts, plan: shape.PlanShape) -> PlanDefinition:
    """The whole plan."""
    return PlanDefinition(
        number=plan.number,
        title=text(plan.title),
        issuer=text(plan.issuer),
        issued_on=plan.issued_on,
        from_=plan.from_,
        to=plan.to,
        tracked_from=plan.tracked_from or min(plan.issued_on, plan.to),  # a plan issued too late is one fault, not two
        standing_agency=plan.standing_agency,
        steering_committee=plan.steering_committee,
        authority=plan.authority,
        units=tuple(unit(u, min(plan.from_, plan.issued_on)) for u in parts.units),
        groups=_groups(parts),
        key_tasks=tuple(parts.key_tasks),
        plan_workflows=tuple(parts.plan_workflows),
        calendar=tuple(CalendarOverride(o.day, o.working, o.document, text(o.name)) for o in parts.calendar),
        ladder=_ladder(plan.ladder),
        unit_changes=tuple(map(unit_change, parts.unit_changes)),
    )


def _groups(parts: Parts) -> tuple[GroupDefinition, ...]:
    """Groups with their includes written out. An include must stand before the group that uses it; `plans.reader` reports others."""
    members: dict[str, tuple[str, ...]] = {}
    for i, group in enumerate(parts.groups):
        file, path = parts.origins[("groups", i)]
        places: list[tuple[str, Path]] = []
        for j, code in enumerate(group.include):
            places += [(unit, (*path, "include", j)) for unit in members.get(code, ())]
        places += [(unit, (*path, "units", j)) for j, unit in enumerate(group.units)]
        for j, (_, place) in enumerate(places):
            parts.origins[("groups", i, "units", j)] = (file, place)
        members[group.code] = tuple(unit for unit, _ in places)
    return tuple(GroupDefinition(g.code, text(g.title), members[g.code]) for g in parts.groups)


def key_task(task: shape.KeyTaskShape, outer: Basis) -> KeyTaskDefinition:
    """A key task with its workflows."""
    basis, title = inherited(outer, task), text(task.title)
    workflows = tuple(workflow(w, task.lead, title, basis) for w in task.workflows)
    return KeyTaskDefinition(task.code, title, task.source, task.lead, workflows, _ladder(task.ladder))


def workflow(flow: shape.WorkflowShape, lead: str, title: Text, outer: Basis) -> WorkflowDefinition:
    """A workflow; ``lead`` and ``title`` hold where it names none."""
    basis = inherited(outer, flow)
    return WorkflowDefinition(
        code=flow.code,
        title=text(flow.title, title),
        every=flow.every,
        lead=flow.lead or lead,
        steps=tuple(step(s, basis) for s in flow.steps),
        anchor=flow.anchor,
        opens=flow.opens,
        confidential=flow.confidential,
        starts_on=flow.starts_on,
        ladder=_ladder(flow.ladder),
    )


def step(given: shape.StepShape, outer: Basis) -> StepDefinition:
    """A step, with the shift that its kind of date takes if none is given."""
    window = given.window
    return StepDefinition(
        code=given.code,
        title=text(given.title),
        due=given.due,
        lead=given.lead,
        for_each=given.for_each,
        coordinating=tuple(given.with_),
        ask=text(given.ask),
        shift=given.shift or default_shift(given.due),
        after=tuple(Predecessor(p.step, p.soft) for p in given.after),
        join=given.join,
        not_before=given.not_before,
        window=Window(window.from_, window.to, window.choose_by) if window else None,
        approve=None if given.approve is None else tuple(map(_link, given.approve)),
        evidence=tuple(Evidence(e.code or slug(e.title.vi), text(e.title), e.required, e.number) for e in given.evidence),
        figures=tuple(map(_figure, given.figures)),
        defaults=ours(given, outer),
        ladder=_ladder(given.ladder),
        report=given.report,
    )


def _ladder(given: list[shape.RungShape] | None) -> tuple[Rung, ...] | None:
    """A ladder's rungs in the order of the pack; None where nothing is said."""
    if given is None:
        return None
    return tuple(rung(r.at, r.tell or "", propose=r.propose, repeat_days=r.repeat) for r in given)


def _link(link: shape.LinkShape) -> ApprovalLink:
    units = [link.by] if link.by else link.all or link.any
    return ApprovalLink(tuple(units), JoinKind.ANY if link.any else JoinKind.ALL, link.within)


def _figure(figure: shape.FigureShape) -> Figure:
    return Figure(
        code=figure.code,
        title=text(figure.title),
        type=figure.type,
        min=figure.min,
        max=figure.max,
        required=figure.required,
        sum=figure.sum,
        choices=tuple(figure.choices),
    )
