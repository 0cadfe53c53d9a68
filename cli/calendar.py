"""Working days, and the office's calendar: what is recorded, what a change would move, and making it."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.common import Data, Json, application, settings_for, show
from engine.access import SYSTEM
from engine.calendar import WorkCalendar
from engine.calendar_proposal import Proposal
from wiring.calendar import build_calendar, proposed_days

if TYPE_CHECKING:
    from services.calendar_change import Preview
    from wiring.context import AppContext

app = typer.Typer(help="Working days and the office's calendar.", no_args_is_help=True, rich_markup_mode=None)
FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]
Day = Annotated[datetime, typer.Argument(formats=FORMATS, help="A day, 2024-07-22 or 22/07/2024.")]
Document = Annotated[str, typer.Option(help="The document that says so: number, date, who issued it.")]
Yes = Annotated[bool, typer.Option("--yes", help="Record it and move the dates; without it they are only listed.")]


@app.callback()
def calendar() -> None:
    """Working days and the office's calendar."""


@app.command("working")
def working(first: Day, last: Day, data: Data = None, as_json: Json = False) -> None:
    """Count the working days after FIRST up to and including LAST, by the office's calendar where there is one.

    Example: dondoc calendar working 2024-04-26 2024-05-06
    """
    count = _calendar_of(data).between(first.date(), last.date())
    show({"first": first.date(), "last": last.date(), "working_days": count}, as_json, f"{count} ngày làm việc")


@app.command("list")
def list_days(
    year: Annotated[int | None, typer.Option(help="Only this year.")] = None, data: Data = None, as_json: Json = False
) -> None:  # fmt: skip
    """List the days off and make-up days with their documents.

    Example: dondoc calendar list --year 2026
    """
    from services.queries.calendar_page import recorded_lines

    with application(data) as context:
        lines = [line for line in recorded_lines(context.db, proposed_days) if year in (None, line.day.year)]
    rows = [
        {"day": line.day, "working": line.working, "name": line.name.vi, "document": line.document, "source": line.source}
        for line in lines
    ]  # fmt: skip
    text = "\n".join(f"{r['day']:%d/%m/%Y}  {_kind(bool(r['working'])):<8} {r['name']}  [{r['document']}]" for r in rows)
    show(rows, as_json, text or "Chưa ghi ngày nào.")


@app.command("add")
def add(
    day: Day,
    document: Document,
    off: Annotated[bool, typer.Option("--off/--worked", help="A day off, or a day that is worked.")] = True,
    until: Annotated[datetime | None, typer.Option(formats=FORMATS, help="Last day of a holiday of several days.")] = None,
    make_up: Annotated[list[datetime] | None, typer.Option(formats=FORMATS, help="Make-up day for it. May be given again.")] = None,
    yes: Yes = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Record a day off or a make-up day: lists every date that moves; with --yes it moves them.

    Example: dondoc calendar add 2026-01-02 --off --make-up 2026-01-10 --document "Thông báo 25/12/2025" --yes
    """
    from services.calendar_change import read_additions

    make_ups = [each.date().isoformat() for each in make_up or ()]
    form: dict[str, Any] = {"document": document}
    if off:
        form |= {"off_from": day.date().isoformat(), "off_to": until.date().isoformat() if until else "", "make_up": make_ups}
    else:
        form |= {"make_up": [day.date().isoformat(), *make_ups]}
    with application(data) as context:
        _change(context, read_additions(context.db, form, now=context.now(), proposed=proposed_days), yes, as_json)


@app.command("remove")
def remove(day: Day, document: Document, yes: Yes = False, data: Data = None, as_json: Json = False) -> None:
    """Take a recorded day back: lists every date that moves; with --yes it moves them.

    Example: dondoc calendar remove 2026-01-10 --document "Thông báo 30/12/2025"
    """
    from services.calendar_change import read_removal

    with application(data) as context:
        form = {"day": day.date().isoformat(), "document": document}
        _change(context, read_removal(context.db, form), yes, as_json)


def _change(context: AppContext, proposal: Proposal, yes: bool, as_json: bool) -> None:
    from services.calendar_change import apply, propose

    now = context.now()
    preview = propose(context.db, proposal, now=now, proposed=proposed_days)
    moved = None
    if yes:
        made = apply(
            context.db, proposal, actor=SYSTEM, key=secrets.token_urlsafe(12), now=now, proposed=proposed_days, seen=preview.seen
        )  # fmt: skip
        moved = made.moved
    show({"applied": yes, "moved": moved, "moves": _moves(preview)}, as_json, _text(preview, moved))


def _moves(preview: Preview) -> list[dict[str, object]]:
    return [
        {
            "step": line.step_id, "workflow": line.workflow_id, "place": line.place.vi, "number": line.number, "title": line.title.vi,
            "unit": line.lead, "kind": line.kind, "old": line.old, "new": line.new,
        }
        for line in preview.lines
    ]  # fmt: skip


def _text(preview: Preview, moved: int | None) -> str:
    lines = [
        f"{line.old:%d/%m/%Y} → {line.new:%d/%m/%Y}  {line.lead:<16} {line.place.vi}, bước {line.number}: {line.title.vi}"
        + (" (hạn xác nhận)" if line.kind == "approval" else "")
        for line in preview.lines
    ]
    if moved is None:
        end = f"{len(lines)} hạn sẽ chuyển. Chưa ghi gì; thêm --yes để ghi."
    else:
        end = f"Đã ghi vào lịch, {moved} hạn đã chuyển."
    return "\n".join([*lines, end])


def _kind(working: bool) -> str:
    return "làm việc" if working else "nghỉ"


def _calendar_of(data: Path | None) -> WorkCalendar:
    """The office's calendar; what is proposed where no office has been set up yet."""
    settings = settings_for(data)
    if not settings.database_url and not settings.database_path.exists():
        return build_calendar()
    with application(data) as context:
        return context.calendar()
