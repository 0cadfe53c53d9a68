"""A change of units as somebody types it into a form, in several parts. Everything wrong with the typing is said at once, by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from engine import payload as given
from engine.definition import Text
from engine.errors import Invalid, InvalidFields
from engine.units import ChangeKind, ChangePart, Share, UnitChange, UnitDefinition, UnitName
from engine.vietnamese import slug

SHARED = ("on", "document")
LISTS = ("units", "into")
FIELDS = ("kind", *LISTS, "new_name", "new_short", "new_type", "new_official_code", "new_parent", "name", "short", "type")
LONGEST = 300
MOST = 12  # parts of one document on the page; a file may hold more


@dataclass(frozen=True, slots=True)
class PartForm:
    """One part as typed. ``into``: existing successors, the default one first; a ``new_name`` makes a new one that comes before them.

    ``suffix``: what the names of its fields end in. ``exceptions``: who takes a step on, by its id, where that is not the default one.
    """

    suffix: str
    fields: Mapping[str, str]
    units: Sequence[str]
    into: Sequence[str]
    exceptions: Mapping[int, str] = field(default_factory=dict)

    @property
    def kind(self) -> ChangeKind | None:
        """What shall happen; None where nothing known was chosen."""
        chosen = self.fields.get("kind", "")
        return ChangeKind(chosen) if chosen in set(ChangeKind) else None

    @property
    def new_code(self) -> str:
        """The code of the new unit; "" where none is named."""
        name = self.fields.get("new_name", "").strip()
        return (slug(name)[:60] or "don-vi-moi") if name else ""


def change_of(form: Mapping[str, str], parts: Sequence[PartForm]) -> UnitChange:
    """The change that was typed: day and document from ``form``, what happens from ``parts``.

    Raises `InvalidFields` with every problem of the typing; what the rules say of it comes later.
    """
    problems: dict[str, Text] = {}
    new: set[str] = set()
    for part in parts:
        problems |= {name + part.suffix: text for name, text in _wrong(part, new).items()}
        new.add(part.new_code)
    on, document = _day(form, problems), _line(form, "document", problems, "Nêu văn bản quyết định.", "Name the document.")
    if problems or on is None:
        raise InvalidFields(problems)
    units = tuple(unit for part in parts if part.kind is not ChangeKind.RENAME and (unit := _new_unit(part, on)))
    return UnitChange(on, document, tuple(_part(part, on) for part in parts), units)


def _wrong(part: PartForm, new: set[str]) -> dict[str, Text]:
    """What is wrong with a part, by field. ``new``: codes of the new units that parts before it name."""
    problems: dict[str, Text] = {}
    if part.kind is None:
        problems["kind"] = Text("Chọn loại thay đổi.", "Choose what happens.")
    if not part.units:
        problems["units"] = Text("Chọn đơn vị thay đổi.", "Choose the units that change.")
    if part.kind is ChangeKind.RENAME:
        if len(part.units) > 1:
            problems["units"] = Text("Mỗi lần chỉ đổi tên một đơn vị.", "One unit is renamed at a time.")
        _line(part.fields, "name", problems, "Ghi tên mới.", "Give the new name.")
    elif not part.into and not part.new_code and part.kind is not ChangeKind.END:
        problems["into"] = Text("Chọn đơn vị kế thừa, hoặc ghi tên đơn vị mới.", "Choose a successor, or name a new unit.")
    if part.new_code and part.new_code in new:
        problems["new_name"] = Text("Đơn vị mới này đã ghi ở phần trên.", "A part above names this new unit already.")
    return problems


def _part(part: PartForm, on: date) -> ChangePart:
    kind, units = part.kind or ChangeKind.END, tuple(part.units)
    if kind is ChangeKind.RENAME:
        return ChangePart(kind, units, name=_name(part.fields, "", on), official_code=part.fields.get("new_official_code", "").strip())
    shares = _shares([*((part.new_code,) if part.new_code else ()), *part.into], part.exceptions)
    several = kind is ChangeKind.MERGE and len(shares) > 1  # some steps go elsewhere
    return ChangePart(ChangeKind.END if several else kind, units, shares)


def _shares(successors: Sequence[str], exceptions: Mapping[int, str]) -> tuple[Share, ...]:
    """The successors, each with the steps that were given to it although it is not the default one."""
    steps: dict[str, list[str]] = {unit: [] for unit in successors}
    for step, unit in sorted(exceptions.items()):
        steps.setdefault(unit, []).append(f"#{step}")
    default = successors[0] if successors else None
    return tuple(Share(unit, () if unit == default else tuple(named)) for unit, named in steps.items())


def _new_unit(part: PartForm, on: date) -> UnitDefinition | None:
    if not part.new_code:
        return None
    parent = part.fields.get("new_parent", "").strip() or None
    return UnitDefinition(part.new_code, (_name(part.fields, "new_", on),), part.fields.get("new_official_code", "").strip(), parent)


def _name(form: Mapping[str, str], prefix: str, on: date) -> UnitName:
    name, short = form.get(f"{prefix}name", "").strip(), form.get(f"{prefix}short", "").strip()
    return UnitName(Text(name), Text(short or name), on, form.get(f"{prefix}type", "").strip())


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
