"""The page of commands is made from the commands."""

import typer

from cli.reference import page


def small_program() -> typer.Typer:
    app, plan = typer.Typer(), typer.Typer()
    app.add_typer(plan, name="plan")

    @plan.command()
    def check(
        folder: str = typer.Argument(help="Folder of the pack."), json: bool = typer.Option(False, "--json", help="As JSON.")
    ) -> None:
        """Every problem of a pack at once."""

    @app.command()
    def up(
        port: int = typer.Option(8000, help="Port of the pages."), demo: bool = typer.Option(True, help="With the demonstration.")
    ) -> None:
        """Start everything."""

    @app.command(hidden=True)
    def child() -> None:
        """What `up` starts."""

    return app


def test_every_command_stands_with_what_it_takes():
    text = page(small_program())
    assert "## `dondoc plan check FOLDER`\n\nEvery problem of a pack at once.\n" in text
    assert "| `FOLDER` | Folder of the pack. |  |" in text
    assert "| `--json` | As JSON. |  |" in text
    assert "| `--port` | Port of the pages. | `8000` |" in text
    assert "| `--demo`, `--no-demo` | With the demonstration. | `True` |" in text


def test_what_is_hidden_or_not_ours_stays_out():
    text = page(small_program())
    assert "child" not in text
    assert "completion" not in text
