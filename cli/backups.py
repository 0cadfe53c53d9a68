"""Backup and restore."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress

from cli.common import Data, Json, application, err, settings_for, show
from engine.instants import use_zone
from wiring.clock import system_now

if TYPE_CHECKING:
    from services.backup import Backup
    from services.restore import Restored


def register(app: typer.Typer) -> None:
    """Add the commands of this file to ``app``."""
    for command in (backup, restore):
        app.command()(command)


def backup(
    file: Annotated[Path | None, typer.Argument(help="File to write (default: a name with the time, in the folder of backups).")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Write database and attachments into one ZIP with checksums, while people go on working.

    Example: dondoc backup /mnt/khac/dondoc.zip
    """
    from services.backup import make_backup, name_of

    with application(data) as context, _bar("Sao lưu") as advance:
        at = system_now()
        target = file.absolute() if file else context.settings.backups / name_of(at)
        made = make_backup(context.db, context.settings.data, target, at=at, on_progress=advance)
    lacks = f" THIẾU {len(made.missing)} tệp minh chứng, xem dondoc doctor." if made.missing else ""
    text = f"{made.file}: {made.entries} mục nhật ký, {made.attachments} tệp, {made.size / 1024**2:.1f} MB.{lacks}"
    show({**_plain(made), "file": str(made.file)}, as_json, text)


def restore(
    file: Annotated[Path, typer.Argument(help="A backup that `dondoc backup` made.")],
    force: Annotated[bool, typer.Option("--force", help="Replace data that are there; they are kept aside, not deleted.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Put a backup back after checking all of it. Stop the application first.

    Example: dondoc restore dondoc-20240715T190000Z.zip --data /srv/dondoc-moi
    """
    from runtime.lock import InstanceLock
    from services.restore import restore as put_back

    settings = settings_for(data)
    use_zone(settings.time_zone)
    with ExitStack() as alone, _bar("Phục hồi") as advance:
        for name, what in (("up.lock", "dondoc up"), ("orchestrator.lock", "dondoc orchestrate")):
            alone.enter_context(InstanceLock(settings.data / name, what))
        found = put_back(file, data=settings.data, url=settings.url, at=system_now(), force=force, on_progress=advance)
    lines = [f"Đã phục hồi bản lúc {found.made_at}: {found.journal.entries} mục nhật ký nguyên vẹn, {found.attachments} tệp."]
    lines += [f"Dữ liệu cũ nằm ở: {found.aside}"] if found.aside else []
    lines += [f"THIẾU {len(found.missing)} tệp minh chứng, bản sao lưu không có."] if found.missing else []
    value = {**_plain(found), "journal": {"streams": found.journal.streams, "entries": found.journal.entries, "faults": []}}
    show(value, as_json, "\n".join(lines))


def _plain(value: Backup | Restored) -> dict[str, object]:
    return {each.name: getattr(value, each.name) for each in fields(value)}


@contextmanager
def _bar(what: str) -> Iterator[Callable[[float], None]]:
    """A progress bar on standard error; give it parts of one."""
    with Progress(console=err, transient=True) as progress:
        bar = progress.add_task(what, total=1.0)
        yield lambda part: progress.update(bar, completed=part)
