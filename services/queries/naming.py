"""What workflows and steps are called where people read: "NV4 · 2024", "NV1 · quý III/2024", "bước 3"."""

from __future__ import annotations

from datetime import date

from engine.assignment import AssigningDocument
from engine.compiled import CompiledWorkflow
from engine.confidential import CONFIDENTIAL
from engine.definition import Text

ROMAN = ("I", "II", "III", "IV")
HALVES = (Text("6 tháng đầu năm", "first half of"), Text("6 tháng cuối năm", "second half of"))


def cycle_text(code: str) -> Text:
    """A cycle's code ("2024", "2024-H1", "2024-Q3", "2024-07", "once") in words; empty for what happens once."""
    year, _, part = code.partition("-")
    if code == "once":
        return Text("")
    if not part:
        return Text(year, year)
    if part.startswith("H"):
        half = HALVES[int(part[1:]) - 1]
        return Text(f"{half.vi} {year}", f"{half.en} {year}")
    if part.startswith("Q"):
        return Text(f"quý {ROMAN[int(part[1:]) - 1]}/{year}", f"{part} {year}")
    return Text(f"tháng {int(part)}/{year}", f"{part}/{year}")


def cycle_year(code: str, first_on: date) -> int:
    """The year under which a workflow is listed: its cycle's, or that of its first day for what happens once."""
    return int(code[:4]) if code[:4].isdigit() else first_on.year


def place(workflow: CompiledWorkflow, cycle: str, *, confidential: bool) -> Text:
    """Where a step belongs: the key task with the cycle; a plan-level workflow's title with the cycle; an assignment's document."""
    if workflow.document:
        return ad_hoc(workflow.document, confidential=confidential)
    head = Text(workflow.key_task, workflow.key_task) if workflow.key_task else workflow_title(workflow, confidential=confidential)
    return joined(head, cycle_text(cycle))


def workflow_name(workflow: CompiledWorkflow, cycle: str, *, confidential: bool) -> Text:
    """The whole name: key task (if any), cycle, title."""
    if workflow.document:
        head = ad_hoc(workflow.document, confidential=confidential)
        return joined(head, workflow_title(workflow, confidential=confidential))
    key_task = Text(workflow.key_task or "", workflow.key_task or "")
    return joined(key_task, cycle_text(cycle), workflow_title(workflow, confidential=confidential))


def ad_hoc(document: AssigningDocument, *, confidential: bool) -> Text:
    """What an ad-hoc assignment is called by its document; of a confidential one number and date are all that is said."""
    day = document.signed_on
    dated = Text(f" ngày {day:%d/%m/%Y}", f" of {day:%d/%m/%Y}") if confidential else Text("")
    return Text(f"Đột xuất · số {document.number}{dated.vi}", f"Ad hoc · no. {document.number}{dated.en}")


def workflow_title(workflow: CompiledWorkflow, *, confidential: bool) -> Text:
    """The title, or what stands for it outside the pages of those who may see it."""
    return CONFIDENTIAL if confidential else workflow.definition.title


def step_title(workflow: CompiledWorkflow, code: str, *, confidential: bool) -> Text:
    """The title of a step, or what stands for it outside the pages of those who may see it."""
    return CONFIDENTIAL if confidential else workflow.steps[code].title


def step_number(workflow: CompiledWorkflow, code: str) -> int:
    """The step's number, counted from 1 in the order of the definition."""
    return list(workflow.steps).index(code) + 1


def joined(*parts: Text) -> Text:
    """The parts that are not empty with a middle dot between them."""
    return Text(" · ".join(p.vi for p in parts if p.vi), " · ".join(p.in_("en") for p in parts if p.vi))


def sentence(text: Text) -> Text:
    """The text with a capital first letter."""
    return Text(text.vi[:1].upper() + text.vi[1:], text.en[:1].upper() + text.en[1:])
