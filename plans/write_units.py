"""Units, groups and changes of units as the keys of a pack."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.definition import GroupDefinition
from engine.text import Text
from engine.units import ChangePart, Share, UnitChange, UnitDefinition, UnitName


def some(values: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` without those that say nothing."""
    return {key: value for key, value in values.items() if value not in (None, "", [], ()) and value is not False}


def text(given: Text) -> str | dict[str, str]:
    """A text as short as can be."""
    return {"vi": given.vi, "en": given.en} if given.en else given.vi


def day(given: date) -> str:
    """A day as officials write it."""
    return f"{given:%d/%m/%Y}"


def unit(given: UnitDefinition, since: date) -> dict[str, Any]:
    """A unit; a single name from ``since`` on goes without its day."""
    names = given.names
    own = _name(names[0]) if len(names) == 1 and names[0].from_ == since else {"names": [{"from": day(n.from_), **_name(n)} for n in names]}
    ends = day(given.ends_on) if given.ends_on else ""
    return some({"code": given.code, "official_code": given.official_code, "parent": given.parent, **own, "ends_on": ends})


def group(given: GroupDefinition) -> dict[str, Any]:
    """A group with every unit written out."""
    return {"code": given.code, "title": text(given.title), "units": list(given.units)}


def unit_change(change: UnitChange) -> dict[str, Any]:
    """A dated change of units."""
    new = [unit(u, change.on) for u in change.new_units]
    parts = [_part(part) for part in change.parts]
    return some({"on": day(change.on), "document": change.document, "new_units": new, "parts": parts})


def _name(name: UnitName) -> dict[str, Any]:
    return some({"name": text(name.name), "short": "" if name.short == name.name else text(name.short), "type": name.type})


def _part(part: ChangePart) -> dict[str, Any]:
    """A part; a merger names all its units, the others the one."""
    units = list(part.units) if part.kind.value == "merge" else part.units[0]
    name = _name(part.name) if part.name else {}
    return some({part.kind.value: units, "into": [_share(s) for s in part.into], **name, "official_code": part.official_code})


def _share(share: Share) -> str | dict[str, Any]:
    return {"unit": share.unit, "steps": list(share.steps)} if share.steps else share.unit
