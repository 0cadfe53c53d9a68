"""One workflow: drawn, as a table, by unit, and its journal."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response
from markupsafe import Markup

from engine.access import Policy
from engine.definition import Text
from services.queries.marks import MARK_TEXT, Mark
from services.queries.process import ProcessStep
from services.queries.workflow_page import WorkflowPage, workflow_page
from web.flow_ui import BASE
from web.policy import allow, pages
from web.query import number
from web.render import render
from web.svg import timeline
from web.svg.boxes import COLOURS, ICONS, Reader
from web.svg.process import narrow, wide
from web.visit import Visit, visit_of

router = pages()


@dataclass(frozen=True, slots=True)
class WorkflowView:
    """``order``: the units of the strips by name. ``flow_run``: where Prefect shows it, "" for who may not look there."""

    workflow: WorkflowPage
    wide: Markup
    narrow: Markup
    time_wide: Markup
    time_narrow: Markup
    legend: tuple[tuple[str, Text], ...]
    order: tuple[str, ...]
    partners: tuple[str, ...]
    flow_run: str
    paged: bool

    def icon(self, step: ProcessStep) -> str:
        """The icon of a step's mark."""
        return ICONS[step.mark]

    def colour(self, step: ProcessStep) -> str:
        """The class of a step's mark."""
        return COLOURS[step.mark]


@router.get("/workflows/{workflow_id}")
@allow(Policy.SIGNED_IN)
def show(request: Request, workflow_id: int) -> Response:
    """The workflow; ``?before=`` shows older journal entries."""
    visit = visit_of(request)
    before = number(request, "before")
    found = workflow_page(visit.db, visit.actor, workflow_id, visit.now, visit.units, before=before)
    return render(request, "workflow.html", page=view_of(found, visit, paged=before is not None))


def view_of(found: WorkflowPage, visit: Visit, *, paged: bool) -> WorkflowView:
    """The workflow with its drawings."""
    reader = Reader(visit.language, visit.units)
    label = reader.say(f"Quy trình {found.name.vi}", f"Process {found.name.in_('en')}")
    today = visit.now.today
    said = timeline.said(found.timeline, today, reader) if found.timeline else ""
    borne = {slot.mark for step in found.process.steps for slot in step.slots}
    return WorkflowView(
        workflow=found,
        wide=wide(found.process, reader, label),
        narrow=narrow(found.process, reader, label),
        time_wide=timeline.wide(found.timeline, today, reader, said) if found.timeline else Markup(""),
        time_narrow=timeline.narrow(found.timeline, today, reader, said) if found.timeline else Markup(""),
        legend=tuple((ICONS[mark], MARK_TEXT[mark]) for mark in Mark if mark in borne),
        order=tuple(reader.unit(row.unit) for row in found.rows),
        partners=(*(reader.unit(unit) for unit in found.coordinating), *(g.in_(visit.language) for g in found.groups)),
        flow_run=flow_run(found, visit),
        paged=paged,
    )


def flow_run(found: WorkflowPage, visit: Visit) -> str:
    """The page of the workflow's flow run in Prefect's interface; units have no business there."""
    if found.flow_run_id is None or not visit.actor.reads_everything:
        return ""
    return f"{BASE}/runs/flow-run/{found.flow_run_id}"
