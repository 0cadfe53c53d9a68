"""A workflow's journal in words: what people did, and what the software did by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.compiled import CompiledWorkflow
from engine.cycle_close import DISPOSITION_TEXT, Disposition
from engine.definition import Text
from engine.transitions import Action
from services.queries import naming
from services.queries.lines import StepLine
from services.queries.step_history import TOLD, history, token_name
from services.queries.units import UnitNames

SYSTEM = Text("Hệ thống", "The system")
SWEPT = {
    "step.overdue": Text("bước quá hạn", "steps overdue"),
    "step.due-soon": Text("bước sắp đến hạn", "steps due soon"),
    "step.approval-overdue": Text("bước quá hạn duyệt", "approvals overdue"),
    "step.rung": Text("lời nhắc", "reminders"),
    "unit.unreachable": Text("đơn vị không ai nhận được thư", "units that nobody can reach"),
}
"""What the sweep finds, in the order in which it is told."""
AMENDED = (
    "step.added", "step.removed", "step.restored", "step.due-amended", "step.lead-amended", "step.amended", "step.reworded",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One entry. ``who`` is a person's name or "" for the software; ``step`` what it is about, None for the whole workflow.

    ``instead_of``: the absent person for whom they acted. ``token``: by what program, "" for none.
    """

    seq: int
    at: datetime
    icon: str
    who: str
    units: tuple[str, ...]
    did: Text
    more: Text
    quote: str
    step: StepLine | None
    hash: str
    instead_of: str = ""
    token: str = ""


def journal_lines(
    rows: Sequence[Any], people: Mapping[int, Sequence[str]], lines: Mapping[int, StepLine], workflow: CompiledWorkflow, names: UnitNames
) -> tuple[JournalLine, ...]:
    """The entries ``rows`` in words. ``people``: units by account; ``lines``: the workflow's steps by id."""
    return tuple(_line(row, people, lines, workflow, names) for row in rows)


def _line(
    row: Any, people: Mapping[int, Sequence[str]], lines: Mapping[int, StepLine], workflow: CompiledWorkflow, names: UnitNames
) -> JournalLine:
    step = lines.get(row.step_id)
    if step is not None and row.action in TOLD:
        told = history([row], people, workflow, names)[0]
        return JournalLine(
            row.seq, row.at, told.icon, told.who, told.units, told.did, told.more, told.quote, step, row.hash, told.instead_of, told.token,
        )  # fmt: skip
    icon, did, more = _by_itself(row.action, row.body.get("facts", ()), workflow)
    quote = row.text or ""
    return JournalLine(row.seq, row.at, icon, row.who or "", (), did, more, quote, step, row.hash, row.instead_of or "", token_name(row))


def _by_itself(action: str, facts: Sequence[Mapping[str, Any]], workflow: CompiledWorkflow) -> tuple[str, Text, Text]:
    """(icon, what, details) of an entry that the software made, or of a kind that this page does not tell apart."""
    if action == "sweep":
        return "bell", Text("rà hạn", "looked at the dates"), _counted(facts)
    opened = [_opened(fact, workflow) for fact in facts if fact["kind"] == "step.opened"]
    if action == "open-cycle":
        steps = next((f["steps"] for f in facts if f["kind"] == "workflow.opened"), 0)
        return "plus", Text(f"lập quy trình, {steps} bước", f"set up the workflow, {steps} steps"), _all(opened)
    if action == "assign":
        return "plus", Text("giao việc đột xuất", "assigned it"), _all(opened)
    if action == "close-cycle":
        return "pause", Text("kết sổ chu kỳ", "closed the cycle"), _closed(facts, opened)
    if action == "reopen-cycle":
        return "return", Text("mở lại chu kỳ", "reopened the cycle"), _all(opened)
    if action == Action.OPEN:
        return "open", Text("mở bước", "opened"), _all(opened)
    if action == "shift-dates":
        return "cal", Text("chuyển hạn theo lịch làm việc", "moved dates with the working calendar"), _shifted(facts)
    if action == "record-prior":
        return (
            "file",
            Text("ghi kết quả bước trước ngày theo dõi", "recorded results of prior steps"),
            Text(f"{len(facts)}", f"{len(facts)}"),
        )
    if action == "amend":
        return "file", Text("điều chỉnh theo kế hoạch", "amended with the plan"), _amended(facts)
    return "file", Text(action, action), Text("")


def _opened(fact: Mapping[str, Any], workflow: CompiledWorkflow) -> Text:
    number = naming.step_number(workflow, fact["code"])
    count = f" × {fact['count']}" if "count" in fact else ""
    return Text(f"mở bước {number}{count}", f"opened step {number}{count}")


def _shifted(facts: Sequence[Mapping[str, Any]]) -> Text:
    document = next((fact["document"] for fact in facts if fact.get("document")), "")
    return Text(f"{len(facts)} hạn, {document}", f"{len(facts)} date{'s' * (len(facts) > 1)}, {document}")


def _amended(facts: Sequence[Mapping[str, Any]]) -> Text:
    document = next((fact["document"] for fact in facts if fact.get("document")), "")
    steps = len({fact["step"] for fact in facts if fact["kind"] in AMENDED and "step" in fact})
    return Text(f"{steps} bước, {document}", f"{steps} step{'s' * (steps != 1)}, {document}")


def _closed(facts: Sequence[Mapping[str, Any]], opened: Sequence[Text]) -> Text:
    decided = next((fact for fact in facts if fact["kind"] == "workflow.closed"), {})
    counted = ((decided.get(d.value, 0), DISPOSITION_TEXT[d]) for d in Disposition)
    return _all([*(Text(f"{n} {t.vi.lower()}", f"{n} {t.in_('en').lower()}") for n, t in counted if n), *opened])


def _counted(facts: Sequence[Mapping[str, Any]]) -> Text:
    number = Counter(fact["kind"] for fact in facts)
    return _all([Text(f"{number[kind]} {text.vi}", f"{number[kind]} {text.en}") for kind, text in SWEPT.items() if number[kind]])


def _all(texts: Sequence[Text]) -> Text:
    return Text(", ".join(t.vi for t in texts), ", ".join(t.in_("en") for t in texts))
