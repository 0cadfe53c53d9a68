"""Ad-hoc assignments by command, from options or a JSON file."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.common import Data, Json, application, show
from engine.access import SYSTEM
from engine.definition import Text
from engine.errors import Invalid

FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]
Day = Annotated[datetime | None, typer.Option(formats=FORMATS, help="A day, 2024-07-22 or 22/07/2024.")]


def register(app: typer.Typer) -> None:
    """Add the command of this file to ``app``."""
    app.command()(assign)


def assign(
    number: Annotated[str, typer.Option(help="Number of the document.")] = "",
    signed_on: Day = None,
    abstract: Annotated[str, typer.Option(help="What the document is about.")] = "",
    leader: Annotated[str, typer.Option(help="Title of who instructs.")] = "",
    text: Annotated[str, typer.Option(help="What is to be done.")] = "",
    lead: Annotated[list[str] | None, typer.Option(help="Code of a lead unit or of a group. May be given again.")] = None,
    coordinating: Annotated[list[str] | None, typer.Option(help="Code of a coordinating unit. May be given again.")] = None,
    due: Day = None,
    approver: Annotated[str, typer.Option(help="Unit that confirms, or none; without it the standing agency.")] = "",
    evidence: Annotated[list[str] | None, typer.Option(help="A document to hand in. May be given again.")] = None,
    urgent: Annotated[bool, typer.Option("--urgent", help="The mail leaves at once, also at night.")] = False,
    confidential: Annotated[bool, typer.Option("--confidential", help="Only number and date are shown elsewhere.")] = False,
    file: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="All of it as JSON, as the API takes it.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Assign it; without it steps and mails are only listed.")] = False,
    key: Annotated[str, typer.Option(help="Repeating the command with the same key assigns nothing twice.")] = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Assign what no plan foresaw: lists the steps and mails; with --yes it assigns.

    Example: dondoc assign --number 512/UBND-NC --signed-on 2024-05-03 --leader "Chủ tịch UBND tỉnh" --text "Kiểm tra phòng cháy" --lead cap-huyen --due 2024-05-15 --yes
    """  # noqa: E501
    from services import assign as service

    form: dict[str, Any] = {
        "number": number, "signed_on": signed_on.date().isoformat() if signed_on else "", "abstract": abstract, "leader": leader,
        "text": text, "leads": lead or [], "coordinating": coordinating or [], "due_on": due.date().isoformat() if due else "",
        "approver": approver, "evidence": evidence or [], "urgent": urgent, "confidential": confidential,
    }  # fmt: skip
    form = _from_file(file) if file else form
    plan_id = form.pop("plan_id", None)
    with application(data) as context:
        rest = {"actor": SYSTEM, "now": context.now(), "calendar": context.calendar(), "plan_id": plan_id}
        if yes:
            made = service.assign(context.db, form, key=key or secrets.token_urlsafe(12), **rest)
            show(asdict(made), as_json, f"Đã giao: quy trình {made.workflow_id}.")
            return
        found = service.propose(context.db, form, **rest)
    lines = [f"{step.due_on:%d/%m/%Y}  {step.lead:<16} xác nhận: {', '.join(step.approvers) or 'không cần'}" for step in found.steps]
    lines += [f"thư: {mail.name} ({mail.unit}), {mail.what.vi} [{mail.how}]" for mail in found.mails]
    lines += [f"lưu ý: {doubt.vi}" for doubt in found.doubts]
    show(asdict(found), as_json, "\n".join([*lines, "Chưa giao gì; thêm --yes để giao."]))


def _from_file(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except ValueError as problem:
        raise Invalid(
            Text(f"{path} không phải JSON.", f"{path} is not JSON."), code="json", hint=Text(str(problem), str(problem))
        ) from None
    if not isinstance(found, dict):
        raise Invalid(Text("Tệp phải chứa một đối tượng JSON.", "The file must hold a JSON object."), code="json")
    return found
