"""Who may change who works where: a unit's head within the unit, an administrator anywhere. Nobody does so on another's behalf."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from engine.access import HEAD, Actor
from engine.definition import Text
from engine.errors import Refused

ROLES = {"officer": Text("cán bộ", "officer"), HEAD: Text("lãnh đạo", "head")}
OFFICE_ROLES = {
    "agency": Text("cơ quan thường trực", "standing agency"),
    "supervisor": Text("giám sát", "supervisor"),
    "auditor": Text("kiểm tra, thanh tra", "auditor"),
    "administrator": Text("quản trị", "administrator"),
}
LONGEST = timedelta(days=366)


def manages_everyone(actor: Actor) -> bool:
    """Whether ``actor`` may change any account's place: administrators, and the software itself at the command line."""
    return actor.represented_id is None and (actor.system or "administrator" in actor.roles)


def managed_units(actor: Actor) -> frozenset[str]:
    """The units whose people ``actor`` may change as their head."""
    return frozenset() if actor.represented_id is not None else actor.heads


def refusal(actor: Actor, units: Iterable[str], *, office_roles: Iterable[str] = (), head: bool = False) -> Refused | None:
    """Why ``actor`` may not change somebody's place in ``units``; None if they may.

    ``office_roles``: what that person does for the whole office, ``head``: they head one of the units: an administrator changes such.
    """
    if manages_everyone(actor):
        return None
    units = frozenset(units)
    if not units or not units <= managed_units(actor):
        return Refused(
            Text("Chỉ lãnh đạo của đơn vị, hoặc quản trị hệ thống.", "Only the unit's head, or an administrator."), code="not-your-unit"
        )
    if head or any(office_roles):
        return Refused(
            Text(
                "Lãnh đạo và người có vai trò chung do quản trị hệ thống thay đổi.",
                "Heads and office-wide roles are changed by an administrator.",
            ),
            code="administrators-only",
        )
    return None


def wrong_last_day(first_away: date | None, today: date) -> Text | None:
    """What is wrong with the first day on which somebody no longer works here; None if nothing."""
    if first_away is None:
        return Text("Ghi ngày bắt đầu nghỉ.", "Give the first day away.")
    if first_away < today:
        return Text("Không được trước hôm nay.", "It must not lie before today.")
    if first_away > today + LONGEST:
        return Text("Không xa quá một năm.", "Not further away than a year.")
    return None
