"""Rows of figures, as a table for people and as JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Row:
    """``value`` in ``unit``, held against ``budget`` (at most; None: no budget). ``beside`` says what it was measured with."""

    what: str
    database: str
    value: float
    unit: str
    budget: float | None
    beside: str

    @property
    def within(self) -> bool | None:
        """Whether the budget holds; None without one."""
        return None if self.budget is None else self.value <= self.budget


def as_json(rows: Iterable[Row]) -> str:
    """One object per row."""
    return json.dumps([asdict(row) | {"within": row.within} for row in rows], ensure_ascii=False, indent=2)


def show(rows: Iterable[Row], console: Console) -> None:
    """Print the table."""
    table = Table("what", "database", "figure", "budget", "", "beside", title="benchmarks", title_justify="left")
    for row in rows:
        held = {None: "", True: "[green]holds[/]", False: "[red]over[/]"}[row.within]
        budget = "" if row.budget is None else f"≤ {_number(row.budget)}"
        table.add_row(row.what, row.database, f"{_number(row.value)} {row.unit}", budget, held, row.beside)
    console.print(table)


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"
