"""One rung of a ladder, and how it is written: `D-3wd` (working days), `D+30d` (calendar days), `A+1wd` (of the day for confirming)."""

from __future__ import annotations

import re
from dataclasses import dataclass

UPWARD = ("agency", "committee")  # above the unit: proposed to the standing agency unless the ladder says otherwise
AUDIENCES = ("lead", "head", "agency", "approver", "committee")
MOST_DAYS = 400
_AT = re.compile(r"(?P<clock>[DA])(?:(?P<offset>[+-]\d{1,3})(?P<unit>wd|d))?")


@dataclass(frozen=True, slots=True)
class Rung:
    """``code`` names it in keys and in the mail; ``repeat_days`` > 0 repeats it every so many calendar days.

    ``offset`` counts working days, or calendar days where ``working_days`` is False; a morning that would fall on a day off moves to a
    working one. ``proposed``: the standing agency is asked first whether ``audience`` shall hear.
    """

    code: str
    kind: str  # the notice's kind: due-soon | overdue | approval-due | approval-overdue | escalation
    offset: int
    audience: str  # lead | head | agency | approver | committee
    repeat_days: int = 0
    proposed: bool = False
    working_days: bool = True

    @property
    def told(self) -> str:
        """Who hears when the rung is reached: of what is only proposed the standing agency does."""
        return "agency" if self.proposed else released(self.audience)

    @property
    def of_approval(self) -> bool:
        """Whether it counts from the day for confirming (A), not from the due day (D)."""
        return self.code.startswith("A")


def released(audience: str) -> str:
    """The audience of a notice that speaks to a rung's ``audience``: of the standing agency its head, once nothing is only proposed."""
    return "agency-head" if audience == "agency" else audience


@dataclass(frozen=True, slots=True)
class At:
    """When a rung falls: ``clock`` is D (the due day) or A (the day for confirming)."""

    clock: str
    offset: int = 0
    working_days: bool = True

    @property
    def code(self) -> str:
        """The name in keys: working days go without saying, so that `D-3wd` is D-3."""
        if not self.offset:
            return self.clock
        return f"{self.clock}{self.offset:+d}{'' if self.working_days else 'd'}"


def parse_at(text: str) -> At | None:
    """``D``, ``D-7wd``, ``D+30d``, ``A+1wd``; None for anything else and for more than 400 days."""
    found = _AT.fullmatch(text.strip())
    if found is None:
        return None
    offset = int(found["offset"] or 0)
    return At(found["clock"], offset, found["unit"] != "d" or not offset) if abs(offset) <= MOST_DAYS else None


def rung(at: At, tell: str = "", *, propose: bool | None = None, repeat_days: int = 0) -> Rung:
    """The rung at ``at``. ``tell`` "": whoever's clock it is. ``propose`` None: above the unit it is proposed."""
    audience = tell or ("approver" if at.clock == "A" else "lead")
    proposed = audience in UPWARD if propose is None else propose
    code = at.code + ("" if audience in ("lead", "approver") else f"-{audience}")
    return Rung(code, _kind(at, audience, proposed), at.offset, audience, repeat_days, proposed, at.working_days)


def _kind(at: At, audience: str, proposed: bool) -> str:
    if at.clock == "A":
        return "approval-overdue" if at.offset > 0 else "approval-due"
    if proposed or (at.offset > 0 and audience != "lead"):
        return "escalation"
    return "overdue" if at.offset > 0 else "due-soon"
