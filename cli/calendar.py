"""Working days."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from cli.common import Json, show
from wiring.calendar import build_calendar

app = typer.Typer(help="Working days.", no_args_is_help=True, rich_markup_mode=None)
Day = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d", "%d/%m/%Y"], help="A day, 2024-07-22 or 22/07/2024.")]


@app.callback()
def calendar() -> None:
    """Working days."""


@app.command("working")
def working(first: Day, last: Day, as_json: Json = False) -> None:
    """Count the working days after FIRST up to and including LAST.

    Example: dondoc calendar working 2024-04-26 2024-05-06
    """
    count = build_calendar().between(first.date(), last.date())
    show({"first": first.date(), "last": last.date(), "working_days": count}, as_json, f"{count} ngày làm việc")
