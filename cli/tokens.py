"""API tokens at the command line: for any account, by whoever may use the machine. The same tokens as on the page of preferences."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from cli.common import Data, Json, application, show
from engine.access import SYSTEM
from engine.scopes import Scope

app = typer.Typer(help="API tokens: programs that act as an account.", no_args_is_help=True, rich_markup_mode=None)


@app.command("make")
def make(
    login: Annotated[str, typer.Argument(help="Sign-in name of the account.")],
    name: Annotated[str, typer.Option(help="Name to know it by.")],
    scope: Annotated[list[str] | None, typer.Option(help="read, act or admin. May be given again; read unless given.")] = None,
    days: Annotated[int | None, typer.Option(help="Days for which it is good; 90 unless given, at most DONDOC_TOKEN_DAYS.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make a token for an account and show it, this once.

    Example: dondoc token make loc-ninh --name "Trục liên thông" --scope read --scope act --days 30
    """
    from services import api_tokens
    from services.accounts import id_of

    with application(data) as context:
        longest = context.settings.token_days
        good = min(api_tokens.USUAL_DAYS, longest) if days is None else days
        account_id, scopes = id_of(context.db, login), scope or [Scope.READ.value]
        made = api_tokens.make(
            context.db, account_id, actor=SYSTEM, name=name, scopes=scopes, days=good, longest=longest, now=context.now()
        )  # fmt: skip
    value = {"id": made.id, "name": made.name, "scopes": made.scopes, "expires_at": made.expires_at.isoformat(), "token": made.secret}
    show(value, as_json, f"Đã tạo mã {made.id} ({made.name}), hết hạn {made.expires_at:%d/%m/%Y}. Chỉ hiện lần này:\n{made.secret}")


@app.command("list")
def list_tokens(
    login: Annotated[str, typer.Option(help="Only of the account with this sign-in name.")] = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List the tokens that nobody revoked, with the day of their last use. None is shown itself: only hashes are kept.

    Example: dondoc token list --login loc-ninh --json
    """
    from services import api_tokens
    from services.accounts import id_of

    with application(data) as context:
        now = context.now()
        found = api_tokens.tokens_of(context.db, id_of(context.db, login), now) if login else api_tokens.tokens_of_everyone(context.db, now)
    rows: list[dict[str, Any]] = [
        {
            "id": t.id, "login": t.login, "name": t.name, "scopes": t.scopes, "expires_at": t.expires_at.isoformat(),
            "seen_on": t.seen_on and t.seen_on.isoformat(), "expired": t.expired,
        }
        for t in found
    ]  # fmt: skip
    text = "\n".join(
        f"{t.id:>3}  {t.login:<24} {t.name}  [{', '.join(t.scopes)}]  "
        + ("đã hết hạn" if t.expired else f"đến {t.expires_at:%d/%m/%Y}")
        + (f", dùng {t.seen_on:%d/%m/%Y}" if t.seen_on else ", chưa dùng")
        for t in found
    )
    show(rows, as_json, text or "Chưa có mã truy cập.")


@app.command("revoke")
def revoke(
    number: Annotated[int, typer.Argument(help="The token's number, as `dondoc token list` shows it.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Revoke a token: it is worth nothing from now on.

    Example: dondoc token revoke 3
    """
    from services import api_tokens

    with application(data) as context:
        line = api_tokens.revoke(context.db, number, actor=SYSTEM, now=context.now())
    show({"revoked": line.id, "login": line.login}, as_json, f"Đã thu hồi mã {line.id} ({line.name}) của {line.login}.")


@app.command("check")
def check(data: Data = None, as_json: Json = False) -> None:
    """Say as whom the token on standard input acts, and what for. Ends with 1 for one that is worth nothing.

    Example: dondoc token check < token.txt
    """
    from services import api_tokens

    with application(data) as context:
        found = api_tokens.bearer_of(context.db, sys.stdin.read(1000).strip(), context.now())
    if found is None:
        show({"ok": False}, as_json, "Mã không đúng hoặc không còn hiệu lực.")
        raise typer.Exit(1)
    scopes = sorted(found.scopes)
    show({"ok": True, "login": found.person.login, "scopes": scopes}, as_json, f"{found.person.login}: {', '.join(scopes)}")
