"""A workflow in time, drawn twice: names beside the lines where there is room, above them on a phone. The same facts stand in its table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from markupsafe import Markup

from engine.statuses import Timeliness
from services.queries.timeline import Timeline, TimeRow
from web.svg.boxes import Reader
from web.svg.tags import Value, tag, text, wrapped
from web.words import TIME_MARKS, short_day

At = Callable[[date], float]  # where a day stands
WIDE, NARROW = 1100.0, 346.0
NAMES = 300.0  # of the wide drawing, left of the lines
ROW, TALL_ROW, HEAD = 30.0, 46.0, 34.0


def wide(found: Timeline, today: date, reader: Reader, label: str) -> Markup:
    """The drawing for wide screens."""
    return _draw(found, today, reader, label, width=WIDE, left=NAMES, row=ROW)


def narrow(found: Timeline, today: date, reader: Reader, label: str) -> Markup:
    """The drawing for phones."""
    return _draw(found, today, reader, label, width=NARROW, left=4.0, row=TALL_ROW)


def _draw(found: Timeline, today: date, reader: Reader, label: str, *, width: float, left: float, row: float) -> Markup:
    days = (found.last - found.first).days or 1
    right = width - 10

    def x(day: date) -> float:
        return left + (right - left) * (day - found.first).days / days

    height = HEAD + row * len(found.rows) + 6
    drawn: list[Markup] = []
    for month in _months(found.first, found.last):
        drawn += [_line("f-axis", x(month), HEAD - 8, x(month), height), _beside(x(month), 3, 14, f"{month:%m/%Y}", "f-small", width - 50)]
    drawn += [_line("f-today", x(today), HEAD - 8, x(today), height)]
    for nth, each in enumerate(found.rows):
        drawn += _row(each, HEAD + row * nth, row, x, today, reader, name_above=left < NAMES, room=left - 12 if left >= NAMES else width)
    drawn.append(_beside(x(today), 4, 28, reader.say("hôm nay", "today"), "f-todayt", width - 70))
    return tag("svg", {"viewBox": f"0 0 {width:g} {height:g}", "role": "img", "aria-label": label}, *drawn)


def _row(
    row: TimeRow, top: float, height: float, at: At, today: date, reader: Reader, *, name_above: bool, room: float
) -> Iterator[Markup]:
    """The name, the span of its due dates, red from there to today where it is late, the date as it was and is, a dot per submission."""
    middle = top + (height - 12 if name_above else height / 2)
    name = wrapped(f"{row.number}. {row.title.in_(reader.language)}", room, 6.7, 1)[0]
    yield text(4, top + 14 if name_above else middle + 5, name, "f-critical f-over" if row.critical else "f-over")
    yield _line("f-span is-done" if row.done == row.total else "f-span", at(row.first), middle, at(row.last) + 1, middle)
    if row.late and today > row.first:
        yield _line("f-span is-late", at(row.first), middle, at(today), middle)
    if row.moved and row.original:
        yield _line("f-orig", at(row.original), middle - 9, at(row.original), middle + 9)
    yield _line("f-due", at(row.last), middle - 8, at(row.last), middle + 8)
    for day, timeliness in row.handed_in:
        yield _dot(at(day), middle, timeliness)


def _beside(x: float, gap: float, y: float, words: str, kind: str, last: float) -> Markup:
    """Words to the right of a line; to its left where they would be cut off, beyond ``last``."""
    at_end = x > last
    return text(x - gap if at_end else x + gap, y, words, kind, "end" if at_end else None)


def _dot(x: float, y: float, timeliness: Timeliness) -> Markup:
    kind = TIME_MARKS[timeliness][0]
    return tag("circle", {"class": f"f-dot t-{kind}", "cx": x, "cy": y, "r": 4.5})


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    values: dict[str, Value] = {"class": kind, "x1": x1, "y1": y1, "x2": x2, "y2": y2}
    return tag("line", values)


def _months(first: date, last: date) -> Iterator[date]:
    """The first days of the months within, every third one where there are many."""
    day = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    many = (last - first).days > 400
    while day <= last:
        if not many or day.month % 3 == 1:
            yield day
        day = (day + timedelta(days=32)).replace(day=1)


def said(found: Timeline, today: date, reader: Reader) -> str:
    """The drawing in a sentence."""
    late = sum(row.late for row in found.rows)
    return reader.say(
        f"Dòng thời gian {short_day(found.first)} – {found.last:%d/%m/%Y}, hôm nay {short_day(today)}, quá hạn {late} bước",
        f"Timeline {short_day(found.first)} – {found.last:%d/%m/%Y}, today {short_day(today)}, {late} steps overdue",
    )
