"""A change of units as somebody types it into a form: one part at a time. Everything wrong with the typing is said at once, by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from engine import payload as given
from engine.definition import Text
from engine.errors import Invalid, InvalidFields
from engine.units import ChangeKind, ChangePart, Share, UnitChange, UnitDefinition, UnitName
from engine.vietnamese import slug

FIELDS = ("kind", "units", "into", "new_name", "new_short", "new_type", "new_official_code", "name", "short", "type", "on", "document")
LONGEST = 300


def change_of(form: Mapping[str, str], units: Sequence[str], into: Sequence[str], exceptions: Mapping[int, str]) -> UnitChange:
    """The change that was typed. Raises `InvalidFields` with every problem of the typing; what the rules say of it comes later.

    ``into``: existing successors, the default one first; a ``new_name`` makes a new one that comes before them. ``exceptions``: who takes a
    step on, by its id, where that is not the default one.
    """
    problems: dict[str, Text] = {}
    kind = _kind(form, problems)
    on, document = _day(form, problems), _line(form, "document", problems, "Nêu văn bản quyết định.", "Name the document.")
    if not units:
        problems["units"] = Text("Chọn đơn vị thay đổi.", "Choose the units that change.")
    if kind is ChangeKind.RENAME:
        if len(units) > 1:
            problems["units"] = Text("Mỗi lần chỉ đổi tên một đơn vị.", "One unit is renamed at a time.")
        _line(form, "name", problems, "Ghi tên mới.", "Give the new name.")
    elif not into and not form.get("new_name", "").strip() and kind is not ChangeKind.END:
        problems["into"] = Text("Chọn đơn vị kế thừa, hoặc ghi tên đơn vị mới.", "Choose a successor, or name a new unit.")
    if problems or kind is None or on is None:
        raise InvalidFields({name: problems[name] for name in FIELDS if name in problems})
    if kind is ChangeKind.RENAME:
        part = ChangePart(kind, tuple(units), name=_name(form, "", on), official_code=form.get("new_official_code", "").strip())
        return UnitChange(on, document, (part,))
    new = _new_unit(form, on)
    successors = [*((new.code,) if new else ()), *into]
    shares = _shares(successors, exceptions)
    several = kind is ChangeKind.MERGE and len(shares) > 1  # some steps go elsewhere
    return UnitChange(on, document, (ChangePart(ChangeKind.END if several else kind, tuple(units), shares),), (new,) if new else ())


def _shares(successors: Sequence[str], exceptions: Mapping[int, str]) -> tuple[Share, ...]:
    """The successors, each with the steps that were given to it although it is not the default one."""
    steps: dict[str, list[str]] = {unit: [] for unit in successors}
    for step, unit in sorted(exceptions.items()):
        steps.setdefault(unit, []).append(f"#{step}")
    default = successors[0] if successors else None
    return tuple(Share(unit, () if unit == default else tuple(named)) for unit, named in steps.items())


def _new_unit(form: Mapping[str, str], on: date) -> UnitDefinition | None:
    name = form.get("new_name", "").strip()
    if not name:
        return None
    parent = form.get("new_parent", "").strip() or None
    return UnitDefinition(slug(name)[:60] or "don-vi-moi", (_name(form, "new_", on),), form.get("new_official_code", "").strip(), parent)


def _name(form: Mapping[str, str], prefix: str, on: date) -> UnitName:
    name, short = form.get(f"{prefix}name", "").strip(), form.get(f"{prefix}short", "").strip()
    return UnitName(Text(name), Text(short or name), on, form.get(f"{prefix}type", "").strip())


def _kind(form: Mapping[str, str], problems: dict[str, Text]) -> ChangeKind | None:
    try:
        return ChangeKind(form.get("kind", ""))
    except ValueError:
        problems["kind"] = Text("Chọn loại thay đổi.", "Choose what happens.")
        return None


def _day(form: Mapping[str, str], problems: dict[str, Text]) -> date | None:
    try:
        return given.required_day(dict(form), "on")
    except Invalid as error:
        problems["on"] = error.text if form.get("on") else Text("Ghi ngày hiệu lực.", "Give the day from which it holds.")
        return None


def _line(form: Mapping[str, str], name: str, problems: dict[str, Text], vi: str, en: str) -> str:
    text = " ".join(form.get(name, "").split())
    if not text:
        problems[name] = Text(vi, en)
    elif len(text) > LONGEST:
        problems[name] = Text(f"Tối đa {LONGEST} ký tự.", f"At most {LONGEST} characters.")
    return text
