"""Proving that what is stored is whole."""

from __future__ import annotations

import typer

from cli.common import Data, Json, application, show
from services.verify_journal import verify as verify_journal

journal = typer.Typer(help="The journal.", no_args_is_help=True, rich_markup_mode=None)


@journal.callback()
def journal_group() -> None:
    """The journal."""


def register(app: typer.Typer) -> None:
    """Add the commands of this file to ``app``."""
    app.command()(doctor)


@journal.command("verify")
def verify(data: Data = None, as_json: Json = False) -> None:
    """Check every stream's hash chain. Exit code 1 if something was edited, deleted, reordered, inserted or cut off.

    Example: dondoc journal verify
    """
    with application(data) as context:
        found = verify_journal(context.db)
    faults = [{"stream": s, "fault": f} for s, f in found.faults]
    lines = [f"{found.streams} chuỗi, {found.entries} mục", *(f"{s}: {f}" for s, f in found.faults)]
    text = "\n".join([*lines, "Nguyên vẹn." if not faults else "KHÔNG nguyên vẹn."])
    show({"streams": found.streams, "entries": found.entries, "faults": faults}, as_json, text)
    raise SystemExit(1 if faults else 0)


def doctor(data: Data = None, as_json: Json = False) -> None:
    """Recompute what is derived, check every invariant and the journal. Exit code 1 if something is wrong.

    Example: dondoc doctor
    """
    from services.invariants import violations

    with application(data) as context:
        found = [str(v) for v in violations(context.db, now=context.now(), calendar=context.calendar())]
        found += [f"{s}: {f}" for s, f in verify_journal(context.db).faults]
    show({"problems": found}, as_json, "\n".join(found) or "Không có vấn đề.")
    raise SystemExit(1 if found else 0)
