"""Who stands in for whom: person to person, for some local days, within one unit and the role held there, never two hops.

A deputy acts for the absent person and gets their mail too; both end by themselves after the last day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from engine.definition import Text

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Absence:
    """``account_id`` is away from ``unit`` from ``first`` to ``last`` (both included) and ``deputy_id`` stands in."""

    account_id: int
    deputy_id: int
    unit: str
    first: date
    last: date

    def meets(self, other: Absence) -> bool:
        """Whether the two have a day in common."""
        return self.first <= other.last and other.first <= self.last


def problems(wanted: Absence, others: Iterable[Absence], *, colleagues: Collection[int], today: date) -> dict[str, Text]:
    """What is wrong with ``wanted``, by field (unit, deputy, from, to); {} if nothing.

    ``others``: the absences that stand. ``colleagues``: who works in the unit until the last day, the absent person included.
    """
    found = _days(wanted, today)
    if wanted.account_id not in colleagues:
        found["unit"] = Text("Người vắng không thuộc đơn vị này.", "The absent person does not belong to this unit.")
    if wanted.deputy_id == wanted.account_id:
        found["deputy"] = Text("Không thể ủy quyền cho chính mình.", "Nobody is their own deputy.")
    elif wanted.deputy_id not in colleagues:
        found["deputy"] = Text(
            "Người này không thuộc đơn vị, hoặc thôi việc trước ngày cuối.", "Not in this unit, or leaving before the last day."
        )
    if not found:
        for other in others:
            if other.meets(wanted):
                _against(wanted, other, found)
    return found


def _days(wanted: Absence, today: date) -> dict[str, Text]:
    if wanted.last < wanted.first:
        return {"to": Text("Ngày cuối phải từ ngày đầu trở đi.", "The last day must not come before the first.")}
    if wanted.last < today:
        return {"to": Text("Thời gian này đã qua.", "These days have passed.")}
    if wanted.last - wanted.first > LONGEST:
        return {"to": Text("Dài nhất 366 ngày; lâu hơn thì bàn giao.", "366 days at most; hand over for longer.")}
    return {}


def _against(wanted: Absence, other: Absence, found: dict[str, Text]) -> None:
    """``other`` falls into the same days: a chain of deputies, or a second deputy."""
    days = f"{other.first:%d/%m/%Y} – {other.last:%d/%m/%Y}"
    if other.account_id == wanted.deputy_id:
        found["deputy"] = Text(
            f"Người này cũng vắng {days}; không ủy quyền hai bậc.", f"Also away {days}; a deputy has no deputy."
        )  # fmt: skip
    elif other.deputy_id == wanted.account_id:
        found["from"] = Text(
            f"Người vắng đang thay mặt người khác {days}; không ủy quyền hai bậc. Hãy kết thúc ủy quyền kia trước.",
            f"The absent person stands in for somebody {days}; a deputy has no deputy. End that first.",
        )
    elif other.account_id == wanted.account_id and other.unit == wanted.unit:
        found["from"] = Text(f"Đã có người thay mặt {days}.", f"There is a deputy {days} already.")
