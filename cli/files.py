"""Files that are destroyed by two persons."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.common import Data, Json, application, show

app = typer.Typer(help="Files that were handed in.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def files_group() -> None:
    """Files that were handed in."""


@app.command("proposals")
def proposals(data: Data = None, as_json: Json = False) -> None:
    """List the proposals to destroy a file, the latest first.

    Example: dondoc file proposals
    """
    from services import purge

    with application(data) as context:
        found = purge.proposals(context.db)
    rows = [{"number": p.id, "sha256": p.sha256, "state": p.state, "by": p.who, "places": len(p.held)} for p in found]
    lines = [f"{p.id}  {p.state}  {p.sha256[:12]}  {p.who}  {len(p.held)} nơi  {p.reason}" for p in found]
    show(rows, as_json, "\n".join(lines) or "Không có đề nghị nào.")


@app.command("confirm")
def confirm(
    number: Annotated[int, typer.Argument(help="Number of the proposal.")],
    by: Annotated[str, typer.Option(help="Sign-in name of who confirms: another one than who proposed it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without this it only says what would go.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Destroy a file that somebody else proposed: its bytes and its name, wherever it is. It does not come back.

    Example: dondoc file confirm 3 --by quan-tri --yes
    """
    from engine.errors import NotFound
    from services import purge
    from services.accounts import everyone

    with application(data) as context:
        found = next((p for p in purge.proposals(context.db) if p.id == number), None)
        person = next((p for p in everyone(context.db) if p.login == by), None)
        if found is None or person is None:
            raise NotFound(by if found else str(number))
        if yes:
            seen = tuple(place.attachment_id for place in found.held)
            actor, folder = person.actor, context.settings.attachments_folder
            purge.decide(context.db, folder, actor, number, confirm=True, seen=seen, now=context.now())
    what = f"{found.sha256[:12]} ở {len(found.held)} nơi"
    text = f"Đã xóa {what}." if yes else f"Sẽ xóa {what}. Không lấy lại được. Để xóa, thêm --yes."
    show({"number": number, "places": len(found.held), "destroyed": yes}, as_json, text)


@app.command("finish")
def finish(data: Data = None, as_json: Json = False) -> None:
    """Destroy the bytes of files whose destruction was confirmed and was interrupted. Safe to run twice.

    Example: dondoc file finish
    """
    from services import purge

    with application(data) as context:
        gone = purge.finish(context.db, context.settings.attachments_folder)
    show({"destroyed": list(gone)}, as_json, f"Đã xóa {len(gone)} tệp.")
