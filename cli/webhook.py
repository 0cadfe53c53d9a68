"""Webhooks: other programs told of what happens."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.common import Data, Json, application, show
from engine.access import SYSTEM
from notifications.webhook_kinds import EVENT_GROUPS, EVENTS

app = typer.Typer(help="Webhooks: other programs told of what happens.", no_args_is_help=True, rich_markup_mode=None)
Event = Annotated[list[str] | None, typer.Option("--event", help="Kind of event, such as step.overdue. May be given again.")]
Group = Annotated[list[str] | None, typer.Option("--group", help="Group of events, such as deadlines. May be given again.")]
Every = Annotated[bool, typer.Option("--all", help="Every kind of event.")]
Number = Annotated[int, typer.Argument(help="The webhook's number, as `dondoc webhook list` shows it.")]


@app.callback()
def webhook() -> None:
    """Webhooks: other programs told of what happens."""


@app.command("add")
def add(
    url: Annotated[str, typer.Argument(help="Address that takes the events, https://…")],
    name: Annotated[str, typer.Option(help="Name to know it by.")],
    event: Event = None,
    group: Group = None,
    every: Every = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Add a webhook and show its secret, this once. `dondoc webhook events` lists what it can hear of.

    Example: dondoc webhook add https://example.vn/don-doc --name "Trục liên thông" --group deadlines --event step.approved
    """
    from services import webhooks
    from wiring.webhooks import webhook_way

    kinds, groups = _chosen(event, group, every)
    with application(data) as context:
        way = webhook_way(context.settings)
        made = webhooks.add(
            context.db, name=name, url=url, kinds=kinds, groups=groups, actor=SYSTEM, now=context.now(), web=way.web, master=way.master
        )  # fmt: skip
    show(
        {"id": made.id, "name": made.name, "secret": made.secret},
        as_json,
        f"Đã thêm webhook {made.id} ({made.name}). Mã bí mật, chỉ hiện lần này:\n{made.secret}",
    )


@app.command("list")
def list_webhooks(data: Data = None, as_json: Json = False) -> None:
    """List the webhooks with what they hear of and how it goes.

    Example: dondoc webhook list --json
    """
    from services import webhooks

    with application(data) as context:
        found = webhooks.webhooks(context.db)
    rows = [
        {
            "id": w.id,
            "name": w.name,
            "url": w.url,
            "events": w.kinds,
            "counts": w.counts,
            "trouble": w.trouble,
            "rests_until": w.rests_until,
        }
        for w in found
    ]
    text = "\n".join(
        f"{w.id:>3}  {w.name:<28} {w.url}  {len(w.kinds)} loại; đã gửi {w.counts['sent']}, chờ {w.counts['pending']}"
        + (f"; trục trặc: {w.trouble}" if w.trouble else "")
        for w in found
    )
    show(rows, as_json, text or "Chưa có webhook.")


@app.command("choose")
def choose(
    number: Number, event: Event = None, group: Group = None, every: Every = False, data: Data = None, as_json: Json = False
) -> None:  # fmt: skip
    """Change what a webhook hears of: from now on what is named here, and nothing else. Its address and secret stay.

    Example: dondoc webhook choose 1 --group deadlines --event step.approved
    """
    from services import webhooks

    kinds, groups = _chosen(event, group, every)
    with application(data) as context:
        source = context.settings.public_url
        webhooks.choose(context.db, number, kinds=kinds, groups=groups, actor=SYSTEM, now=context.now(), source=source)
        (hook,) = (each for each in webhooks.webhooks(context.db) if each.id == number)
    show({"id": number, "events": hook.kinds}, as_json, f"Webhook {number} ({hook.name}) được báo {len(hook.kinds)} loại sự kiện.")


@app.command("events")
def events(as_json: Json = False) -> None:
    """List the kinds of events that a webhook can hear of, in their groups.

    Example: dondoc webhook events
    """
    rows = [{"group": g.code, "kind": kind, "vi": text.vi, "en": text.en} for g in EVENT_GROUPS for kind, text in g.events.items()]
    lines = [line for g in EVENT_GROUPS for line in ("", f"{g.code}: {g.title.vi} ({g.title.en}). {g.about.vi}", *map(_event, g.events))]
    show(rows, as_json, "\n".join(lines[1:]))


@app.command("test")
def try_it(number: Number, data: Data = None, as_json: Json = False) -> None:
    """Send one event of the kind dondoc.trial now and say what came of it. Ends with 1 if it was not taken.

    Example: dondoc webhook test 1
    """
    from notifications.channels.transport import Result
    from services import webhooks
    from wiring.webhooks import webhook_way

    with application(data) as context:
        way = webhook_way(context.settings)
        found = webhooks.try_it(context.db, number, now=context.now(), web=way.web, master=way.master, source=way.source)
    taken = found.result is Result.SENT
    text = f"Đã nhận ({found.code})." if taken else f"Không gửi được: {found.detail}"
    show({"ok": taken, "result": found.result.value, "code": found.code, "detail": found.detail}, as_json, text)
    if not taken:
        raise typer.Exit(1)


@app.command("remove")
def remove(number: Number, data: Data = None, as_json: Json = False) -> None:
    """Remove a webhook: it hears nothing any more, and its secret is worth nothing.

    Example: dondoc webhook remove 1
    """
    from services import webhooks

    with application(data) as context:
        webhooks.remove(context.db, number, actor=SYSTEM, now=context.now())
    show({"removed": number}, as_json, f"Đã gỡ webhook {number}.")


def _chosen(event: list[str] | None, group: list[str] | None, every: bool) -> tuple[list[str], list[str]]:
    """Kinds and groups as the options name them."""
    return event or [], [g.code for g in EVENT_GROUPS] if every else group or []


def _event(kind: str) -> str:
    text = EVENTS[kind]
    return f"  {kind:<28} {text.vi} ({text.en})"
