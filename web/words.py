"""How dates, sizes and marks are written on a page. Vietnamese and English write dates alike here: dd/mm/yyyy."""

from __future__ import annotations

from datetime import date, datetime

from engine.definition import Text
from engine.instants import LOCAL, local_day
from engine.statuses import Timeliness, WorkStatus
from notifications import words as notice_words
from services.queries.step_history import TOLD

WEEKDAYS = (
    Text("thứ Hai", "Monday"),
    Text("thứ Ba", "Tuesday"),
    Text("thứ Tư", "Wednesday"),
    Text("thứ Năm", "Thursday"),
    Text("thứ Sáu", "Friday"),
    Text("thứ Bảy", "Saturday"),
    Text("Chủ nhật", "Sunday"),
)

RUNGS = {
    "due-soon": Text("nhắc sắp đến hạn", "reminded that it is due soon"),
    "overdue": Text("nhắc quá hạn", "reminded that it is overdue"),
    "escalation": Text("báo cấp trên", "told the superior"),
    "approval-due": Text("nhắc người duyệt", "reminded the approver"),
    "approval-overdue": Text("nhắc người duyệt quá hạn", "reminded the approver, overdue"),
}

# timeliness → (class of the mark, icon); the silhouettes are told apart without colour
TIME_MARKS = {
    Timeliness.NO_DEADLINE: ("none", "none"),
    Timeliness.WITHIN: ("within", "within"),
    Timeliness.DUE_SOON: ("soon", "soon"),
    Timeliness.OVERDUE: ("late", "late"),
    Timeliness.DONE_ON_TIME: ("done", "done"),
    Timeliness.DONE_LATE: ("donelate", "donelate"),
}

STATUS_ICONS = {
    WorkStatus.WAITING: "wait",
    WorkStatus.OPEN: "open",
    WorkStatus.IN_PROGRESS: "arrow",
    WorkStatus.SUBMITTED: "sub",
    WorkStatus.RETURNED: "return",
    WorkStatus.REFUSED: "no",
    WorkStatus.SUSPENDED: "pause",
    WorkStatus.DONE: "done",
    WorkStatus.CANCELLED: "no",
    WorkStatus.NOT_APPLICABLE: "na",
    WorkStatus.PRIOR: "na",
}


def day(value: date | datetime | None) -> str:
    """22/07/2024; an instant by its local day; "" for none."""
    if isinstance(value, datetime):
        value = local_day(value)
    return f"{value:%d/%m/%Y}" if value else ""


def short_day(value: date | datetime | None) -> str:
    """22/07, where the year is plain."""
    return day(value)[:5]


def instant(value: datetime | None) -> str:
    """22/07/2024 16:40, in local time."""
    return f"{value.astimezone(LOCAL):%d/%m/%Y %H:%M}" if value else ""


def iso_day(value: str) -> str:
    """An ISO day as people write it; anything else as it is."""
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return value


def iso_instant(value: str) -> str:
    """An ISO instant in local time."""
    return instant(datetime.fromisoformat(value))


def action_words(action: str) -> Text:
    """What was done, as in the history."""
    return TOLD[action][1]


def rung_text(kind: str) -> Text:
    """What a rung of the ladder says to whom."""
    return RUNGS.get(kind, Text(kind, kind))


def rung_day(rung: str) -> Text:
    """When a rung of the ladder falls: "3 ngày làm việc sau hạn"."""
    return Text(notice_words.rung_text(rung, "vi"), notice_words.rung_text(rung, "en"))


def weekday(value: date | datetime) -> Text:
    """The name of the day of the week."""
    return WEEKDAYS[(local_day(value) if isinstance(value, datetime) else value).weekday()]


def size(number: int) -> str:
    """Bytes for people: 182 KB, 2,4 MB, 3 MB."""
    if number < 1024 * 1024:
        return f"{max(1, round(number / 1024))} KB"
    return f"{f'{number / 1024 / 1024:.1f}'.removesuffix('.0')} MB".replace(".", ",")


def days_from(today: date, due: date) -> int:
    """Calendar days from ``today`` to ``due``; negative once it has passed."""
    return (due - today).days
