"""``python -m benchmarks``: measure beside a floor taken in the same run. docs/benchmarks.md says how to read it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.progress import Progress

from benchmarks.action import action_rows, growth_rows
from benchmarks.databases import Fresh, kinds
from benchmarks.lists import list_rows
from benchmarks.mails import mail_rows
from benchmarks.pages import page_rows
from benchmarks.replaying import HALF_A_YEAR, WHOLE, replay_rows
from benchmarks.report import Row, as_json, show
from benchmarks.sweeping import sweep_rows

DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured. ``steps``: stored steps of the larger database for lists and sweep, 0 for the usual number."""

    quick: bool = False
    steps: int = 0

    @property
    def large(self) -> int:
        """Steps of the larger database."""
        return self.steps or (20_000 if self.quick else 100_000)


def action(fresh: Fresh, extent: Extent) -> Iterator[Row]:
    """CPU, statements, commits and write-ahead log of an action."""
    with fresh() as db:
        yield from action_rows(db, rounds=6 if extent.quick else 30)


def growth(fresh: Fresh, extent: Extent) -> Iterator[Row]:
    """From eleven units to a hundred and fifty."""
    with fresh() as db:
        yield from growth_rows(db, rounds=2 if extent.quick else 6)


def overdue(fresh: Fresh, extent: Extent) -> Iterator[Row]:
    """The overdue list."""
    with fresh() as small, fresh() as large:
        yield from list_rows(small, large, sizes=(10_000, extent.large), rounds=4 if extent.quick else 15)


def pages(fresh: Fresh, extent: Extent) -> Iterator[Row]:
    """The pages that people open all day."""
    with fresh() as small, fresh() as large:
        yield from page_rows(small, large, sizes=(10_000, extent.large), times=20 if extent.quick else 100)


def sweep(fresh: Fresh, extent: Extent) -> Iterator[Row]:
    """The sweep."""
    with fresh() as small, fresh() as large:
        yield from sweep_rows(small, large, sizes=(10_000 if extent.large <= 100_000 else 100_000, extent.large), crossing=1_000)


def mail(fresh: Fresh, extent: Extent) -> Iterator[Row]:
    """A thousand reminders by SMTP."""
    with fresh() as db:
        yield from mail_rows(db, mails=100 if extent.quick else 1_000, rounds=2 if extent.quick else 6)


def replay(fresh: Fresh, extent: Extent) -> Iterator[Row]:
    """The replay of the whole plan; of half a year when quick."""
    with fresh() as db:
        if db.sqlite:
            yield from replay_rows(db, until=HALF_A_YEAR if extent.quick else WHOLE)


SECTIONS: dict[str, Callable[[Fresh, Extent], Iterator[Row]]] = {
    f.__name__: f for f in (action, growth, overdue, pages, sweep, mail, replay)
}


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=SECTIONS, action="append", help="measure this alone (may be given several times)")
    parser.add_argument("--database", choices=DATABASES, action="append", help="on this database alone")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, smaller databases: less steady figures")
    parser.add_argument("--steps", type=int, default=0, help="stored steps of the larger database for lists and sweep, such as 1000000")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    chosen = parser.parse_args()
    rows = measure(tuple(chosen.only or SECTIONS), tuple(chosen.database or DATABASES), extent=Extent(chosen.quick, chosen.steps))
    if chosen.json:
        print(as_json(rows))
    else:
        show(rows, Console())


def measure(sections: tuple[str, ...], databases: tuple[str, ...], *, extent: Extent) -> list[Row]:
    """The rows of the sections on the databases, one after the other, with a progress bar on standard error."""
    rows: list[Row] = []
    with kinds(databases) as found, Progress(console=Console(file=sys.stderr), transient=True) as progress:
        task = progress.add_task("measuring", total=len(sections) * len(found))
        for section in sections:
            for name, fresh in found.items():
                progress.update(task, description=f"{section} on {name}")
                rows += SECTIONS[section](fresh, extent)
                progress.advance(task)
    return rows


if __name__ == "__main__":
    main()
