"""`dondoc plan import` (or `publish`): what publishing would bring about, then publishing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.common import Data, Json, application, out, show
from engine.access import SYSTEM
from plans.reader import read_pack
from wiring.calendar import build_calendar

if TYPE_CHECKING:
    from services.publish_preview import PlannedLine, Publishing

HOW = {"immediate": "thư riêng", "digest": "thư gom"}


def publish_pack(
    pack: Annotated[Path, typer.Argument(help="Folder of the plan pack.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would happen.")] = False,
    steps: Annotated[bool, typer.Option("--steps", help="List every step, unit and date.")] = False,
    mails: Annotated[bool, typer.Option("--mails", help="List every mail of the first days.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Publish a plan pack: shows every step, unit and date and every mail that would leave, asks, and opens the cycles that run.

    Example: dondoc plan import plans/222-kh-ubnd --dry-run --steps
    """
    from services.open_cycles import open_cycles
    from services.publish import publish
    from services.publish_preview import publishing_preview
    from wiring.mail import mail_rules

    definition = read_pack(pack, build_calendar)
    with application(data) as context:
        now, calendar = context.now(), context.calendar().with_overrides(definition.calendar)
        hours = mail_rules(context.settings, calendar).hours
        found = publishing_preview(context.db, definition, now=now, calendar=calendar, hours=hours)
        if not as_json:
            out.print(_text(found, steps=steps, mails=mails), markup=False)
        plan_id, opened = None, 0
        if not dry_run:
            if not yes and not typer.confirm("Công bố kế hoạch này?"):
                raise SystemExit(1)
            plan_id = publish(context.db, definition, now=now, actor=SYSTEM)
            opened = len(open_cycles(context.db, now=now, calendar=context.calendar()))
    shown = f"Đã công bố, mở {opened} quy trình." if plan_id else "Chưa công bố, chưa gửi gì."
    show({"plan": plan_id, "opened": opened, **_rows(found, steps=steps, mails=mails)}, as_json, shown)


def _rows(found: Publishing, *, steps: bool, mails: bool) -> dict[str, Any]:
    rows: dict[str, Any] = {
        "workflows": found.workflows, "running": found.running, "steps": len(found.lines), "states": found.states,
        "mails": len(found.mails), "mail_days": found.mail_days, "nobody": found.nobody,
        "letters": [{"on": on, "how": how, "number": number} for on, how, number in found.letters],
    }  # fmt: skip
    if steps:
        rows["lines"] = [
            {"workflow": each.name.vi, "number": each.number, "title": each.title.vi, "unit": each.unit, "on": each.on,
             "estimated": each.estimated, "state": each.state, "opens_on": each.opens_on}
            for each in found.lines
        ]  # fmt: skip
    if mails:
        rows["messages"] = [
            {"on": m.on, "name": m.name, "how": m.how, "what": m.what.vi, "place": m.place, "title": m.title} for m in found.mails
        ]
    return rows


def _text(found: Publishing, *, steps: bool, mails: bool) -> str:
    from services.publish_preview import STATE_TEXT

    plan = found.definition
    lines = [_line(each) for each in found.lines] if steps else []
    if mails:
        lines += [f"{m.on:%d/%m/%Y}  {HOW.get(m.how, m.how):<10} {m.name}: {m.what.vi}, {m.place} {m.title}".rstrip() for m in found.mails]
    lines.append(f"{plan.number}: {found.workflows} quy trình, {len(found.lines)} bước đến {plan.to:%d/%m/%Y}; mở ngay {found.running}.")
    lines += [f"  {number:>5} bước {STATE_TEXT[state].vi}" for state, number in found.states.items() if number]
    people = len({m.account_id for m in found.mails})
    by_what = Counter(m.what.vi for m in found.mails)
    lines.append(f"Thư trong {found.mail_days} ngày tới: {len(found.mails)} tin cho {people} người, {found.nobody} tin không đến ai.")
    lines += [f"  {number:>5} {what}" for what, number in by_what.most_common()]
    lines += [f"  {on:%d/%m/%Y}: {number} {HOW.get(how, how)}" for on, how, number in found.letters]
    return "\n".join(lines)


def _line(each: PlannedLine) -> str:
    from services.publish_preview import STATE_TEXT

    day = f"{each.on:%d/%m/%Y}" if each.on else "không hạn"
    guess = " (dự kiến)" if each.estimated and each.on else ""
    return f"{each.name.vi}, bước {each.number}: {each.title.vi}; {each.unit}; {day}{guess}; {STATE_TEXT[each.state].vi}"
