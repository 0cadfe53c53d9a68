"""A published workflow's dates, leads and evidence as an editable table, and what somebody typed into it read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.calendar import WorkCalendar
from engine.coherence import check
from engine.confidential import CONFIDENTIAL
from engine.dates import DateRuleError, parse_rule
from engine.definition import Evidence, PlanDefinition, StepDefinition, Text, WorkflowDefinition
from engine.errors import InvalidFields, NotFound
from plans.fields import slug
from services.queries.rule_words import rule_sentence

REQUIRED, NUMBER = ("bắt buộc", "required"), ("số", "number")
LONGEST, MOST_PAPERS = 300, 20


@dataclass(frozen=True, slots=True)
class EditRow:
    """A step as it stands. ``means``: its rule in words. ``ours``: names among due, lead and evidence of values that are ours, not the
    source's. ``evidence`` is None where it is confidential.
    """

    code: str
    title: Text
    due: str
    means: Text
    lead: str
    fan_out: Text | None
    evidence: str | None
    ours: frozenset[str]


@dataclass(frozen=True, slots=True)
class Editable:
    """One workflow to edit. ``places``: every workflow of the plan (place, name), ``units``: codes to choose a lead from."""

    place: str
    title: Text
    rows: tuple[EditRow, ...]
    places: tuple[tuple[str, Text], ...]
    units: tuple[str, ...]


def editable(plan: PlanDefinition, place: str = "") -> Editable:
    """The table of the workflow at ``place`` ("NV4/ngay-hoi"); the first one without. Raises NotFound."""
    flows = {_place(task, w): w for task, w in plan.workflows()}
    place = place or next(iter(flows), "")
    if place not in flows:
        raise NotFound(place)
    flow = flows[place]
    rows = tuple(_row(plan, flow, step) for step in flow.steps if not step.withdrawn)
    return Editable(place, _title(flow), rows, tuple((p, _title(w)) for p, w in flows.items()), tuple(u.code for u in plan.units))


def edited(plan: PlanDefinition, place: str, form: Mapping[str, str], calendar: WorkCalendar) -> PlanDefinition:
    """``plan`` with what was typed for the workflow at ``place``: ``due.<step>``, ``lead.<step>``, ``evidence.<step>``.

    Raises InvalidFields with everything that is wrong, NotFound.
    """
    editable(plan, place)
    problems: dict[str, Text] = {}
    units = {u.code for u in plan.units}

    def one(task: str | None, flow: WorkflowDefinition) -> WorkflowDefinition:
        if _place(task, flow) != place:
            return flow
        return replace(flow, steps=tuple(s if s.withdrawn else _step(s, flow, form, units, problems) for s in flow.steps))

    tasks = tuple(replace(k, workflows=tuple(one(k.code, w) for w in k.workflows)) for k in plan.key_tasks)
    found = replace(plan, key_tasks=tasks, plan_workflows=tuple(one(None, w) for w in plan.plan_workflows))
    if problems:
        raise InvalidFields(problems)
    known = {(p.code, p.message.vi) for p in check(plan, calendar)}
    wrong = [p for p in check(found, calendar) if p.severity == "error" and (p.code, p.message.vi) not in known]
    if wrong:
        raise InvalidFields({f"plan.{i}": Text(f"{p.message.vi} {p.hint.vi}", f"{p.message.en} {p.hint.en}") for i, p in enumerate(wrong)})
    return found


def _place(task: str | None, flow: WorkflowDefinition) -> str:
    return "/".join(part for part in (task, flow.code) if part)


def _title(flow: WorkflowDefinition) -> Text:
    return CONFIDENTIAL if flow.confidential else flow.title


def _row(plan: PlanDefinition, flow: WorkflowDefinition, step: StepDefinition) -> EditRow:
    group = plan.group(step.for_each).title if step.for_each else None
    papers = None if flow.confidential else "\n".join(_paper(e) for e in step.evidence)
    return EditRow(
        step.code,
        CONFIDENTIAL if flow.confidential else step.title,
        step.due.text,
        rule_sentence(step.due, flow.anchor),
        step.lead or flow.lead,
        group,
        papers,
        frozenset(step.defaults),
    )


def _paper(paper: Evidence) -> str:
    flags = [REQUIRED[0]] * paper.required + [NUMBER[0]] * paper.number
    return " | ".join([paper.title.vi, *flags])


def _step(
    step: StepDefinition, flow: WorkflowDefinition, form: Mapping[str, str], units: set[str], problems: dict[str, Text]
) -> StepDefinition:
    """The step with what was typed; what stays as it is shown stays as it is."""
    changes: dict[str, object] = {}
    due = form.get(f"due.{step.code}", step.due.text).strip()
    if due != step.due.text:
        try:
            changes["due"] = parse_rule(due)
        except DateRuleError as error:
            problems[f"due.{step.code}"] = Text(f"{error.text.vi} {error.hint.vi}", f"{error.text.en} {error.hint.en}")
    lead = form.get(f"lead.{step.code}", "").strip()
    if step.for_each is None and lead and lead != (step.lead or flow.lead):
        if lead not in units:
            problems[f"lead.{step.code}"] = Text("Không có đơn vị này.", "There is no such unit.")
        changes["lead"] = lead
    shown = "\n".join(_paper(e) for e in step.evidence)
    typed = form.get(f"evidence.{step.code}", shown)
    if typed.strip() != shown:
        changes["evidence"] = _papers(step, typed, problems)
    return replace(step, **changes)  # type: ignore[arg-type]


def _papers(step: StepDefinition, typed: str, problems: dict[str, Text]) -> tuple[Evidence, ...]:
    """One paper a line: its title, then what is asked of it. A paper whose title stays keeps its code and its English title."""
    known = {e.title.vi: e for e in step.evidence}
    taken = {e.code for e in step.evidence}
    found: dict[str, Evidence] = {}
    for line in filter(None, (line.strip() for line in typed.splitlines())):
        title, *flags = (part.strip() for part in line.split("|"))
        unknown = [flag for flag in flags if flag not in (*REQUIRED, *NUMBER)]
        if unknown or not title or len(title) > LONGEST or title in found or len(found) >= MOST_PAPERS:
            problems[f"evidence.{step.code}"] = Text(
                f"Không hiểu dòng “{line[:60]}”: viết “Tên văn bản | bắt buộc | số”, mỗi dòng một văn bản.",
                f"“{line[:60]}” is not understood: write “Title | required | number”, a line each.",
            )
            return step.evidence
        before = known.get(title)
        code = before.code if before else _new_code(title, taken)
        taken.add(code)
        asked = {"required": any(f in REQUIRED for f in flags), "number": any(f in NUMBER for f in flags)}
        found[title] = Evidence(code, before.title if before else Text(title), **asked)
    return tuple(found.values())


def _new_code(title: str, taken: set[str]) -> str:
    stem = slug(title) or "van-ban"
    return next(code for code in (stem, *(f"{stem}-{n}" for n in range(2, MOST_PAPERS * 3))) if code not in taken)
