"""The box of a step: number and date, title, who, a mark per unit, and how it stands in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from engine.definition import Text
from services.queries.marks import MARK_TEXT, Mark, Slot
from services.queries.process import ProcessStep
from services.queries.units import UnitNames
from web.svg.tags import group, icon, tag, text, wrapped
from web.words import short_day

PADDING = 13.0
LETTER = 8.3  # mean width of a letter of the title
SMALL = 6.1
MOST_CELLS = 24  # more units than this are drawn as one bar
ICONS = {
    Mark.DONE: "done", Mark.DONE_LATE: "donelate", Mark.LATE: "late", Mark.SUBMITTED: "sub", Mark.SOON: "soon", Mark.WITHIN: "within",
    Mark.CHOSEN: "cal", Mark.WAITING: "wait", Mark.VOID: "na",
}  # fmt: skip
COLOURS = {
    Mark.DONE: "done", Mark.DONE_LATE: "donelate", Mark.LATE: "late", Mark.SUBMITTED: "plain", Mark.SOON: "soon", Mark.WITHIN: "within",
    Mark.CHOSEN: "within", Mark.WAITING: "within", Mark.VOID: "none",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a drawing is made: in which language, with which names of units."""

    language: str
    names: UnitNames

    def unit(self, code: str, *, short: bool = True) -> str:
        """The name of a unit."""
        return (self.names.short(code) if short else self.names.name(code)).in_(self.language)

    def say(self, vi: str, en: str) -> str:
        """The one of the two that the reader reads."""
        return Text(vi, en).in_(self.language)


def height_of(lines_of_title: int, *, strip: bool) -> float:
    """How high boxes are whose longest title has that many lines, with or without room for a strip of units."""
    return (120.0 if strip else 92.0) + 19.0 * lines_of_title


def title_lines(step: ProcessStep, width: float, language: str) -> list[str]:
    """The title as it fits into a box of ``width``."""
    return wrapped(step.title.in_(language), width - 2 * PADDING, LETTER, 3)


def box(step: ProcessStep, x: float, y: float, width: float, height: float, reader: Reader) -> Markup:
    """The whole box, as a link to the step, or to its rows in the page's table where it fans out."""
    lines = title_lines(step, width, reader.language)
    drawn = [
        tag("rect", {"class": box_class(step), "x": x, "y": y, "width": width, "height": height, "rx": 8}),
        text(x + PADDING, y + 22, reader.say(f"Bước {step.number}", f"Step {step.number}"), "f-small"),
        text(x + width - PADDING, y + 22, when(step), "f-small", "end"),
        *(text(x + PADDING, y + 44 + 19 * n, line, "f-title") for n, line in enumerate(lines)),
        text(x + PADDING, y + 44 + 19 * len(lines), wrapped(who(step, reader), width - 2 * PADDING, SMALL, 1)[0], "f-small"),
    ]
    room = width - 2 * PADDING - 20
    says = [wrapped(line, room, SMALL, 1)[0] for line in wrapped(step.says.in_(reader.language), room, SMALL, 2, " · ")]
    foot, colour = y + height - 14 - 16.0 * (len(says) - 1), COLOURS[step.mark]
    if step.group:
        drawn.append(strip(step.slots, x + PADDING, foot - (42 if len(says) == 1 else 36), width - 2 * PADDING, reader))
    drawn.append(icon(ICONS[step.mark], x + PADDING, foot - 11.5, 14, f"time--{colour}"))
    drawn += [text(x + PADDING + 20, foot + 16 * n, line, f"t-{colour}") for n, line in enumerate(says)]
    return tag("a", {"href": href(step), "aria-label": label(step, reader)}, *drawn)


def box_class(step: ProcessStep) -> str:
    """The look of the frame: late, live, or not open yet."""
    if step.mark is Mark.LATE:
        return "f-box is-late"
    if not step.opened:
        return "f-box is-wait"
    return "f-box" if step.mark in (Mark.DONE, Mark.DONE_LATE, Mark.VOID) else "f-box is-live"


def href(step: ProcessStep) -> str:
    """Where the box leads."""
    return f"#step-{step.number}" if step.group else f"/steps/{step.slots[0].step.id}"


def label(step: ProcessStep, reader: Reader) -> str:
    """The box in one sentence, for who hears the page."""
    due = when(step)
    parts = [reader.say(f"Bước {step.number}", f"Step {step.number}") + f": {step.title.in_(reader.language)}", who(step, reader)]
    parts += [reader.say(f"hạn {due}", f"due {due}")] if due else []
    return ", ".join(parts) + f": {step.says.in_(reader.language)}"


def when(step: ProcessStep) -> str:
    """The date and the rule it follows: "05/07 · T-45"."""
    day = "–".join(map(short_day, step.window)) if step.window else _short(step.day)
    return " · ".join(part for part in (day, step.rule) if part)


def who(step: ProcessStep, reader: Reader) -> str:
    """The lead unit, or the group."""
    if step.group:
        return step.group.in_(reader.language)
    return reader.unit(step.slots[0].step.lead, short=False)


def strip(slots: tuple[Slot, ...], x: float, y: float, width: float, reader: Reader) -> Markup:
    """One cell a unit, always in the group's order; a bar in proportion where there are too many for cells."""
    if len(slots) > MOST_CELLS:
        return _bar(slots, x, y, width, reader)
    side = min(18.4, (width - 2 * (len(slots) - 1)) / max(1, len(slots)))
    return group(_cell(slot, x + n * (side + 2), y + (18.4 - side) / 2, side, reader) for n, slot in enumerate(slots))


def _cell(slot: Slot, x: float, y: float, side: float, reader: Reader) -> Markup:
    told = f"{reader.unit(slot.step.slot or slot.step.lead)}: {MARK_TEXT[slot.mark].in_(reader.language)}"
    drawn = [
        tag("title", {}, told),
        tag("rect", {"class": f"f-cell k-{slot.mark}", "x": x, "y": y, "width": side, "height": side, "rx": 2}),
    ]
    if slot.mark is not Mark.WAITING:
        size = side * 0.7
        drawn.append(icon(ICONS[slot.mark], x + (side - size) / 2, y + (side - size) / 2, size))
    return group(drawn, f"k-{slot.mark}")


def _bar(slots: tuple[Slot, ...], x: float, y: float, width: float, reader: Reader) -> Markup:
    drawn: list[Markup] = []
    for mark in Mark:
        number = sum(slot.mark is mark for slot in slots)
        if number:
            share = width * number / len(slots)
            told = tag("title", {}, f"{number} {MARK_TEXT[mark].in_(reader.language)}")
            rect = tag("rect", {"class": f"f-cell k-{mark}", "x": x, "y": y + 3, "width": share, "height": 12})
            drawn.append(group((told, rect), f"k-{mark}"))
            x += share
    return group(drawn)


def _short(day: date | None) -> str:
    return short_day(day)
