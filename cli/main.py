"""Every command of `dondoc`; each parses, calls one service and prints. It is started by `cli.entry`."""

from __future__ import annotations

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
from cli.common import new_app

app = new_app()
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
