"""The project's own files as these checks read them: parsed once, named relative to the checkout."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
ROOMS = ("engine", "plans", "models", "services", "notifications", "wiring", "tasks", "flows", "runtime", "simulation", "web", "cli")
AROUND = ("benchmarks", "bundling", "tests")
WRITTEN = {".py", ".md", ".yaml", ".yml", ".toml", ".html", ".po", ".css", ".js", ".txt", ".in", ".cfg", ".ini", ".sh", ".mako"}


@dataclass(frozen=True)
class Source:
    """One Python file: its name relative to the checkout, its text, its syntax tree."""

    name: str
    text: str
    tree: ast.Module


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """Every Python file under ``folders`` (rooms by default)."""
    found = sorted(path for folder in folders or ROOMS for path in (CHECKOUT / folder).rglob("*.py"))
    return tuple(read(path) for path in found)


def read(path: Path) -> Source:
    """One file, parsed."""
    text = path.read_text(encoding="utf-8")
    return Source(str(path.relative_to(CHECKOUT)), text, ast.parse(text))


def written_files() -> Iterator[Path]:
    """Every file that a person writes here: code, pages, templates, packs, configuration.

    Of the tests only the code: the packs they read are broken on purpose.
    """
    yield from (CHECKOUT / "tests").rglob("*.py")
    for folder in (*ROOMS, "benchmarks", "bundling", "packaging", "docs"):
        yield from (p for p in (CHECKOUT / folder).rglob("*") if p.is_file() and p.suffix in WRITTEN)
    yield from (p for p in CHECKOUT.iterdir() if p.is_file() and (p.suffix in WRITTEN or p.name == "Makefile"))
    yield from (p for p in (CHECKOUT / ".ci").glob("*") if p.is_file())


def dotted(node: ast.expr) -> str:
    """``a.b.c`` for a chain of names; "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""
