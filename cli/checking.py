"""Proving that what is stored is whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from cli.common import Data, Json, application, err, show
from engine.anchor import Anchor, from_file
from engine.definition import Text
from engine.errors import Invalid
from wiring.dangers import dangers

journal = typer.Typer(help="The journal.", no_args_is_help=True, rich_markup_mode=None)


@journal.callback()
def journal_group() -> None:
    """The journal."""


def register(app: typer.Typer) -> None:
    """Add the commands of this file to ``app``."""
    app.command()(doctor)


@journal.command("verify")
def verify(
    anchor: Annotated[Path | None, typer.Option(help="An anchor kept elsewhere: shows a journal that was written anew.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Check every stream's hash chain and every anchor. Exit code 1 if something was edited, deleted, reordered, inserted or cut off.

    Only an anchor kept outside the database shows that all of it was written anew: give it with --anchor.

    Example: dondoc journal verify --anchor neo-12.json
    """
    from services.verify_journal import verify as verify_journal

    kept = read_anchor(anchor) if anchor else None
    with application(data) as context, Progress(console=err, transient=True) as progress:
        bar = progress.add_task("Đối chiếu nhật ký", total=1.0)
        found = verify_journal(context.db, kept=kept, on_progress=lambda part: progress.update(bar, completed=part))
    faults = [{"stream": s, "fault": f} for s, f in found.faults]
    lines = [f"{found.streams} chuỗi, {found.entries} mục, {found.anchors} neo", *(f"{s}: {f}" for s, f in found.faults)]
    text = "\n".join([*lines, "Nguyên vẹn." if not faults else "KHÔNG nguyên vẹn."])
    show({"streams": found.streams, "entries": found.entries, "anchors": found.anchors, "faults": faults}, as_json, text)
    raise SystemExit(1 if faults else 0)


@journal.command("anchor")
def anchor(
    number: Annotated[int | None, typer.Option("--show", help="Print this anchor again instead of taking a new one.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the anchor into this file, to be kept outside this machine.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Take an anchor of the journal if it has changed since the last one, mail it to the auditors, and print it.

    Example: dondoc journal anchor --out neo.json
    """
    from services.anchors import anchors, one_anchor, take_anchor
    from wiring.mail import site_of

    with application(data) as context:
        if number is None:
            took = take_anchor(context.db, now=context.now(), site=site_of(context.settings))
            found = took or next(reversed(anchors(context.db)), None)
        else:
            took, found = None, one_anchor(context.db, number)
    if found is None:
        show({"new": False, "anchor": None}, as_json, "Nhật ký còn trống: chưa có gì để neo.")
        return
    if out:
        out.write_text(json.dumps(found.as_file(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    show({"new": took is not None, "anchor": found.as_file()}, as_json, printed(found))


def printed(found: Anchor) -> str:
    """An anchor as one prints it and keeps it in a folder."""
    before = found.previous or "(neo đầu tiên)"
    head = [f"Neo nhật ký số {found.number} · {found.body['at']}", f"SHA-256  {found.hash}", f"Trước đó {before}"]
    return "\n".join([*head, *(f"  {stream} · {seq} · {hash_}" for stream, seq, hash_ in found.ends)])


def read_anchor(file: Path) -> Anchor:
    """The anchor in ``file``. Raises `Invalid` for a file that cannot be read or is none."""
    try:
        return from_file(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as problem:
        raise Invalid(Text(f"Không đọc được {file}: {problem}", f"Cannot read {file}: {problem}"), code="anchor-file") from None


def doctor(data: Data = None, as_json: Json = False) -> None:
    """Recompute what is derived, check every invariant, the journal and every stored file. Exit code 1 if something is wrong.

    Settings that should not stay as they are in an office are told beside it.

    Example: dondoc doctor
    """
    from services.invariants import violations
    from services.stored_files import faults_of_files
    from services.verify_journal import verify as verify_journal

    with application(data) as context, Progress(console=err, transient=True) as progress:
        found = [str(v) for v in violations(context.db, now=context.now(), calendar=context.calendar())]
        found += [f"{s}: {f}" for s, f in verify_journal(context.db).faults]
        bar = progress.add_task("Đối chiếu tệp minh chứng", total=1.0)
        folder = context.settings.attachments_folder
        found += faults_of_files(context.db, folder, lambda part: progress.update(bar, completed=part))
        warnings = dangers(context.settings, context.now().system)
    lines = [*(found or ["Không có vấn đề."]), *(f"Lưu ý: {text.vi}" for text in warnings)]
    show({"problems": found, "warnings": [text.in_("en") for text in warnings]}, as_json, "\n".join(lines))
    raise SystemExit(1 if found else 0)
