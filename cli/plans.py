"""Plan packs: checking, the schema for editors, importing and publishing, and what is published."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.amending import amend, export, undo_amendment
from cli.common import Data, Json, application, out, show
from engine.access import SYSTEM
from engine.calendar import WorkCalendar
from engine.cycles import cycles
from engine.definition import PlanDefinition
from engine.schedule import plan_steps
from plans.reader import check_pack, read_pack, schema
from plans.report import report
from services.open_cycles import open_cycles
from services.publish import publish
from wiring.calendar import build_calendar

app = typer.Typer(help="Plan packs and published plans.", no_args_is_help=True, rich_markup_mode=None)
Pack = Annotated[Path, typer.Argument(help="Folder of the plan pack.")]


@app.command()
def check(pack: Pack, as_json: Json = False) -> None:
    """List every problem of a pack at once, with file and line. Exit code 1 if there is an error; nothing is written.

    Example: dondoc plan check plans/222-kh-ubnd
    """
    plan, problems = check_pack(pack, build_calendar)
    rows = [
        {
            "file": p.file,
            "line": p.line,
            "severity": p.severity,
            "code": p.code,
            "vi": f"{p.message.vi} {p.hint.vi}".strip(),
            "en": f"{p.message.en} {p.hint.en}".strip(),
        }
        for p in problems
    ]
    show({"ok": plan is not None, "problems": rows}, as_json, report(problems))
    raise SystemExit(0 if plan is not None else 1)


@app.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of pack files, for editors that complete and check while typing.

    Example: dondoc plan schema > plan.schema.json
    """
    sys.stdout.write(json.dumps(schema(), ensure_ascii=False, indent=2) + "\n")


@app.command("publish", hidden=True)
@app.command("import")
def import_(
    pack: Pack, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False, data: Data = None, as_json: Json = False
) -> None:
    """Publish a plan pack after a preview of what it makes, and open the cycles that are due.

    Example: dondoc plan import plans/222-kh-ubnd
    """
    definition = read_pack(pack, build_calendar)
    with application(data) as context:
        calendar = build_calendar(definition.calendar)
        counted = preview(definition, calendar)
        if not as_json:
            text = f"{definition.number}: {counted['workflows']} quy trình, {counted['steps']} bước đến {definition.to:%d/%m/%Y}."
            out.print(text, markup=False)
        if not yes and not typer.confirm("Công bố kế hoạch này?"):
            raise SystemExit(1)
        now = context.now()
        plan_id = publish(context.db, definition, now=now, actor=SYSTEM)
        opened = open_cycles(context.db, now=now, calendar=context.calendar())
    show({"plan": plan_id, "opened": len(opened), **counted}, as_json, f"Đã công bố, mở {len(opened)} quy trình.")


app.command("amend")(amend)
app.command("undo-amendment")(undo_amendment)
app.command("export")(export)


def preview(definition: PlanDefinition, calendar: WorkCalendar) -> dict[str, Any]:
    """How many workflows and steps the whole period of a plan makes."""
    workflows = [(workflow, cycle) for _, workflow in definition.workflows() for cycle in cycles(workflow, definition)]
    planned = [plan_steps(w, definition, c, calendar, lambda group: definition.group(group).units) for w, c in workflows]
    return {"workflows": len(workflows), "steps": sum(len(steps) for steps in planned)}
