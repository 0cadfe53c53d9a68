"""What time brings, done by hand: for when Prefect is down, and for scripts."""

from __future__ import annotations

import typer

from cli.common import Data, Json, application, show


def register(app: typer.Typer) -> None:
    """Add the commands of this file to ``app``."""
    for command in (sweep, deliver):
        app.command()(command)


def sweep(data: Data = None, as_json: Json = False) -> None:
    """Open what is due to open, mark what is due soon or overdue, and put reminders into the outbox. Safe to run twice.

    Example: dondoc sweep
    """
    from services.calendar_settle import settle
    from services.open_cycles import open_cycles
    from services.open_due import open_all_due
    from services.sweep import sweep as run_sweep
    from services.unreachable import watch_units

    with application(data) as context:
        now, calendar = context.now(), context.calendar()
        settle(context.db, now=now, calendar=calendar)
        cycles = open_cycles(context.db, now=now, calendar=calendar)
        opened = open_all_due(context.db, now=now, calendar=calendar)
        unreachable = watch_units(context.db, now=now)
        result = run_sweep(context.db, now=now, calendar=calendar)
    found = {
        "cycles": len(cycles),
        "opened": len(opened),
        "overdue": len(result.overdue),
        "due_soon": len(result.due_soon),
        "notices": result.notices,
        "unreachable": unreachable,
    }
    text = (
        f"Mở {len(cycles)} chu kỳ, {len(opened)} bước; mới quá hạn {len(result.overdue)}, sắp đến hạn {len(result.due_soon)};"
        f" {result.notices} nhắc việc." + (f" Đơn vị không ai nhận được thư: {', '.join(unreachable)}." if unreachable else "")
    )
    show(found, as_json, text)


def deliver(data: Data = None, as_json: Json = False) -> None:
    """Make messages of the notices in the outbox and send what may leave now. Safe to run twice.

    Example: dondoc deliver --json
    """
    from tasks.duties import deliver_messages

    with application(data) as context:
        summary = deliver_messages(context)
    show(vars(summary) if hasattr(summary, "__dict__") else str(summary), as_json, str(summary))
