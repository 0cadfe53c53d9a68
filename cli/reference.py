"""The page docs/cli.md, generated from the command line itself so that it cannot lie: ``python -m cli.reference``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import typer
from typer.main import get_command

HEAD = """# The command `dondoc`

`make setup` puts it at `.venv/bin/dondoc`. This page is generated: change `cli/`, then run `make docs`.
"""


def page(app: typer.Typer) -> str:
    """Every command of ``app`` with its arguments and options, as Markdown."""
    return HEAD + "".join(section(path, command) for path, command in commands("dondoc", get_command(app)))


def commands(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    """Every command below ``command`` that is not hidden, with the words that call it, in the program's order."""
    below = getattr(command, "commands", None)
    if below is None:
        yield path, command
        return
    for name, child in below.items():
        if not child.hidden:
            yield from commands(f"{path} {name}", child)


def section(path: str, command: Any) -> str:
    """One command: its call, what it does, and a table of what it takes."""
    parameters = [p for p in command.params if not p.hidden and "completion" not in p.name]
    names = "".join(f" {p.name.upper()}" if p.required else f" [{p.name.upper()}]" for p in parameters if not p.opts[0].startswith("-"))
    table = "".join(f"| {spelling(p)} | {p.help or ''} | {default(p)} |\n" for p in parameters)
    head = "\n| Takes | Meaning | Default |\n|---|---|---|\n" if table else ""
    return f"\n## `{path}{names}`\n\n{(command.help or '').strip()}\n{head}{table}"


def spelling(parameter: Any) -> str:
    """How it is written: ``--port``, ``--demo`` or ``--no-demo``, or the name of an argument."""
    if not parameter.opts[0].startswith("-"):
        return f"`{parameter.name.upper()}`"
    return ", ".join(f"`{option}`" for option in (*parameter.opts, *parameter.secondary_opts))


def default(parameter: Any) -> str:
    """The default as one would write it; empty for none and for flags that are off."""
    value = parameter.default
    return "" if value is None or value is False or value == "" or callable(value) else f"`{getattr(value, 'value', value)}`"


if __name__ == "__main__":
    sys.stdout.write(page(import_module("cli.main").app))
