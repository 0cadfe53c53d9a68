"""Templates: one environment for the process, typed page values in, HTML out.

A page's template gets ``page`` (its own typed value), ``visit`` (who asks, and when) and ``shell`` (what surrounds every page). Texts are
escaped; ``_`` translates a template's own words, ``text`` shows a two-language `Text`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from engine.definition import Figure, Text
from engine.figures import shown, unit_of
from engine.numbers import written
from engine.standings import STANDING_TEXT
from engine.statuses import STATUS_TEXT, TIMELINESS_TEXT, Timeliness
from services.foresee import letters
from services.queries.step_parts import Correction
from web import words
from web.i18n import LANGUAGES, translate
from web.limits import BESIDE
from web.shell import shell_of
from web.visit import Visit

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class TimeMark:
    """The mark of a timeliness: class suffix, icon, word."""

    kind: str
    icon: str
    word: Text


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates of the product, strict about names that do not exist."""
    env = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # templates change with the program, never under it
    )
    env.filters.update(
        day=words.day,
        short_day=words.short_day,
        instant=words.instant,
        weekday=words.weekday,
        size=words.size,
        text=show_text,
        iso_day=words.iso_day,
        iso_instant=words.iso_instant,
    )
    env.globals.update(
        {
            "_": in_language,
            "unit": unit,
            "static": static_url,
            "time_mark": time_mark,
            "letters": letters,
            "status_text": STATUS_TEXT,
            "status_icon": words.STATUS_ICONS,
            "days_from": words.days_from,
            "languages": LANGUAGES,
            "action_words": words.action_words,
            "rung_text": words.rung_text,
            "rung_day": words.rung_day,
            "pairs": pairs,
            "beside": BESIDE,
            "figure_label": figure_label,
            "figure_shown": shown,
            "number_shown": number_shown,
            "standing_text": STANDING_TEXT,
            "unit_options": unit_options,
            "correction_options": correction_options,
        }
    )
    return env


def render(request: Request, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """The page ``template`` as a response. Give the page's typed value as ``page``."""
    visit: Visit = request.state.visit
    html = environment().get_template(template).render(visit=visit, shell=shell_of(request, visit), **values)
    return HTMLResponse(html, status_code=status)


def visit_in(context: Context) -> Visit:
    """The visit that a template renders for."""
    visit: Visit = context["visit"]
    return visit


@pass_context
def in_language(context: Context, message: str, **values: object) -> str:
    """``_("%(n)s việc", n=3)``: the template's own words in the visitor's language."""
    return translate(visit_in(context).language, message, **values)


@pass_context
def show_text(context: Context, value: Text | str | None) -> str:
    """``{{ step.title|text }}``: a `Text` in the visitor's language."""
    return value.in_(visit_in(context).language) if isinstance(value, Text) else (value or "")


@pass_context
def unit(context: Context, code: str, short: bool = False) -> str:
    """``{{ unit("bu-dop") }}``: the unit's name today, in the visitor's language."""
    visit = visit_in(context)
    return (visit.units.short(code) if short else visit.units.name(code)).in_(visit.language)


@pass_context
def unit_options(context: Context, codes: Sequence[str]) -> list[tuple[str, Text]]:
    """Units for a select, by name."""
    units = visit_in(context).units
    return [(code, units.name(code)) for code in codes]


def correction_options(corrections: Sequence[Correction]) -> list[tuple[str, Text]]:
    """Values of a finished step for a select, each with what it says now."""
    return [
        (c.name, Text(f"{c.title.vi} ({c.value})", f"{c.title.in_('en')} ({c.value})") if c.value else c.title) for c in corrections
    ]  # fmt: skip


def figure_label(figure: Figure) -> Text:
    """A figure's title with what it is counted in: "Kinh phí (đồng)"."""
    unit_, title = unit_of(figure), figure.title
    return Text(f"{title.vi} ({unit_.vi})", f"{title.in_('en')} ({unit_.en})") if unit_.vi else title


def number_shown(value: Decimal | None) -> str:
    """A sum as it is read; a dash for none."""
    return "–" if value is None else written(value)


def pairs(values: Sequence[str]) -> list[tuple[str, str]]:
    """Values that are their own labels."""
    return [(value, value) for value in values]


def time_mark(value: Timeliness | str, today: date | None = None, due: date | None = None) -> TimeMark:
    """How ``value`` is drawn; with a due date, how far away it is: "Quá hạn 3 ngày", "Còn 2 ngày"."""
    value = Timeliness(value)
    kind, icon = words.TIME_MARKS[value]
    if today is not None and due is not None:
        return TimeMark(kind, icon, distance(value, words.days_from(today, due)))
    return TimeMark(kind, icon, TIMELINESS_TEXT[value])


def distance(value: Timeliness, days: int) -> Text:
    """A timeliness with its number of days, where a number says more than the word."""
    if value is Timeliness.OVERDUE and days < 0:
        return Text(f"Quá hạn {-days} ngày", f"{-days} day{'s' * (days < -1)} overdue")
    if value is Timeliness.DUE_SOON and days >= 0:
        return Text(f"Còn {days} ngày", f"{days} day{'s' * (days != 1)} left") if days else Text("Hạn hôm nay", "Due today")
    return TIMELINESS_TEXT[value]


@lru_cache(maxsize=32)
def static_url(name: str) -> str:
    """The address of a static file, with a mark of its content so that browsers may keep it for good."""
    return f"/static/{name}?v={sha256((HERE / 'static' / name).read_bytes()).hexdigest()[:12]}"
