"""Plan packs: checking, the schema for editors, importing and publishing, and what is published."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.amending import amend, export, undo_amendment
from cli.common import Json, show
from cli.prior import prior
from cli.publishing import publish_pack
from plans.reader import check_pack, schema
from plans.report import report
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


app.command("import")(publish_pack)
app.command("publish", hidden=True)(publish_pack)
app.command("prior")(prior)
app.command("amend")(amend)
app.command("undo-amendment")(undo_amendment)
app.command("export")(export)
