"""What one notice says to one person: the typed item that templates are filled with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.compiled import CompiledWorkflow
from engine.definition import StepDefinition
from notifications.audience import Hearer
from notifications.contexts import Item
from notifications.policy import POLICY, RUNG_URGENCY
from notifications.relevance import Cause
from services.queries.naming import place, step_number

NO_WORDS = ("assigned", "coordinating", "approval-wanted")  # what somebody wrote then was about the step before
DOCUMENTED = (
    "due-shifted",
    "approval-shifted",
    "due-amended",
    "lead-amended",
    "amended",
    "removed",
    "restored",
    "succeeded",
    "approver-succeeded",
)  # nobody wrote to the reader, a document says why
HANDED_OVER = ("assigned", "reassigned", "to-handle")  # these list what will have to be handed in


@dataclass(frozen=True, slots=True)
class Said:
    """What the journal holds about a notice's cause: the fact, who acted (0: the system), their name and their words."""

    account_id: int | None = None
    name: str = ""
    text: str = ""
    fact: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, kind: str, entry: Any, step_id: int | None = None) -> Said:
        """From the journal entry that made the notice; empty where there is none. Of several facts the one about ``step_id`` counts."""
        if entry is None:
            return cls()
        facts = [f for f in entry["body"]["facts"] if any(rule.kind == kind for rule in POLICY.get(f["kind"], ()))]
        fact: dict[str, Any] = next((f for f in facts if f.get("step", step_id) == step_id), facts[0] if facts else {})
        return cls(entry["account_id"], entry["name"] or "", entry["text"] or "", fact)


@dataclass(frozen=True, slots=True)
class Names:
    """Unit names in force, by code: rows with name_vi, name_en, short_vi, short_en."""

    rows: Mapping[str, Any]

    def full(self, code: str, language: str) -> str:
        """The full name; the code of a unit without one."""
        return self._pick(code, "name", language)

    def short(self, code: str, language: str) -> str:
        """The short name; the code of a unit without one."""
        return self._pick(code, "short", language)

    def _pick(self, code: str, form: str, language: str) -> str:
        row = self.rows.get(code)
        if row is None:
            return code
        english = getattr(row, f"{form}_en") if language == "en" else ""
        return str(english or getattr(row, f"{form}_vi"))


def item_for(
    notice: Any,
    cause: Cause,
    hearer: Hearer,
    steps: list[Any],
    *,
    workflow: CompiledWorkflow,
    row: Any,
    said: Said,
    names: Names,
    today: date,
    handler: str = "",
) -> Item:
    """The item of ``notice`` for ``hearer`` about ``steps`` (several only of one fan-out). ``handler``: the name of who handles them."""
    language, first, kind = hearer.person.language, steps[0], notice["kind"]
    due_on = _due(kind, steps)
    until = said.fact.get("until") or said.fact.get("redo_on")
    return Item(
        notice_id=notice["id"],
        kind=kind,
        audience=notice["audience"],
        step_ids=tuple(s["id"] for s in steps),
        path=f"/steps/{first['id']}" if len(steps) == 1 else f"/workflows/{row['id']}",
        place=_place(workflow, row, first["code"], language),
        unit=_unit(steps, names, language),
        capacity=names.full(hearer.unit, language),
        count=len(steps),
        whole=f"/workflows/{row['id']}",
        due_on=due_on,
        days=(due_on - today).days if due_on else None,
        rung=notice["rung"] or "",
        until=date.fromisoformat(until) if until else None,
        was=date.fromisoformat(said.fact["was"]) if "was" in said.fact else None,
        stands_in=hearer.stands_in,
        proposed=bool(notice["data"].get("proposed")),
        instead_of=hearer.instead_of.name if hearer.instead_of else "",
        due_version=cause.due_version if kind in RUNG_URGENCY else None,
        lead=cause.lead,
        round=cause.round,
        link=cause.link,
        handler="" if row["confidential"] else handler,
        **({} if row["confidential"] else _open_text(kind, workflow.steps[first["code"]], said, language)),
    )


def _open_text(kind: str, definition: StepDefinition, said: Said, language: str) -> dict[str, Any]:
    """What only an open workflow may say: confidential work shows its number alone."""
    heard = said.text if kind not in NO_WORDS else ""
    if kind in DOCUMENTED:
        return {"title": definition.title.in_(language), "note": said.fact.get("document", "")}
    needed = definition.evidence if kind in HANDED_OVER else ()
    return {
        "title": definition.title.in_(language),
        "note": heard,
        "by": said.name if heard or kind == "to-handle" else "",
        "needed": tuple(e.title.in_(language) for e in needed if e.required),
    }


def _due(kind: str, steps: list[Any]) -> date | None:
    """The day that counts for the reader: the approver's own for approvals; None where the steps differ."""
    days = {s["approval_due_on" if kind.startswith("approval-") else "due_on"] for s in steps}
    return days.pop() if len(days) == 1 else None


def _place(workflow: CompiledWorkflow, row: Any, code: str, language: str) -> str:
    """Where the step belongs, ending in its number: "NV4 · 2024, bước 3"."""
    head = place(workflow, row["cycle"], confidential=row["confidential"]).in_(language)
    return f"{head}, {'step' if language == 'en' else 'bước'} {step_number(workflow, code)}"


def _unit(steps: list[Any], names: Names, language: str) -> str:
    """Who leads: the unit, or how many units."""
    leads = list(dict.fromkeys(s["lead"] for s in steps))
    if len(leads) == 1:
        return names.short(leads[0], language)
    return f"{len(leads)} units" if language == "en" else f"{len(leads)} đơn vị"
