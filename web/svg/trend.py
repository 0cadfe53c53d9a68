"""A year month by month: a column of counts for each month, and the on-time rate as a line. The same facts stand in its table."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from markupsafe import Markup

from services.queries.trend import Month
from web.svg.boxes import Reader
from web.svg.tags import Value, tag, text

WIDTH, HEIGHT = 760.0, 246.0
LEFT, RIGHT, TOP, FOOT = 44.0, 40.0, 26.0, 40.0
COLUMN = 0.46  # of a month's room
KINDS = ("on_time", "late", "within", "overdue")  # from the ground up, so that the number of late ones stands on its own part


def drawn(months: Sequence[Month], reader: Reader, label: str) -> Markup:
    """The drawing for wide screens; on a phone the table stands alone."""
    most = max((month.tally.total for month in months), default=0) or 1
    room = (WIDTH - LEFT - RIGHT) / max(1, len(months))
    parts = [*_axis(most, reader)]
    for nth, month in enumerate(months):
        parts += _column(month, LEFT + room * nth, room, most, reader)
    parts += _rates(months, room)
    return tag("svg", {"viewBox": f"0 0 {WIDTH:g} {HEIGHT:g}", "role": "img", "aria-label": label}, *parts)


def said(months: Sequence[Month], reader: Reader) -> str:
    """The drawing in a sentence."""
    settled = [month for month in months if month.tally.on_time_rate is not None]
    late = sum(month.tally.overdue for month in months)
    if not settled:
        return reader.say("Theo tháng: chưa có bước nào xong hoặc quá hạn", "By month: nothing is done or overdue yet")
    last = settled[-1]
    return reader.say(
        f"Theo tháng: {late} bước quá hạn; {name_of(last, reader)} đúng hạn {rate_of(last.tally.on_time_rate, reader)}",
        f"By month: {late} steps overdue; {name_of(last, reader)}: {rate_of(last.tally.on_time_rate, reader)} on time",
    )


def name_of(month: Month, reader: Reader) -> str:
    """What a month is called."""
    return reader.say(f"tháng {month.number}", f"month {month.number}") if month.number else reader.say("năm trước", "earlier years")


def rate_of(rate: Decimal | None, reader: Reader) -> str:
    """A rate as each language writes it; a dash for none."""
    return "–" if rate is None else reader.say(f"{rate} %".replace(".", ","), f"{rate}%")


def _axis(most: int, reader: Reader) -> list[Markup]:
    ground = HEIGHT - FOOT
    lines = [_line("f-axis", LEFT, y, WIDTH - RIGHT, y) for y in (TOP, (TOP + ground) / 2, ground)]
    counts = [text(LEFT - 6, TOP + 4, str(most), "f-small", "end"), text(LEFT - 6, ground + 4, "0", "f-small", "end")]
    rates = [text(WIDTH - RIGHT + 6, TOP + 4, "100 %", "f-small"), text(WIDTH - RIGHT + 6, ground + 4, "0 %", "f-small")]
    steps, on_time = reader.say("số bước", "steps"), reader.say("đúng hạn", "on time")
    return [*lines, *counts, *rates, text(4, 12, steps, "f-small"), text(WIDTH - 4, 12, on_time, "f-small", "end")]


def _column(month: Month, left: float, room: float, most: int, reader: Reader) -> list[Markup]:
    ground, scale = HEIGHT - FOOT, (HEIGHT - FOOT - TOP) / most
    x, width, top = left + room * (1 - COLUMN) / 2, room * COLUMN, ground
    found = []
    for kind in KINDS:
        number = getattr(month.tally, kind)
        if number:
            top -= number * scale
            found.append(tag("rect", {"class": f"f-bar is-{kind}", "x": x, "y": top, "width": width, "height": number * scale}))
    middle = left + room / 2
    if month.tally.overdue:
        found.append(text(middle, top - 4, str(month.tally.overdue), "t-late", "middle"))
    name = str(month.number) if month.number else reader.say("trước", "before")
    return [*found, text(middle, HEIGHT - FOOT + 18, name, "f-small" if month.future else "", "middle")]


def _rates(months: Sequence[Month], room: float) -> list[Markup]:
    """A dot for each month that has a rate, joined where months with one follow each other."""
    span = HEIGHT - FOOT - TOP
    points: list[tuple[int, float, float]] = []
    for nth, month in enumerate(months):
        rate = month.tally.on_time_rate
        if month.number and rate is not None:
            points.append((nth, LEFT + room * (nth + 0.5), TOP + span * (1 - float(rate) / 100)))
    joined = [_line("f-rate", x1, y1, x2, y2) for (n1, x1, y1), (n2, x2, y2) in pairwise(points) if n2 == n1 + 1]
    return [*joined, *(tag("circle", {"class": "f-ratedot", "cx": x, "cy": y, "r": 3.5}) for _, x, y in points)]


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    values: dict[str, Value] = {"class": kind, "x1": x1, "y1": y1, "x2": x2, "y2": y2}
    return tag("line", values)
