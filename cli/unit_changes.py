"""`dondoc unit change`, `changes` and `withdraw`: mergers, splits, new names and ends of units by a dated document."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.common import Data, Json, application, out, show
from engine.access import SYSTEM
from engine.errors import PackError
from plans.change_file import located, read_change

if TYPE_CHECKING:
    from services.unit_preview import Preview

File = Annotated[Path, typer.Argument(help="YAML file with one entry under unit_changes, as in a plan pack.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Dry = Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")]


def register(app: typer.Typer) -> None:
    """Add the commands to ``dondoc unit``."""
    app.command("change")(change)
    app.command("changes")(changes)
    app.command("withdraw")(take_back)


def change(file: File, dry_run: Dry = False, yes: Yes = False, data: Data = None, as_json: Json = False) -> None:
    """Change units by a document: lists every open step with its old and new lead, who confirms, people and groups, then asks.

    It is kept until 00:00 of its day, and can be withdrawn until then. All problems are listed with their line.

    Example: dondoc unit change sap-nhap.yaml --dry-run
    """
    from services.unit_change import plan_change, propose
    from services.unit_settle import settle_units

    found, tree = read_change(file)
    with application(data) as context:
        now = context.now()
        preview = propose(context.db, found, now=now)
        if preview.errors:
            raise PackError(located(preview.errors, tree))
        if not as_json:
            out.print(text_of(preview), markup=False)
        made = None
        if not dry_run and (yes or typer.confirm("Ghi thay đổi này?")):
            made = plan_change(context.db, found, actor=SYSTEM, key=secrets.token_urlsafe(12), now=now, seen=preview.seen)
            settle_units(context.db, now=now)
    shown = "Chưa ghi gì." if made is None else f"Đã ghi thay đổi số {made}, áp dụng từ 00:00 ngày {found.on:%d/%m/%Y}."
    show({"recorded": made is not None, "change": made, **as_rows(preview)}, as_json, shown)


def changes(data: Data = None, as_json: Json = False) -> None:
    """List the changes of units: planned, in force, withdrawn.

    Example: dondoc unit changes --json
    """
    from services.queries.unit_changes import STATE_TEXT, change_lines

    with application(data) as context:
        lines = change_lines(context.db)
    rows = [{"change": line.id, "on": line.on, "document": line.document, "state": line.state, "moved": line.moved} for line in lines]
    text = "\n".join(f"{line.id:>4}  {line.on:%d/%m/%Y}  {STATE_TEXT[line.state].vi:<12} {line.document}" for line in lines)
    show(rows, as_json, text or "Chưa có thay đổi nào.")


def take_back(number: Annotated[int, typer.Argument(help="Number of the change.")], data: Data = None, as_json: Json = False) -> None:
    """Withdraw a planned change before its day.

    Example: dondoc unit withdraw 3
    """
    from services.unit_change import withdraw

    with application(data) as context:
        done = withdraw(context.db, number, actor=SYSTEM, now=context.now())
    show({"change": number, "withdrawn": done}, as_json, "Đã rút." if done else "Thay đổi này đã được rút từ trước.")


def as_rows(preview: Preview) -> dict[str, Any]:
    """The preview for scripts."""
    return {
        "on": preview.change.on,
        "document": preview.change.document,
        "steps": [
            {
                "step": line.step_id, "workflow": line.workflow_id, "place": line.place.vi, "number": line.number, "title": line.title.vi,
                "due_on": line.due_on, "slot": line.slot, "old": line.old, "new": line.new, "approvers": list(line.approvers),
                "approvers_after": list(line.approvers_after), "agency_instead": line.agency_instead,
            }
            for line in preview.lines
        ],
        "people": [{"account": p.account_id, "name": p.name, "old": p.unit, "new": p.successor, "role": p.role} for p in preview.people],
        "groups": [{"group": g.group, "unit": g.unit, "successors": list(g.successors)} for g in preview.groups],
        "told": preview.told,
    }  # fmt: skip


def text_of(preview: Preview) -> str:
    """The preview for people."""
    change = preview.change
    lines = [f"Từ {change.on:%d/%m/%Y}, {change.document}:"]
    for line in preview.lines:
        who = f"{line.old} → {line.new}" if line.new_lead else line.old
        lines.append(f"  {who:<36} {line.place.vi}, bước {line.number}: {line.title.vi}")
        if line.approvers != line.approvers_after:
            lines.append(f"    xác nhận: {', '.join(line.approvers) or '–'} → {', '.join(line.approvers_after) or '–'}")
        if line.agency_instead:
            lines.append("    đơn vị kế thừa sẽ không có ai xác nhận: cơ quan thường trực chủ trì")
    lines += [f"  {person.name}: {person.unit} → {person.successor}" for person in preview.people]
    lines += [f"  nhóm {group.group}: {group.unit} → {', '.join(group.successors) or '–'}" for group in preview.groups]
    lines.append(
        f"{len(preview.moved)} bước đổi chủ trì, {len(preview.people)} người chuyển, {preview.told} người được báo trong thư ngày."
    )
    return "\n".join(lines)
