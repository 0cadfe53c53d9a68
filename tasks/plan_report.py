"""How each plan stands, as a page for supervisors in Prefect. Pure but for reading."""

from __future__ import annotations

from dataclasses import dataclass

from engine.access import SYSTEM
from services.queries.overview import Overview, overview
from wiring.context import AppContext


@dataclass(frozen=True, slots=True)
class PlanReport:
    """``key`` names the plan's artifact; ``description`` holds the totals."""

    key: str
    markdown: str
    description: str


def plan_reports(app: AppContext) -> tuple[PlanReport, ...]:
    """One report for each published plan, for the present administrative year."""
    first = overview(app.db, SYSTEM, app.now())
    if first is None:
        return ()
    views = (first if plan.id == first.plan.id else overview(app.db, SYSTEM, app.now(), plan_id=plan.id) for plan in first.plans)
    return tuple(_report(view, app.settings.public_url) for view in views if view is not None)


def _report(view: Overview, site: str) -> PlanReport:
    tally = view.tally
    totals = f"{tally.total} bước: {tally.completed} hoàn thành, {tally.within} trong hạn, {tally.overdue} quá hạn (năm {view.year})."
    lines = [
        f"# [{view.plan.number}]({site}/plans/{view.plan.id})",
        view.plan.title_vi,
        totals,
        "| Nhiệm vụ | Bước quá hạn |\n|---|---:|\n"
        + "\n".join(f"| {_linked(column.code, column.id, column.title.vi, site)} | {column.late} |" for column in view.columns),
    ]
    return PlanReport(f"plan-{view.plan.id}", "\n\n".join(lines), f"{view.plan.number}: {totals}")


def _linked(code: str, key_task_id: int | None, title: str, site: str) -> str:
    name = " · ".join(part for part in (code if key_task_id else "", title) if part).replace("|", "\\|")
    return f"[{name}]({site}/key-tasks/{key_task_id})" if key_task_id else name
