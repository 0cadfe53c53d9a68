"""`dondoc plan amend`, `export` and `undo-amendment`: a published plan's next version, and the way back to a pack."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.common import Data, Json, application, out, show
from engine.access import SYSTEM
from engine.confidential import untold
from engine.definition import Text
from engine.errors import Invalid
from plans.reader import read_pack
from plans.write import pack_files
from wiring.calendar import build_calendar

if TYPE_CHECKING:
    from services.amend_preview import Line, Preview

Pack = Annotated[Path, typer.Argument(help="Folder of the plan pack.")]
Document = Annotated[str, typer.Option(help="The document that amends the plan: number, date, who issued it.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Dry = Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")]
Leave = Annotated[bool, typer.Option("--leave-refused", help="Workflows with a refusal stay under their version; the others follow.")]


def amend(
    pack: Pack, document: Document = "", dry_run: Dry = False, leave_refused: Leave = False, yes: Yes = False, data: Data = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Amend the published plan of the same number: lists what changes in every running step, with a reason for each refusal, then asks.

    Example: dondoc plan amend plans/222-kh-ubnd --document "Kế hoạch 15/KH-UBND ngày 03/06/2024" --dry-run
    """
    from services.amend import apply, propose
    from services.published import plan_id_of

    definition = read_pack(pack, build_calendar)
    with application(data) as context:
        plan_id, now, calendar = plan_id_of(context.db, definition.number), context.now(), context.calendar()
        preview = propose(context.db, plan_id, definition, now=now, calendar=calendar)
        made = None
        if not as_json:
            out.print(text_of(preview), markup=False)
        if not dry_run and (yes or typer.confirm("Điều chỉnh kế hoạch này?")):
            made = apply(
                context.db, plan_id, definition, document=document, actor=SYSTEM, key=secrets.token_urlsafe(12), now=now, calendar=calendar,
                leave_refused=leave_refused, seen=preview.seen,
            )  # fmt: skip
    shown = "Chưa ghi gì." if made is None else f"Đã điều chỉnh thành bản {preview.number}, {preview.changed} bước thay đổi."
    show({"applied": made is not None, "amendment": made, **as_rows(preview)}, as_json, shown)


def undo_amendment(
    plan: Annotated[str, typer.Option(help="Number of the plan; not needed where there is only one.")] = "",
    document: Document = "", dry_run: Dry = False, leave_refused: Leave = False, yes: Yes = False, data: Data = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Take the last amendment back, as long as nobody has done anything under it: lists what changes, then asks.

    Example: dondoc plan undo-amendment --document "Công văn 20/CV ngày 05/06/2024"
    """
    from services.amend_undo import last_amendment, propose_undo, undo
    from services.published import plan_id_of

    with application(data) as context:
        last = last_amendment(context.db, plan_id_of(context.db, plan))
        now, calendar = context.now(), context.calendar()
        preview = propose_undo(context.db, last, now=now, calendar=calendar)
        made = None
        if not as_json:
            out.print(text_of(preview), markup=False)
        if not dry_run and (yes or typer.confirm("Hoàn tác lần điều chỉnh cuối?")):
            key = secrets.token_urlsafe(12)
            made = undo(
                context.db, last, document=document, actor=SYSTEM, key=key, now=now, calendar=calendar, leave_refused=leave_refused,
                seen=preview.seen,
            )  # fmt: skip
    shown = "Chưa ghi gì." if made is None else f"Đã hoàn tác, {preview.changed} bước thay đổi."
    show({"applied": made is not None, "amendment": made, **as_rows(preview)}, as_json, shown)


def export(
    folder: Annotated[Path, typer.Argument(help="Folder to write to; it must be empty or not exist.")],
    plan: Annotated[str, typer.Option(help="Number of the plan; not needed where there is only one.")] = "",
    version: Annotated[int | None, typer.Option(help="A former version; default: the one in force.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Write a published plan back as a plan pack that `dondoc plan check` accepts. Comments of the original pack are not kept.

    Titles of confidential work are not written; an amendment by the pack keeps them.

    Example: dondoc plan export /tmp/222-kh-ubnd --plan 222/KH-UBND
    """
    from services.published import plan_id_of, version_of

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        message = Text(f"“{folder}” đã có nội dung.", f"“{folder}” is not empty.")
        raise Invalid(message, code="not-empty", hint=Text("Chọn thư mục trống.", "Name an empty folder."))
    with application(data) as context:
        found = version_of(context.db, plan_id_of(context.db, plan), version)
    files = pack_files(untold(found.definition))
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    shown = f"Đã ghi bản {found.number} của {found.definition.number}: {len(files)} tệp trong {folder}."
    show({"plan": found.plan_id, "version": found.number, "files": sorted(files)}, as_json, shown)


def as_rows(preview: Preview) -> dict[str, Any]:
    """The preview for scripts."""
    lines = [
        {
            "workflow": each.workflow_id, "name": each.name.vi, "kind": line.kind, "step": line.step_id, "number": line.number,
            "title": line.title.vi, "unit": line.lead, "old": line.old, "new": line.new, "lead": line.new_lead, "what": list(line.what),
            "why": line.why.vi, "opens": line.opens,
        }
        for each in preview.workflows
        for line in each.lines
    ]  # fmt: skip
    refusals = [{"reason": r.reason.vi, "hint": r.hint.vi} for r in preview.refusals]
    return {
        "version": preview.number, "same": preview.same, "refused": refusals, "changed": preview.changed, "lines": lines,
        "opens": [start.name.vi for start in preview.starts], "told": dict(preview.told),
    }  # fmt: skip


def text_of(preview: Preview) -> str:
    """The preview for a terminal."""
    lines = [f"KHÔNG ĐƯỢC: {r.reason.vi} {r.hint.vi}".rstrip() for r in preview.refusals]
    for each in preview.workflows:
        lines += [each.name.vi, *(f"  {_line(line)}" for line in each.lines)]
    lines += [f"Mở ngay: {start.name.vi}, {start.steps} bước" for start in preview.starts]
    told = sum(number for _, number in preview.told)
    lines.append(
        f"Bản {preview.number}: {preview.changed} bước thay đổi, {len(preview.refused)} quy trình bị từ chối; "
        f"{len(preview.told)} đơn vị sẽ nhận {told} tin trong thư gom, chưa gửi gì."
    )
    return "\n".join(lines)


WORDS = {
    "added": "thêm", "removed": "bỏ", "restored": "khôi phục", "changed": "sửa", "stays": "giữ", "refused": "TỪ CHỐI",
}  # fmt: skip


def _line(line: Line) -> str:
    from services.amend_preview import FIELD_TEXT

    old = f"{line.old:%d/%m/%Y}" if line.old else "không hạn"
    new = f"{line.new:%d/%m/%Y}" if line.new else "không hạn"
    parts = [
        f"{WORDS[line.kind]:<10} {line.lead:<16} bước {line.number}: {line.title.vi}",
        f"hạn {old} → {new}" if line.moves and line.kind != "added" else f"hạn {new}" if line.kind == "added" else "",
        f"giao cho {line.new_lead}" if line.new_lead else "",
        ", ".join(FIELD_TEXT[name].vi for name in line.what),
        f"{line.why.vi}. {line.hint.vi}".strip(" .") if line.why.vi else "",
        "mở ngay" if line.opens else "",
    ]
    return "; ".join(part for part in parts if part)
