"""Mail: does the way out work."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.common import Data, Json, application, show

app = typer.Typer(help="Mail.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def mail() -> None:
    """Mail."""


@app.command("test")
def try_it(
    to: Annotated[str, typer.Option(help="Send one mail to this address; without it only connect and sign in.")] = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Try the mail server of the settings and say what is wrong: name, connection, certificate, password, refusal. Ends with 1 if so.

    Example: dondoc mail test --to somebody@example.vn
    """
    from notifications.channels.envelope import Recipient
    from services.mail_trial import try_mail
    from wiring.mail import site_of, transport_of

    with application(data) as context:
        settings = context.settings
        reader = Recipient(to, to, settings.language.value) if to else None
        secret = settings.smtp_password.get_secret_value()
        trial = try_mail(
            transport_of(settings, simulated=context.simulated), reader, now=context.now(), site=site_of(settings), secret=secret
        )
    text = "\n".join(line for line in (trial.said.vi, trial.said.en, trial.detail) if line)
    show({"ok": trial.ok, "code": trial.code, "answer": trial.said.en, "detail": trial.detail}, as_json, text)
    if not trial.ok:
        raise typer.Exit(1)
