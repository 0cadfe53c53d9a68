"""What was just done, said on the page one lands on. The address carries a code, never a text that somebody could make up."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from engine.definition import Text
from web.visit import Visit

# code → (text, kind); actions of steps are added by `web.pages.steps`
NOTES: dict[str, tuple[Text, str]] = {
    "signed-out": (Text("Bạn đã đăng xuất.", "You have signed out."), "done"),
    "advancing": (
        Text("Đồng hồ đang tiến; nhắc việc và thư theo sau trong ít phút.", "The clock is moving; reminders and mail follow."),
        "soon",
    ),
    "preferences-saved": (Text("Đã lưu tùy chọn.", "Your preferences are saved."), "done"),
    "feed-stopped": (Text("Địa chỉ lịch đã ngừng chạy.", "The calendar's address is dead."), "done"),
    "read-all": (Text("Mọi thông báo đã được đánh dấu là đã đọc.", "Every notice is marked as read."), "done"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """``kind``: done | soon | late; ``text`` is in the visitor's language."""

    text: str
    kind: str


def note_of(request: Request, visit: Visit) -> Note | None:
    """The note that ``?did=…`` asks for, if there is such a one."""
    found = NOTES.get(request.query_params.get("did", ""))
    return Note(found[0].in_(visit.language), found[1]) if found else None
