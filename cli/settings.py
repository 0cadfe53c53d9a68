"""What the installation is set to."""

from __future__ import annotations

import typer

from cli.common import Data, Json, settings_for, show


def register(app: typer.Typer) -> None:
    """Add the commands of this file to ``app``."""
    app.command("settings")(print_settings)


def print_settings(data: Data = None, as_json: Json = False) -> None:
    """Print every setting with its value; secrets stay hidden.

    Example: dondoc settings --json
    """
    settings = settings_for(data)
    values = {f"DONDOC_{name.upper()}": str(getattr(settings, name)) for name in type(settings).model_fields}
    show(values, as_json, "\n".join(f"{name}={value}" for name, value in values.items()))
