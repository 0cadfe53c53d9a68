"""The command `dondoc`: every command parses, calls one service and prints."""

from __future__ import annotations

import typer

from cli import (
    accounts,
    assigning,
    backups,
    calendar,
    checking,
    closing,
    demo,
    duties,
    files,
    foreseeing,
    mail,
    plans,
    running,
    settings,
    tokens,
    unit_changes,
    webhook,
)
from cli.common import explained

app = typer.Typer(
    name="dondoc",
    help="Đôn Đốc: theo dõi, đôn đốc thực hiện kế hoạch. Tracks and chases the work of an administrative plan.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for group in (running, duties, assigning, closing, foreseeing, demo, checking, settings, backups):
    group.register(app)
app.add_typer(plans.app, name="plan")
unit_changes.register(accounts.units)
app.add_typer(accounts.units, name="unit")
app.add_typer(accounts.app, name="account")
app.add_typer(tokens.app, name="token")
app.add_typer(calendar.app, name="calendar")
app.add_typer(mail.app, name="mail")
app.add_typer(webhook.app, name="webhook")
app.add_typer(checking.journal, name="journal")
app.add_typer(files.app, name="file")


def main() -> None:
    """Run the command; errors of ours become sentences and exit codes."""
    with explained():
        app()


if __name__ == "__main__":
    main()
