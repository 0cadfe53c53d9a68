"""What an amendment would do, as people read it: workflow by workflow, step by step, with a reason for everything that is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from engine.amending.bounds import Refusal
from engine.amending.change import Kind
from engine.amending.step import ASKED
from engine.compiled import CompiledWorkflow
from engine.definition import PlanDefinition, Text
from engine.journal import canonical, plain
from engine.statuses import WorkStatus
from plans.codec import to_json
from services.amend_reading import Amended
from services.opening_preview import Starts
from services.queries import naming

FIELD_TEXT = {
    "title": Text("tên bước", "title"),
    "ask": Text("yêu cầu", "what is asked"),
    "coordinating": Text("phối hợp", "coordinating units"),
    "after": Text("bước trước", "steps before"),
    "join": Text("cách gộp", "join"),
    "not_before": Text("ngày mở", "day of opening"),
    "evidence": Text("minh chứng", "evidence"),
    "figures": Text("số liệu", "figures"),
    "report": Text("mục báo cáo", "texts of a report"),
    "ladder": Text("bậc nhắc", "ladder of reminders"),
    "approve": Text("phê duyệt", "approval"),
}
NOTHING = Text("")


@dataclass(frozen=True, slots=True)
class Line:
    """One step. ``kind``: added | removed | restored | changed | stays | refused. ``what``: names in `FIELD_TEXT` of what else changes.

    ``step_id`` is None for one that comes into being, or where a refusal is about a whole fan-out. ``opens``: it can open by this.
    """

    kind: str
    step_id: int | None
    number: int
    title: Text
    lead: str
    status: WorkStatus | None = None
    old: date | None = None
    new: date | None = None
    moves: bool = False
    new_lead: str = ""
    what: tuple[str, ...] = ()
    why: Text = NOTHING
    hint: Text = NOTHING
    opens: bool = False


@dataclass(frozen=True, slots=True)
class StepLines:
    """One step of one unit with everything that an amendment says of it, so that it is named once. ``lead`` is "" for a whole fan-out."""

    number: int
    title: Text
    lead: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class WorkflowLines:
    """A running workflow with all that happens to it. ``version``: it moves to the next one without any change if there are no lines."""

    workflow_id: int
    name: Text
    lines: tuple[Line, ...]
    refusals: tuple[Refusal, ...]

    @property
    def changed(self) -> int:
        """How many steps change."""
        return sum(line.kind not in ("stays", "refused") for line in self.lines)

    @property
    def steps(self) -> tuple[StepLines, ...]:
        """The lines step by step: what keeps a part of a step and what changes another part of it are one entry."""
        grouped: dict[tuple[int, str], list[Line]] = {}
        for line in self.lines:
            grouped.setdefault((line.number, line.lead), []).append(line)
        return tuple(StepLines(number, lines[0].title, lead, tuple(lines)) for (number, lead), lines in grouped.items())


@dataclass(frozen=True, slots=True)
class Preview:
    """All that an amendment would do. ``number``: of the version that it makes; ``seen`` stands for exactly this.

    ``refusals`` keep the whole amendment from being made; those of a workflow only that one from moving. ``told``: (unit, how many steps)
    of those who would hear of it, in one gathered mail each.
    """

    plan_id: int
    version_id: int
    number: int
    definition: PlanDefinition
    same: bool
    refusals: tuple[Refusal, ...]
    workflows: tuple[WorkflowLines, ...]
    moves: int
    starts: tuple[Starts, ...]
    told: tuple[tuple[str, int], ...]
    seen: str

    @property
    def refused(self) -> tuple[WorkflowLines, ...]:
        """The workflows that cannot follow."""
        return tuple(w for w in self.workflows if w.refusals)

    @property
    def changed(self) -> int:
        """How many steps change."""
        return sum(w.changed for w in self.workflows if not w.refusals)


def preview_of(
    plan_id: int, version_id: int, number: int, old: PlanDefinition, new: PlanDefinition, found: Sequence[Amended],
    refusals: Sequence[Refusal], begun: Sequence[Starts],
) -> Preview:  # fmt: skip
    """The preview of ``new`` after ``old``. ``found``: every running workflow; ``begun``: cycles that open at once."""
    shown = [_workflow(each) for each in found]
    workflows = tuple(w for w in shown if w.lines or w.refusals)
    body = {
        "definition": sha256(canonical(to_json(new)).encode()).hexdigest(),
        "workflows": [[w.workflow_id, [_stamp(line) for line in w.lines]] for w in workflows],
        "refusals": [r.reason.vi for r in refusals],
    }
    return Preview(
        plan_id, version_id, number, new, old == new, tuple(refusals), workflows, len(found), tuple(begun), _told(found),
        sha256(canonical(body).encode()).hexdigest()[:32],
    )  # fmt: skip


def _stamp(line: Line) -> list[object]:
    values = [line.kind, line.step_id, line.number, line.lead, line.old, line.new, line.new_lead, list(line.what), line.why.vi]
    return [plain(value) for value in values]


def _workflow(found: Amended) -> WorkflowLines:
    hidden = bool(found.row["confidential"])
    name = naming.workflow_name(found.new, found.row["cycle"], confidential=hidden)
    what = found.difference
    opening = set(what.opens)

    def line(kind: str, code: str, slot: str, **more: object) -> Line:
        workflow = found.new if code in found.new.steps else found.old
        step = next((s for s in found.steps.values() if (s.code, s.slot) == (code, slot)), None)
        more.setdefault("lead", step.lead if step else slot)
        more.setdefault("status", step.status if step else None)
        title = naming.step_title(workflow, code, confidential=hidden)
        number = _number(workflow, code)
        return Line(kind, step.id if step else None, number, title, opens=(code, slot) in opening, **more)  # type: ignore[arg-type]

    lines = [
        line(
            c.kind.value, c.code, c.slot, lead=c.leads[0] if c.leads else c.lead, new_lead=c.leads[1] if c.leads else "", what=c.what,
            old=c.dates[0] if c.dates else None, moves=c.dates is not None or c.kind is Kind.ADDED,
            new=c.dates[1] if c.dates else c.planned.planned_on if c.planned else None, status=c.status,
        )
        for c in what.changes
    ]  # fmt: skip
    lines += [line("stays", s.code, s.slot, why=s.why) for s in what.stays]
    lines += [line("refused", r.code, r.slot, why=r.reason, hint=r.hint) for r in what.refusals]
    lines.sort(key=lambda each: (each.number, each.kind, each.lead))
    return WorkflowLines(found.row["id"], name, tuple(lines), what.refusals)


def _number(workflow: CompiledWorkflow, code: str) -> int:
    return naming.step_number(workflow, code)


def _told(found: Sequence[Amended]) -> tuple[tuple[str, int], ...]:
    """Whom `services.amend_settle` will tell, by unit."""
    units: Counter[str] = Counter()
    for each in found:
        for change in each.difference.changes if not each.difference.refusals else ():
            if change.kind is not Kind.ADDED and (
                change.dates or change.leads or change.kind is not Kind.CHANGED or ASKED & {*change.what}
            ):
                units[change.leads[1] if change.leads else change.lead] += 1
    return tuple(sorted(units.items()))
