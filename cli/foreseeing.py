"""Every message to come, from the code that sends."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from cli.common import Data, Json, application, show
from engine.access import SYSTEM
from engine.errors import NotFound


def register(app: typer.Typer) -> None:
    """Add the command of this file to ``app``."""
    app.command()(foresee)


def foresee(
    step: Annotated[int | None, typer.Option(help="Number of a step.")] = None,
    unit: Annotated[str, typer.Option(help="Code of a unit: what it holds.")] = "",
    plan: Annotated[str, typer.Option(help="Number of a plan, such as 222/KH-UBND.")] = "",
    days: Annotated[int, typer.Option(min=0, max=366, help="How far to look.")] = 30,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Say which messages will leave in the next days, to whom and why, if nobody does anything. Writes nothing.

    Without step, unit and plan: all of them.

    Example: dondoc foresee --unit loc-ninh --days 14, dondoc foresee --plan 222/KH-UBND --json
    """
    from services.foresee import foresee as look
    from services.published import plan_id_of
    from services.unit_list import units_on
    from wiring.mail import mail_rules

    with application(data) as context:
        calendar = context.calendar()
        hours = mail_rules(context.settings, calendar).hours
        if unit and unit not in {u.code for u in units_on(context.db, context.now().today)}:
            raise NotFound(unit)
        plan_id = plan_id_of(context.db, plan) if plan else None
        found = look(
            context.db, SYSTEM, now=context.now(), calendar=calendar, hours=hours, days=days, step_id=step, unit=unit, plan_id=plan_id
        )  # fmt: skip
    lines = [f"{m.on:%d/%m/%Y}  {m.name}  [{m.place}] {m.what.vi}; {m.why.vi}" for m in found.messages]
    show(asdict(found), as_json, "\n".join(lines) or "Không có thư nào trong khoảng này.")
