"""`dondoc plan prior`: the template of prior steps, and what a spreadsheet says of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.common import Data, Json, application, err, out, show
from engine.access import SYSTEM

if TYPE_CHECKING:
    from services.prior import PriorPreview


def prior(
    file: Annotated[Path, typer.Argument(help="Spreadsheet, XLSX or CSV; with --template the XLSX to write.")],
    template: Annotated[bool, typer.Option("--template", help="Write the template with every prior step to FILE.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check the spreadsheet.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    plan: Annotated[str, typer.Option(help="Number of the plan; not needed where there is only one.")] = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Close steps that were due before tracking began from a spreadsheet; every problem is listed with its cell, then nothing is written.

    Example: dondoc plan prior buoc-truoc.xlsx --dry-run
    """
    from services.prior import preview_prior, prior_steps, record_prior
    from services.prior_sheet import template_xlsx
    from services.published import plan_id_of

    with application(data) as context:
        plan_id, now = plan_id_of(context.db, plan), context.now()
        if template:
            steps = prior_steps(context.db, plan_id, today=now.today)
            file.write_bytes(template_xlsx(steps))
            show({"steps": len(steps), "file": str(file)}, as_json, f"Đã ghi mẫu với {len(steps)} bước: {file}")
            return
        found = preview_prior(context.db, plan_id, file.read_bytes(), now=now)
        written = None
        if not as_json:
            _say(found)
        if not found.problems and not dry_run and (yes or typer.confirm(f"Ghi {len(found.changes)} kết quả?")):
            written = record_prior(context.db, plan_id, found.changes, actor=SYSTEM, now=now)
    problems = [{"cell": p.place, "vi": p.text.vi, "en": p.text.en} for p in found.problems]
    shown = "Chưa ghi gì." if written is None else f"Đã ghi {written} kết quả."
    show({"written": written, "changes": len(found.changes), "known": found.known, "problems": problems}, as_json, shown)
    raise SystemExit(1 if found.problems else 0)


def _say(found: PriorPreview) -> None:
    for problem in found.problems:
        err.print(f"{problem.place}: {problem.text.vi}", markup=False)
    if not found.problems:
        out.print(f"{len(found.changes)} kết quả mới, {found.known} kết quả đã ghi trước đó.", markup=False)
