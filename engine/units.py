"""Units, the names they bear through time, and what a dated document changes about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.text import Text


@dataclass(frozen=True, slots=True)
class UnitName:
    """The name a unit bears from a day on (half-open: until the next name's day)."""

    name: Text
    short: Text
    from_: date
    type: str = ""


@dataclass(frozen=True, slots=True)
class UnitDefinition:
    """A unit with a stable ``code``; ``official_code`` is the national statistics code. ``ends_on``: first day it is gone.

    ``successors``: who took on its work when it ended, the default one first.
    """

    code: str
    names: tuple[UnitName, ...]
    official_code: str = ""
    parent: str | None = None
    ends_on: date | None = None
    successors: tuple[str, ...] = ()

    def name_on(self, day: date) -> UnitName:
        """The name valid on ``day``; the first one for days before any."""
        valid = [n for n in self.names if n.from_ <= day]
        return valid[-1] if valid else self.names[0]

    def exists_on(self, day: date) -> bool:
        """Whether it has begun and has not ended."""
        return self.names[0].from_ <= day and (self.ends_on is None or day < self.ends_on)


class ChangeKind(StrEnum):
    """What may happen to units."""

    RENAME = "rename"  # same unit, another name or type
    MERGE = "merge"  # many become one, a new one or one that exists
    SPLIT = "split"  # one becomes many
    END = "end"  # one ends, others take on what it leaves


@dataclass(frozen=True, slots=True)
class Share:
    """A successor. ``steps``: the steps that go to it although another one is the default, each "NV4/ngay-hoi/bao-cao" or "#12" (an id)."""

    unit: str
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangePart:
    """One thing that happens. ``into``: the successors, the default one first. ``name``: of a rename, the new name.

    ``official_code``: of a rename, the new code if it changes as well.
    """

    kind: ChangeKind
    units: tuple[str, ...]
    into: tuple[Share, ...] = ()
    name: UnitName | None = None
    official_code: str = ""

    @property
    def ending(self) -> tuple[str, ...]:
        """The units that are gone afterwards; one that the others merge into stays."""
        kept = {share.unit for share in self.into} if self.kind is not ChangeKind.RENAME else set(self.units)
        return tuple(unit for unit in self.units if unit not in kept)


@dataclass(frozen=True, slots=True)
class UnitChange:
    """What one ``document`` changes from 00:00 of the local day ``on``. ``new_units``: units that begin then."""

    on: date
    document: str
    parts: tuple[ChangePart, ...]
    new_units: tuple[UnitDefinition, ...] = ()

    @property
    def heirs(self) -> dict[str, tuple[Share, ...]]:
        """The successors of each unit that ends."""
        return {unit: part.into for part in self.parts for unit in part.ending}

    def lead_after(self, unit: str, place: str, step_id: int | None = None) -> str:
        """Who leads the step at ``place`` (see `step_place`) once this has happened to its lead ``unit``."""
        shares = self.heirs.get(unit, ())
        names = {place, f"#{step_id}"} if step_id is not None else {place}
        named = next((share.unit for share in shares if names & set(share.steps)), None)
        return named or (shares[0].unit if shares else unit)

    def default_after(self, unit: str) -> str:
        """Who stands where ``unit`` stood, where no step says otherwise."""
        shares = self.heirs.get(unit, ())
        return shares[0].unit if shares else unit


def step_place(key_task: str | None, workflow: str, step: str) -> str:
    """How a change names the step of a plan: "NV4/ngay-hoi/bao-cao", of a plan-level workflow "so-ket/bao-cao"."""
    return "/".join(part for part in (key_task, workflow, step) if part)
