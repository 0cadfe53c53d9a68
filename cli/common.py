"""What every command shares: settings for this process, JSON or text, and errors as sentences with their exit code."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from engine.errors import DondocError, InvalidFields, PackError, Unavailable
from wiring.environment import set_for_this_process
from wiring.owner import refuse_root
from wiring.settings import Settings, load_settings

if TYPE_CHECKING:
    from wiring.context import AppContext

Json = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
Data = Annotated[Path | None, typer.Option("--data", help="Data folder (default: DONDOC_DATA, else data/).")]

CLOSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
"""What the operating system answers where a process may not write or read."""
out, err = Console(highlight=False, soft_wrap=True), Console(stderr=True, highlight=False, soft_wrap=True)


def new_app() -> typer.Typer:
    """The command without any of its parts."""
    return typer.Typer(
        name="dondoc",
        help="Đôn Đốc: theo dõi, đôn đốc thực hiện kế hoạch. Tracks and chases the work of an administrative plan.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )


def settings_for(data: Path | None = None, **overrides: str) -> Settings:
    """The settings of this process; ``overrides`` (setting name → value) come before the environment. Raises `Unavailable` to root where
    the data are another user's."""
    changes = {f"DONDOC_{name.upper()}": value for name, value in overrides.items()}
    if data is not None:
        changes["DONDOC_DATA"] = str(data.absolute())
    set_for_this_process(changes)
    settings = load_settings()
    refuse_root(settings.data, uid=os.geteuid())
    return settings


@contextmanager
def application(data: Path | None = None) -> Iterator[AppContext]:
    """The application on a database whose schema is this program's; closed at the end. Raises Unavailable otherwise."""
    from models.migrate import require_current
    from wiring.context import build_context

    context = build_context(settings_for(data))
    try:
        require_current(context.db)
        yield context
    finally:
        context.db.close()


def show(value: Any, as_json: bool, text: str) -> None:
    """Print ``value`` as JSON, or ``text``."""
    if as_json:
        sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
    else:
        out.print(text, markup=False)


@contextmanager
def explained() -> Iterator[None]:
    """Turn an error of ours into a sentence on standard error and its exit code."""
    try:
        yield
    except PackError as problem:
        for one in problem.problems:
            err.print(f"{one.file}:{one.line}: {one.message.vi} {one.hint.vi}".rstrip(), markup=False)
        raise SystemExit(problem.exit_code) from None
    except InvalidFields as problem:
        for name, text in problem.problems.items():
            err.print(f"{name}: {text.vi} {text.en}", markup=False)
        raise SystemExit(problem.exit_code) from None
    except OSError as problem:
        if problem.errno not in CLOSED:
            raise
        name = problem.filename
        err.print(f"Không ghi hay đọc được {name} ({problem.strerror}). {name} is closed to this process.", markup=False)
        if problem.errno == errno.EROFS:
            err.print("Dưới systemd: ReadWritePaths= trong dondoc.service. Under systemd: name it in ReadWritePaths=.", markup=False)
        raise SystemExit(Unavailable.exit_code) from None
    except DondocError as problem:
        lines = [problem.text.vi, problem.hint.vi, problem.text.en, problem.hint.en]
        err.print("\n".join(line for line in lines if line), markup=False)
        raise SystemExit(problem.exit_code) from None
