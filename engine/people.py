"""Who may change who works where: a unit's head or administrator within the unit, an administrator anywhere. Nobody does so on another's
behalf, and nobody changes the place of whoever stands above or beside them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from difflib import get_close_matches

from engine.access import HEAD, UNIT_ADMIN, Actor
from engine.definition import Text
from engine.errors import Refused

ROLES = {
    "officer": Text("cán bộ", "officer"),
    HEAD: Text("lãnh đạo", "head"),
    UNIT_ADMIN: Text("cán bộ, quản trị đơn vị", "officer, administrator of the unit"),
}
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
    """The units whose people ``actor`` may change as their head or administrator."""
    return frozenset() if actor.represented_id is not None else actor.manages


def known_units(actor: Actor) -> frozenset[str] | None:
    """The units whose people ``actor`` may look up: their own; None for everybody's, for who reads the whole plan or manages everyone."""
    return None if actor.reads_everything or manages_everyone(actor) else actor.units


def roles_to_give(actor: Actor, unit: str) -> tuple[str, ...]:
    """The roles in ``unit`` that ``actor`` may give: its administrator names officers, and makes nobody a head, not even themselves."""
    return tuple(ROLES) if manages_everyone(actor) or unit in actor.heads else ("officer",)


def refusal(actor: Actor, units: Iterable[str], *, office_roles: Iterable[str] = (), held: Iterable[str] = ()) -> Refused | None:
    """Why ``actor`` may not change somebody's place in ``units``; None if they may.

    ``office_roles``: what that person does for the whole office, ``held``: what they are in the units. Heads and office-wide roles are
    changed by an administrator, administrators of a unit by its head.
    """
    if manages_everyone(actor):
        return None
    units = frozenset(units)
    if not units or not units <= managed_units(actor):
        return Refused(
            Text(
                "Chỉ lãnh đạo hoặc quản trị của đơn vị, hoặc quản trị hệ thống.",
                "Only the unit's head or administrator, or an administrator.",
            ),
            code="not-your-unit",
        )
    held = frozenset(held)
    if HEAD in held or any(office_roles):
        return Refused(
            Text(
                "Lãnh đạo và người có vai trò chung do quản trị hệ thống thay đổi.",
                "Heads and office-wide roles are changed by an administrator.",
            ),
            code="administrators-only",
        )
    if UNIT_ADMIN in held and not units <= actor.heads:
        return Refused(
            Text("Quản trị đơn vị do lãnh đạo của đơn vị thay đổi.", "Administrators of a unit are changed by its head."), code="heads-only"
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


def perhaps(login: str, known: Iterable[str], *, mark: str = "") -> Text:
    """What to say of a sign-in name that is none of ``known`` (in lower case): those that look like it, each behind ``mark``."""
    near = ", ".join(f"{mark}{one}" for one in get_close_matches(login.casefold(), list(known), n=3))
    return Text(f"Có phải {near}?", f"Did you mean {near}?") if near else Text("Chọn trong danh sách.", "Choose from the list.")
