"""The command `dondoc`: what was asked for, and errors of ours as sentences and exit codes.

Processes that stay carry only what they need: for these the other commands are not even read.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wiring.environment import set_if_missing

if TYPE_CHECKING:
    import typer

LASTING = frozenset({"up", "serve", "orchestrate"})


def app_for(arguments: Sequence[str]) -> typer.Typer:
    """The whole command, or as much of it as a process that stays has use for."""
    if arguments and arguments[0] in LASTING:
        from cli import running
        from cli.common import new_app

        app = new_app()
        running.register(app)
    else:
        from cli.main import app
    return app


def main() -> None:
    """Run the command."""
    set_if_missing({"TYPER_USE_RICH": "false"})  # our help is plain, and the library would load a highlighter of code besides
    app = app_for(sys.argv[1:])
    from cli.common import explained

    with explained():
        app()


if __name__ == "__main__":
    main()
