"""Running the application: everything at once, or one process at a time.

These processes stay, so each imports what it needs where it needs it: the supervisor, for one, has no use for a database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.common import Data, Json, out, settings_for, show
from wiring.clock import system_now
from wiring.dangers import dangers
from wiring.exposure import refuse_exposed
from wiring.settings import Clock, Settings

if TYPE_CHECKING:
    from models.database import Database


def register(app: typer.Typer) -> None:
    """Add the commands of this file to ``app``."""
    for command in (up, init, serve, orchestrate, migrate):
        app.command()(command)


def up(
    data: Data = None,
    port: Annotated[int | None, typer.Option(help="Port of the pages (default: DONDOC_PORT, else 8000).")] = None,
    prefect_port: Annotated[int | None, typer.Option(help="Port of Prefect (default: DONDOC_PREFECT_PORT, else 4200).")] = None,
    demo: Annotated[bool, typer.Option("--demo/--no-demo", help="The demonstration with its simulated clock, or real data.")] = True,
) -> None:
    """Start everything: Prefect's server, the pages, the orchestrator and the mailbox. Ctrl-C stops all of it.

    Example: dondoc up --data /srv/dondoc --no-demo
    """
    from runtime.supervisor import up as run_all

    ports = {name: str(value) for name, value in (("port", port), ("prefect_port", prefect_port)) if value is not None}
    real = {} if demo else {"clock": Clock.SYSTEM.value}
    settings = settings_for(data, **ports, **real)
    refuse_exposed(settings)
    settings.data.mkdir(parents=True, exist_ok=True)
    if not settings.simulated:
        _refuse_demonstration(settings)
    prepare = [["migrate"], *([["demo"]] if settings.simulated else [])]
    environment = {
        "DONDOC_DATA": str(settings.data),
        "DONDOC_PORT": str(settings.port),
        "DONDOC_PREFECT_PORT": str(settings.prefect_port),
        "DONDOC_CLOCK": settings.clock.value,
    }
    if settings.simulated and "access_log" not in settings.model_fields_set:
        environment["DONDOC_ACCESS_LOG"] = "false"  # a demonstration's terminal shows addresses, not requests
    raise SystemExit(run_all(settings, environment=environment, prepare=prepare, welcome=lambda: _welcome(settings)))


def _refuse_demonstration(settings: Settings) -> None:
    """Raise `engine.errors.Unavailable` if the database holds the demonstration; an empty one holds nothing."""
    from models.database import Database
    from models.migrate import current
    from services.clock import require_kind

    db = Database(settings.url)
    try:
        if current(db) is not None:
            require_kind(db, simulated=False)
    finally:
        db.close()


def _welcome(settings: Settings) -> str:
    lines = ["", f"  Đôn Đốc:  {settings.public_url}/", f"  Prefect:  http://127.0.0.1:{settings.prefect_port}/"]
    if settings.simulated:
        lines += [
            f"  Hộp thư:  {settings.public_url}/mailbox",
            "",
            "  Đăng nhập: chọn một tài khoản trình diễn, không cần mật khẩu.",
        ]
    lines += [f"  Lưu ý: {text.vi}" for text in dangers(settings, system_now())]
    return "\n".join([*lines, "  Dừng: Ctrl-C", ""])


def init(
    login: Annotated[str, typer.Option(prompt=True, help="Sign-in name of the first administrator.")],
    name: Annotated[str, typer.Option(prompt=True, help="Name shown to others.")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="Password.")],
    address: Annotated[str, typer.Option(help="Mail address.")] = "",
    data: Data = None,
) -> None:
    """Make an empty installation with its first administrator.

    Example: DONDOC_CLOCK=system dondoc init --data /srv/dondoc --login quantri --name "Quản trị"
    """
    from models.database import Database
    from models.migrate import upgrade
    from services.accounts import create_account

    settings = settings_for(data)
    settings.data.mkdir(parents=True, exist_ok=True)
    _refuse_demonstration(settings)
    db = Database(settings.url)
    upgrade(db)
    _keep_calendar(db, settings)
    create_account(db, login=login, name=name, address=address, roles=("administrator", "agency"), password=password)
    db.close()
    out.print(f"Đã tạo {settings.data} với quản trị viên “{login}”. Tiếp theo: dondoc plan import THU_MUC", markup=False)


def _keep_calendar(db: Database, settings: Settings) -> None:
    """The office keeps its own days from the start: what a library proposes later waits for a person."""
    from services.clock import now_of
    from services.working_days import keep_calendar
    from wiring.calendar import proposed_days

    keep_calendar(db, proposed_days, now=now_of(db, system=system_now(), simulated=settings.simulated))


def serve(data: Data = None) -> None:
    """Run the pages and the API alone (several of these behind a proxy share one PostgreSQL).

    Example: DONDOC_DATABASE_URL=postgresql+psycopg://… dondoc serve
    """
    from web.server import serve as run_web

    run_web(settings_for(data))


def orchestrate(
    data: Data = None,
    embedded: Annotated[bool, typer.Option("--embedded/--workers", help="Run the flows here, or leave them to Prefect workers.")] = True,
) -> None:
    """Run the orchestrator alone: it wakes, repairs and, embedded, runs the flow runs. One per data folder.

    Example: dondoc orchestrate --workers
    """
    from runtime.orchestrator import orchestrate as run_orchestrator
    from wiring.context import build_context

    context = build_context(settings_for(data))
    raise SystemExit(run_orchestrator(context, embedded=embedded))


def migrate(data: Data = None, as_json: Json = False) -> None:
    """Bring the database to this program's schema; safe to run again.

    Example: dondoc migrate --data /srv/dondoc
    """
    from models.database import Database
    from models.migrate import current, upgrade

    settings = settings_for(data)
    settings.data.mkdir(parents=True, exist_ok=True)
    db = Database(settings.url)
    before = current(db)
    upgrade(db)
    _keep_calendar(db, settings)
    after = current(db)
    db.close()
    show({"before": before, "after": after}, as_json, f"Cơ sở dữ liệu: {before or 'trống'} → {after}")
