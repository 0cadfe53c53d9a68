"""What a person chooses about language and mail, within what the office allows; all of it is saved or nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from engine.definition import Text
from engine.errors import InvalidFields, NotFound
from models import preferences as sql
from models.database import Database
from notifications.choices import CHOICES, GROUPS, Group
from notifications.hours import OfficeHours

LANGUAGES = ("vi", "en")
CLOCK = re.compile(r"([01]?\d|2[0-3])[:h]([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Preferences:
    """``mail``: the choice of each group that has one. ``open_from``, ``open_to``: local times, None for the office's."""

    language: str = "vi"
    mail: Mapping[str, str] = field(default_factory=dict)
    open_from: time | None = None
    open_to: time | None = None


def preferences_of(db: Database, account_id: int) -> Preferences:
    """What the account has chosen. Raises NotFound."""
    with db.read() as connection:
        row = sql.read(connection, account_id)
    if row is None:
        raise NotFound()
    return Preferences(row.language, row.mail or {}, _time(row.open_from), _time(row.open_to))


def save(
    db: Database, account_id: int, *, language: str, mail: Mapping[str, str], open_from: str, open_to: str, hours: OfficeHours
) -> Preferences:
    """Save what was chosen: ``mail`` by group (missing: the office's way), hours as "08:30" ("": the office's).

    Raises InvalidFields with what is wrong by field (``language``, ``mail-<group>``, ``from``, ``to``); nothing is saved then.
    """
    problems: dict[str, Text] = {}
    if language not in LANGUAGES:
        problems["language"] = Text("Chọn một trong hai ngôn ngữ.", "Choose one of the two languages.")
    for group in GROUPS:
        if (chosen := mail.get(group.code, group.allowed[0])) not in group.allowed:
            problems[f"mail-{group.code}"] = _not_allowed(group, chosen)
    first, last = _minutes(open_from, "from", problems), _minutes(open_to, "to", problems)
    _within(first, last, hours, problems)
    if problems:
        raise InvalidFields(problems)
    kept = {group.code: mail[group.code] for group in GROUPS if mail.get(group.code, group.allowed[0]) != group.allowed[0]}
    with db.write() as connection:
        sql.write(connection, account_id, language, kept, (first, last))
    return Preferences(language, kept, _time(first), _time(last))


def _not_allowed(group: Group, chosen: str) -> Text:
    if chosen not in CHOICES:
        return Text("Không có lựa chọn này.", "There is no such choice.")
    return Text(
        f"“{group.title.vi}” không thể đặt là “{CHOICES[chosen].vi}”.", f"“{group.title.en}” cannot be set to “{CHOICES[chosen].en}”."
    )


def _within(first: int | None, last: int | None, hours: OfficeHours, problems: dict[str, Text]) -> None:
    """One's own hours lie within the office's and leave room for mail."""
    opens, closes = _minute(hours.from_), _minute(hours.to)
    if first is not None and not opens <= first < closes:
        problems["from"] = Text(
            f"Phải từ {hours.from_:%H:%M} và trước {hours.to:%H:%M}, giờ gửi thư của cơ quan.",
            f"From {hours.from_:%H:%M} and before {hours.to:%H:%M}, the office's hours of mail.",
        )
    if last is not None and not opens < last <= closes:
        problems["to"] = Text(
            f"Phải sau {hours.from_:%H:%M} và đến {hours.to:%H:%M}, giờ gửi thư của cơ quan.",
            f"After {hours.from_:%H:%M} and up to {hours.to:%H:%M}, the office's hours of mail.",
        )
    elif (last if last is not None else closes) <= (first if first is not None else opens):
        problems.setdefault("to", Text("Giờ cuối phải sau giờ đầu.", "The last hour must come after the first."))


def _minutes(written: str, name: str, problems: dict[str, Text]) -> int | None:
    if not written.strip():
        return None
    found = CLOCK.fullmatch(written.strip())
    if found is None:
        problems[name] = Text("Ghi giờ:phút, ví dụ 08:30.", "Write hours:minutes, such as 08:30.")
        return None
    return int(found[1]) * 60 + int(found[2])


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _time(minute: int | None) -> time | None:
    return None if minute is None else time(minute // 60, minute % 60)
