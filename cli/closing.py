"""Closing a cycle or a year by command, and taking it back."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.common import Data, Json, application, show
from engine.access import SYSTEM
from engine.cycle_close import DISPOSITION_TEXT, Disposition
from engine.definition import Text
from engine.errors import InvalidFields

if TYPE_CHECKING:
    from wiring.context import AppContext


def register(app: typer.Typer) -> None:
    """Add the command of this file to ``app``."""
    app.command()(close)


def close(
    workflow: Annotated[int | None, typer.Option(help="Number of one workflow.")] = None,
    plan: Annotated[int | None, typer.Option(help="Number of a plan: its workflows of --year.")] = None,
    year: Annotated[int | None, typer.Option(help="Calendar year in which the cycles begin.")] = None,
    reason: Annotated[str, typer.Option(help="Why; needed to close or to undo.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Reopen the cycle of --workflow.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without it what would happen is only listed.")] = False,
    key: Annotated[str, typer.Option(help="Repeating the command with the same key closes nothing twice.")] = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Close a cycle, or every cycle of a year, each open step as suggested: lists them; with --yes it closes.

    Example: dondoc close --plan 1 --year 2024 --reason "Kết thúc năm 2024" --yes
    """
    if (workflow is None) == (plan is None or year is None) or (undo and workflow is None):
        raise InvalidFields({"workflow": Text("Cho --workflow, hoặc --plan và --year.", "Give --workflow, or --plan and --year.")})
    with application(data) as context:
        key = key or secrets.token_urlsafe(12)
        if undo:
            _undo(context, workflow or 0, reason, key, as_json)
        elif yes:
            _close(context, workflow, plan or 0, year or 0, reason, key, as_json)
        else:
            _list(context, workflow, plan or 0, year or 0, as_json)


def _undo(context: AppContext, workflow: int, reason: str, key: str, as_json: bool) -> None:
    from services.reopen_cycle import reopen_cycle

    done = reopen_cycle(
        context.db, workflow, reason=reason, actor=SYSTEM, key=key, now=context.now(), calendar=context.calendar()
    )  # fmt: skip
    left = done.decided.get(Disposition.LEAVE.value, 0)
    show({"workflow": workflow, "taken_up": left}, as_json, f"Đã mở lại chu kỳ; {left} bước chạy tiếp.")


def _close(context: AppContext, workflow: int | None, plan: int, year: int, reason: str, key: str, as_json: bool) -> None:
    from services.close_cycle import close_cycle
    from services.close_year import close_year

    shared: dict[str, Any] = {"reason": reason, "actor": SYSTEM, "key": key, "now": context.now(), "calendar": context.calendar()}
    if workflow is not None:
        done = close_cycle(context.db, workflow, {}, **shared)
        show({"workflow": workflow, "decided": dict(done.decided)}, as_json, f"Đã kết sổ: {_counted(done.decided)}.")
        return
    outcomes = close_year(context.db, plan, year, **shared)
    rows = [
        {
            "workflow": one.workflow_id, "decided": dict(one.closed.decided) if one.closed else None,
            "problem": one.error.text.vi if one.error else None,
        }
        for one in outcomes
    ]  # fmt: skip
    lines = [f"{r['workflow']}: {r['problem'] or 'đã kết sổ'}" for r in rows]
    show(rows, as_json, "\n".join([*lines, f"{sum(one.closed is not None for one in outcomes)} quy trình đã kết sổ."]))
    if any(one.error for one in outcomes):
        raise typer.Exit(1)


def _list(context: AppContext, workflow: int | None, plan: int, year: int, as_json: bool) -> None:
    from services.queries.closing_page import ClosingPage, closing_page, year_page

    now = context.now()
    if workflow is not None:
        pages: tuple[ClosingPage, ...] = (closing_page(context.db, SYSTEM, workflow, now),)
    else:
        pages = year_page(context.db, SYSTEM, plan, now, year=year).to_close
    rows = [
        {
            "workflow": page.workflow_id, "name": page.name.vi, "closed_on": page.closed_on,
            "steps": [{"step": s.id, "lead": s.lead, "status": s.status, "due_on": s.due_on, "suggested": s.suggested} for s in page.steps],
        }
        for page in pages
    ]  # fmt: skip
    lines = [f"{page.workflow_id:>5}  {page.name.vi}: {_counted(page.suggested) or 'chốt số liệu'}" for page in pages]
    show(rows, as_json, "\n".join([*lines, "Chưa kết sổ gì; thêm --yes để kết sổ."]))


def _counted(decided: Any) -> str:
    return ", ".join(f"{decided[d]} × {DISPOSITION_TEXT[Disposition(d)].vi.lower()}" for d in decided if decided[d])
