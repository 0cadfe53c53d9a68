"""Every message to come, from the code that sends."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from cli.common import Data, Json, application, show
from engine.access import SYSTEM


def register(app: typer.Typer) -> None:
    """Add the command of this file to ``app``."""
    app.command()(foresee)


def foresee(
    step: Annotated[int | None, typer.Option(help="Number of a step.")] = None,
    unit: Annotated[str, typer.Option(help="Code of a unit: what it holds.")] = "",
    days: Annotated[int, typer.Option(min=0, max=366, help="How far to look.")] = 30,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Say which messages will leave in the next days, to whom and why, if nobody does anything. Without step and unit: all. Writes nothing.

    Example: dondoc foresee --unit loc-ninh --days 14
    """
    from services.foresee import foresee as look
    from wiring.mail import mail_rules

    with application(data) as context:
        calendar = context.calendar()
        hours = mail_rules(context.settings, calendar).hours
        found = look(context.db, SYSTEM, now=context.now(), calendar=calendar, hours=hours, days=days, step_id=step, unit=unit)
    lines = [f"{m.on:%d/%m/%Y}  {m.name}  [{m.place}] {m.what.vi}; {m.why.vi}" for m in found.messages]
    show(asdict(found), as_json, "\n".join(lines) or "Không có thư nào trong khoảng này.")
