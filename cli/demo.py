"""The demonstration and the simulation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.common import Data, Json, err, out, settings_for, show
from wiring.calendar import build_calendar
from wiring.settings import CHECKOUT

PACK = CHECKOUT / "plans" / "222-kh-ubnd"


def register(app: typer.Typer) -> None:
    """Add the commands of this file to ``app``."""
    for command in (demo, simulate):
        app.command()(command)


def demo(data: Data = None, seed: Annotated[int, typer.Option(help="Seed of the replay.")] = 222) -> None:
    """Fill an empty data folder with the demonstration: Plan 222 replayed to a day in July 2024. What is there is left alone.

    Example: dondoc demo --data /tmp/trinh-dien
    """
    from rich.progress import Progress

    from plans.reader import read_pack
    from simulation.demo import prepare

    settings = settings_for(data)
    with Progress(console=err, transient=True) as progress:
        bar = progress.add_task("Diễn lại Kế hoạch 222/KH-UBND đến tháng 7/2024", total=1.0)
        definition = read_pack(PACK, build_calendar)
        made = prepare(settings.url, definition, seed=seed, on_progress=lambda part: progress.update(bar, completed=part))
    out.print("Đã dựng dữ liệu trình diễn." if made else "Dữ liệu trình diễn đã có.", markup=False)


def simulate(
    seeds: Annotated[int, typer.Option(help="How many seeds to run.")] = 20,
    seed: Annotated[int | None, typer.Option(help="Run this one seed only, to look at a failure.")] = None,
    pack: Annotated[Path | None, typer.Option(help="Folder of the plan pack (default: Plan 222).")] = None,
    as_json: Json = False,
) -> None:
    """Run the whole plan with seeded units, without Prefect, and check every invariant after each day. Exit code 1 on a failure.

    Example: dondoc simulate --seeds 200
    """
    from simulation.runner import run

    result = run(pack or PACK, seeds=[seed] if seed is not None else list(range(1, seeds + 1)), console=err)
    show(result.as_json(), as_json, result.summary())
    raise SystemExit(0 if result.ok else 1)
