"""From the shapes of units and of their changes to definitions."""

from __future__ import annotations

from datetime import date

from engine.text import Text
from engine.units import ChangeKind, ChangePart, Share, UnitChange, UnitDefinition, UnitName
from plans import shape


def text(given: shape.TextShape | None, otherwise: Text | None = None) -> Text:
    """The text that ``given`` writes, or ``otherwise``."""
    return Text(given.vi, given.en) if given else otherwise or Text("")


def unit(given: shape.UnitShape, since: date) -> UnitDefinition:
    """A unit; its first name holds from ``since`` where it gives no day."""
    return UnitDefinition(given.code, _names(given, since), given.official_code, given.parent, given.ends_on)


def _names(unit: shape.UnitShape, since: date) -> tuple[UnitName, ...]:
    """A name without its day has been borne at least since the plan began."""
    if unit.name:
        return (UnitName(text(unit.name), text(unit.short, text(unit.name)), since, unit.type),)
    return tuple(UnitName(text(n.name), text(n.short, text(n.name)), n.from_ or since, n.type or unit.type) for n in unit.names)


def unit_change(change: shape.UnitChangeShape) -> UnitChange:
    """A dated change. A new unit bears its name from the day of the change, where it gives no day of its own."""
    parts = tuple(_part(part, change.on) for part in change.parts)
    return UnitChange(change.on, change.document, parts, tuple(unit(new, change.on) for new in change.new_units))


def _part(part: shape.ChangePartShape, on: date) -> ChangePart:
    into = tuple(Share(share.unit, tuple(share.steps)) for share in part.into)
    name = UnitName(text(part.name), text(part.short, text(part.name)), on, part.type) if part.name else None
    if part.rename:
        return ChangePart(ChangeKind.RENAME, (part.rename,), into, name, part.official_code)
    if part.merge:
        return ChangePart(ChangeKind.MERGE, tuple(part.merge), into)
    if part.split:
        return ChangePart(ChangeKind.SPLIT, (part.split,), into)
    return ChangePart(ChangeKind.END, (part.end or "",), into)
