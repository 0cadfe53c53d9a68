"""What the fields are called into which people type, by name: for showing what was typed where its own form is not at hand.

Beside it stand the fields of actions (`web.action_forms`), which are data already. What is chosen or ticked is in neither.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from engine.definition import Text
from web.action_forms import CONTROL, DECIDED_ON_PAPER, FORMS

# what pages send along beside what somebody gives
CARRIED = CONTROL - {"paste"} | {"round", "link", "seen", "preview", "amendment", "do", "step", "action"}
TYPED = ("text", "line", "day")  # kinds of an action's fields
LABELS: dict[str, Text] = {
    "abstract": Text("Trích yếu", "Abstract"),
    "address": Text("Địa chỉ thư", "Mail address"),
    "date": Text("Ngày văn bản", "Date of the document"),
    "day": Text("Ngày", "Day"),
    "days": Text("Có hiệu lực trong (ngày)", "Good for (days)"),
    "document": Text("Văn bản", "Document"),
    "due_on": Text("Hạn hoàn thành", "Due date"),
    "evidence": Text("Minh chứng cần nộp", "Documents to hand in"),
    "first_away": Text("Nghỉ từ ngày", "Off from"),
    "from": Text("Từ", "From"),
    "leader": Text("Người chỉ đạo", "Instructed by"),
    "login": Text("Tên đăng nhập", "Sign-in name"),
    "make_up": Text("Làm bù vào ngày", "Made up on"),
    "name": Text("Tên", "Name"),
    "note": Text("Ghi chú", "Note"),
    "number": Text("Số văn bản", "Number of the document"),
    "off_from": Text("Nghỉ từ ngày", "Off from"),
    "off_to": Text("Đến hết ngày", "Until the end of"),
    "on": Text("Từ ngày", "From"),
    "paste": Text("Các ô đã chép", "The copied cells"),
    "reason": Text("Lý do", "Reason"),
    "short": Text("Tên ngắn", "Short name"),
    "signed_on": Text("Ngày văn bản", "Date of the document"),
    "signer": Text("Người ký", "Signed by"),
    "text": Text("Nội dung", "Text"),
    "title": Text("Chức vụ", "Position"),
    "to": Text("Đến", "To"),
    "type": Text("Loại đơn vị", "Kind of unit"),
    "official_code": Text("Mã đơn vị hành chính", "Official code"),
    "url": Text("Địa chỉ nhận", "Address"),
    "who": Text("Tên đăng nhập hoặc địa chỉ thư", "Sign-in name or mail address"),
}
SHAPES: tuple[tuple[re.Pattern[str], Text], ...] = (  # of names that hold the code of a thing, or count forms of one kind
    (re.compile(r"evidence\.[^.]+\.number"), LABELS["number"]),
    (re.compile(r"evidence\.[^.]+\.date"), LABELS["date"]),
    (re.compile(r"evidence\.[^.]+"), LABELS["evidence"]),
    (re.compile(r"figures\..+"), Text("Số liệu", "Figure")),
    (re.compile(r"due\..+"), Text("Quy tắc hạn", "Date rule")),
    (re.compile(r"until\..+"), Text("Hạn mới", "New date")),
    (re.compile(r"reason\..+"), Text("Lý do riêng", "Own reason")),
    *((re.compile(rf"(new_)?{name}\d*"), LABELS[name]) for name in ("name", "short", "type", "official_code")),
)


def label_of(name: str, action: str = "") -> Text | None:
    """What the field ``name`` is called, in the form of ``action`` on a step if one is given; None where nothing is typed into it."""
    own = next((fields for known, fields in FORMS.items() if known.value == action), ())
    both = (*own, *DECIDED_ON_PAPER) if action == "record" else own
    kept = {field.name: field.label if field.kind in TYPED else None for field in both}
    return kept[name] if name in kept else LABELS.get(name) or next((label for shape, label in SHAPES if shape.fullmatch(name)), None)


def told(fields: Iterable[tuple[str, str]], action: str = "") -> tuple[tuple[Text, str], ...]:
    """What was typed into ``fields``, with what each is called; those that are called the same are told apart by their number."""
    named = [(label, value) for name, value in fields if name not in CARRIED and (label := label_of(name, action))]
    many, counted = Counter(label for label, _ in named), Counter[Text]()
    shown = []
    for label, value in named:
        counted[label] += 1
        n = f" {counted[label]}" if many[label] > 1 else ""
        if value.strip():
            shown.append((Text(label.vi + n, label.in_("en") + n), value))
    return tuple(shown)


def is_chosen(name: str, action: str = "") -> bool:
    """Whether the field ``name`` is one in which something is chosen or ticked."""
    return not (name in CARRIED or name.startswith("was.") or label_of(name, action))
