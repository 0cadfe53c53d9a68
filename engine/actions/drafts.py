"""What lies ready before it is handed in: figures and documents saved as a draft, and the sums of the reports that a step joins.

Neither moves a status nor checks the version: several people of a unit fill in one report, and each only sends what they changed.
"""

from __future__ import annotations

from typing import Any

from engine import payload as given
from engine.definition import Text
from engine.errors import Refused
from engine.evidence import drafted_documents, read_figures
from engine.facts import Fact
from engine.situation import Situation
from engine.step_state import Effect


def save_draft(at: Situation) -> Effect:
    """Keep what was typed so far. Nothing need be complete; what is there must be right. A value given empty is taken out."""
    figures = read_figures(at.definition.figures, given.mapping(at.payload, "figures"))
    kept = {**at.step.draft.get("figures", {}), **figures}
    draft = {
        **at.step.draft,
        "figures": {code: value for code, value in kept.items() if value is not None},
        "evidence": drafted_documents(at.definition, at.step.draft, at.payload),
    }
    if "note" in at.payload:
        draft["note"] = given.text(at.payload, "note")
    return Effect({"draft": draft}, (Fact("step.draft-saved", {"figures": sorted(figures)}),))


def consolidate(at: Situation) -> Effect:
    """Put the sums of the fan-outs that this step joins into its draft, with what they were made of.

    The sums are read under the lock (`services.figure_inputs`), never taken from a caller.
    """
    taken: dict[str, Any] = {"figures": {}, **at.stored}
    if not taken["figures"]:
        raise Refused(
            Text("Chưa đơn vị nào có số liệu để tổng hợp.", "No unit has handed in a figure yet."),
            code="nothing-to-consolidate",
            hint=Text("Chờ đơn vị nộp, hoặc đôn đốc.", "Wait for the units, or chase them."),
        )
    others = {code: value for code, value in at.step.draft.get("figures", {}).items() if code not in {s.code for s in at.sums}}
    draft = {**at.step.draft, "figures": {**others, **taken["figures"]}, "consolidated": taken["basis"]}
    used = {source: {"units": len(b["units"]), "missing": b["missing"]} for source, b in taken["basis"].items()}
    return Effect({"draft": draft}, (Fact("step.consolidated", {"sources": used}),))
