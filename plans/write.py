"""From a definition back to the files of a pack, such that `plans.reader` reads the same definition from them.

What a definition does not hold is lost: comments, includes of groups (their units are written out), the order of keys within a file, and
what the plan itself, a key task or a workflow said of the basis of its values. Every step keeps which of its values are ours.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import yaml

from engine.dates import default_shift
from engine.definition import (
    ApprovalLink,
    CalendarOverride,
    Evidence,
    Figure,
    Join,
    JoinKind,
    KeyTaskDefinition,
    PlanDefinition,
    Predecessor,
    StepDefinition,
    Text,
    WorkflowDefinition,
)
from engine.rungs import Rung
from plans.write_units import day, group, some, text, unit, unit_change

HEAD = (
    "# {number}: gói kế hoạch xuất từ Đôn Đốc. Giá trị do ta chọn (không có trong văn bản) được nêu ở khóa defaults của từng bước.\n"
    "# Plan pack exported from Đôn Đốc. Values that are ours, not the source's, are named under each step's defaults.\n"
)
FIRST_ENTRY = (1980, 1, 1, 0, 0, 0)  # the same definition gives the same bytes
YAML_KEY = {"coordinating": "with"}


def pack_files(plan: PlanDefinition) -> dict[str, str]:
    """The text of every file of ``plan``'s pack, by name."""
    parts: dict[str, dict[str, Any]] = {
        "plan.yaml": {"plan": _plan(plan)},
        "units.yaml": {"units": [unit(u, min(plan.from_, plan.issued_on)) for u in plan.units], "groups": [group(g) for g in plan.groups]},
    }
    if plan.unit_changes:
        parts["unit-changes.yaml"] = {"unit_changes": [unit_change(c) for c in plan.unit_changes]}
    if plan.calendar:
        parts["calendar.yaml"] = {"calendar": [_override(o) for o in plan.calendar]}
    for n, task in enumerate(plan.key_tasks, start=1):
        parts[f"key-tasks/{n:02}-{task.code.lower()}.yaml"] = {"key_tasks": [_key_task(task)]}
    if plan.plan_workflows:
        found = [_workflow(w, plan.standing_agency, Text(w.code)) for w in plan.plan_workflows]
        parts["plan-workflows.yaml"] = {"plan_workflows": found}
    return {name: HEAD.format(number=plan.number) + _yaml(data) for name, data in parts.items()}


def pack_zip(plan: PlanDefinition) -> bytes:
    """The files of ``plan``'s pack as one archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in pack_files(plan).items():
            archive.writestr(zipfile.ZipInfo(name, FIRST_ENTRY), text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


class _Dumper(yaml.SafeDumper):
    """Writes values out each time they occur: packs have no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)  # lists stand within their key, as people write them


def _yaml(data: Mapping[str, Any]) -> str:
    written: str = yaml.dump(dict(data), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
    return written


def _plan(plan: PlanDefinition) -> dict[str, Any]:
    return {
        "number": plan.number,
        "title": text(plan.title),
        "issuer": text(plan.issuer),
        **{
            key: day(given)
            for key, given in (("issued_on", plan.issued_on), ("from", plan.from_), ("to", plan.to), ("tracked_from", plan.tracked_from))
        },
        "standing_agency": plan.standing_agency,
        "steering_committee": plan.steering_committee,
        "authority": plan.authority,
        **_ladder(plan.ladder),
    }


def _override(given: CalendarOverride) -> dict[str, Any]:
    return {"day": day(given.day), "working": given.working, **some({"document": given.document, "name": text(given.name)})}


def _key_task(task: KeyTaskDefinition) -> dict[str, Any]:
    return {
        "code": task.code,
        "title": text(task.title),
        "source": task.source,
        "lead": task.lead,
        **_ladder(task.ladder),
        "workflows": [_workflow(w, task.lead, task.title) for w in task.workflows],
    }


def _workflow(workflow: WorkflowDefinition, lead: str, title: Text) -> dict[str, Any]:
    """A workflow; ``lead`` and ``title`` go without saying."""
    return {
        **some(
            {
                "code": workflow.code,
                "title": None if workflow.title == title else text(workflow.title),
                "every": workflow.every.value,
                "lead": None if workflow.lead == lead else workflow.lead,
                "anchor": workflow.anchor.text if workflow.anchor else None,
                "opens": workflow.opens.text if workflow.opens else None,
                "starts_on": day(workflow.starts_on) if workflow.starts_on else None,
                "confidential": workflow.confidential,
            }
        ),
        **_ladder(workflow.ladder),
        "steps": [_step(s) for s in workflow.steps if not s.withdrawn],
    }


def _step(step: StepDefinition) -> dict[str, Any]:
    """A step; a value that is ours is written also where it equals what goes without saying, for it was chosen."""
    window = step.window
    values: dict[str, Any] = {
        "code": step.code,
        "title": text(step.title),
        "ask": text(step.ask) if step.ask.vi else None,
        "lead": step.lead,
        "for_each": step.for_each,
        "with": list(step.coordinating),
        "due": step.due.text,
        "shift": step.shift.value,
        "after": [_before(p) for p in step.after],
        "join": _join(step.join),
        "not_before": step.not_before.text if step.not_before else None,
        "window": some(
            {"from": window.first.text, "to": window.last.text, "choose_by": window.choose_by.text if window.choose_by else None}
        )
        if window
        else None,
        "approve": None if step.approve is None else "none" if not step.approve else [_link(link) for link in step.approve],
        "evidence": [_evidence(e) for e in step.evidence],
        "figures": [_figure(f) for f in step.figures],
        "report": step.report,
        **_ladder(step.ladder),
    }
    silent: dict[str, Any] = {"shift": default_shift(step.due).value, "join": "all", "with": [], "after": [], "evidence": [], "figures": []}
    ours = [YAML_KEY.get(name, name) for name in step.defaults]
    said = {key: value for key, value in values.items() if key in ours or (value is not None and value != silent.get(key))}
    return {**said, **({"defaults": ours} if ours else {})}


def _before(predecessor: Predecessor) -> str | dict[str, Any]:
    return {"step": predecessor.step, "soft": True} if predecessor.soft else predecessor.step


def _join(join: Join) -> str | int:
    if join.kind is JoinKind.COUNT:
        return join.number
    return f"{join.number} %" if join.kind is JoinKind.PERCENT else join.kind.value


def _link(link: ApprovalLink) -> dict[str, Any]:
    several = "any" if link.mode is JoinKind.ANY else "all"
    who: dict[str, Any] = {several: list(link.units)} if len(link.units) > 1 or link.mode is JoinKind.ANY else {"by": link.units[0]}
    return {**who, "within": f"{link.within}wd"}


def _evidence(paper: Evidence) -> dict[str, Any]:
    return some({"code": paper.code, "title": text(paper.title), "required": paper.required, "number": paper.number})


def _figure(figure: Figure) -> dict[str, Any]:
    limits = {key: value for key, value in (("min", figure.min), ("max", figure.max)) if value is not None}
    given = {"code": figure.code, "title": text(figure.title), "type": figure.type, "required": figure.required, "sum": figure.sum}
    return {**some(given), **limits, **({"choices": list(figure.choices)} if figure.choices else {})}


def _ladder(ladder: tuple[Rung, ...] | None) -> dict[str, Any]:
    """A ladder that is said; "none" is said too, and is not the same as nothing."""
    if ladder is None:
        return {}
    return {"ladder": [_rung(r) for r in ladder] or "none"}


def _rung(rung: Rung) -> dict[str, Any]:
    clock = "A" if rung.of_approval else "D"
    at = f"{clock}{rung.offset:+d}{'wd' if rung.working_days else 'd'}" if rung.offset else clock
    repeat = {"repeat": f"{rung.repeat_days}d"} if rung.repeat_days else {}
    return {"at": at, "tell": rung.audience, "propose": rung.proposed, **repeat}
