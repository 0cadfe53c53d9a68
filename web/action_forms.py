"""The forms of actions as data, and the way back from a submitted form to an action's payload."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData, UploadFile

from engine.definition import Text
from engine.statuses import WorkStatus
from engine.transitions import Action
from services.queries.step_history import WAYS as DONE_OUTSIDE
from web.forms import texts

A = Action
VIETNAMESE_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
DAYS = frozenset({"until", "day", "redo_on", "date"})
LISTS = frozenset({"units", "mentions"})
DATED = ("_on", ".date", "extension")  # endings of what is corrected to a day
CONTROL = frozenset({"csrf", "key", "version", "next", "acting_for", "paste", "notation", "proof"})


NOTHING = Text("")


@dataclass(frozen=True, slots=True)
class FormField:
    """One field. ``kind``: text (several lines) | line | day | unit | units | person (of the unit) | correction | choice (of ``options``) |
    tick | file."""

    name: str
    kind: str
    label: Text
    hint: Text = NOTHING
    required: bool = True
    options: tuple[tuple[str, Text], ...] = ()


REASON_LABEL = Text("Lý do", "Reason")
REASON = FormField("reason", "text", REASON_LABEL, Text("Ghi vào nhật ký và báo cáo.", "Kept in the journal and in reports."))
LATE_REASON = FormField(
    "reason", "text", REASON_LABEL, Text("Bắt buộc khi đã quá ngày cuối để chọn.", "Needed after the last day for choosing."), False
)
FREE_REASON = FormField("reason", "text", REASON_LABEL, required=False)
NOTE = FormField("note", "text", Text("Ghi chú", "Note"), required=False)
TEXT = FormField("text", "text", Text("Nội dung", "Text"))
WAYS = (
    ("mail", Text("Gửi thư ngay", "Send a mail now")),
    *((way, Text(f"Đã {did.vi}", f"Done {did.en}")) for way, did in DONE_OUTSIDE.items()),
)
HOW = FormField("how", "choice", Text("Cách đôn đốc", "How"), Text("Để trống: gửi thư.", "Empty: by mail."), False, WAYS)
ANSWER = FormField(
    "answer", "text", Text("Trả lời", "Answer"), Text("Khi đã gọi hoặc nhắn: họ nói gì.", "After a call or chat: what they said."), False
)
URGENT = FormField(
    "urgent",
    "tick",
    Text("Khẩn: gửi cả ngoài giờ, không chờ đủ 24 giờ", "Urgent: also out of hours, without waiting a day"),
    required=False,
)
CHASE = FormField("text", "text", Text("Lời đôn đốc", "What to say"), required=False)
UNTIL = FormField("until", "day", Text("Hạn mới", "New due date"))
DAY = FormField("day", "day", Text("Ngày chọn", "Day"))
REDO = FormField(
    "redo_on",
    "day",
    Text("Làm lại trước hết ngày", "To be redone by"),
    Text("Để trống: 2 ngày làm việc, hoặc hạn cũ nếu muộn hơn.", "Empty: two working days, or the due date if later."),
    False,
)
LEAD = FormField("lead", "unit", Text("Đơn vị nhận", "New lead unit"))
HANDLER = FormField("handler", "person", Text("Người xử lý", "Handler"))
UNITS = FormField("units", "units", Text("Đơn vị không chờ nữa", "Units not waited for"))
DOCUMENT = FormField("document", "line", Text("Văn bản", "Document"), required=False)
CORRECTION = FormField("field", "correction", Text("Mục đính chính", "What to correct"))
VALUE = FormField("value", "line", Text("Giá trị đúng", "The right value"), Text("Ngày ghi như 22/07/2024.", "A day like 22/07/2024."))
ON_PAPER = (
    FormField("number", "line", Text("Số văn bản", "Number of the document")),
    FormField("date", "day", Text("Ngày văn bản", "Date of the document")),
    FormField("signer", "line", Text("Người ký", "Signed by")),
)
SCAN = FormField("files", "file", Text("Bản chụp văn bản", "Scan of the document"), required=False)
DECISIONS = (("approve", Text("Duyệt", "Approved")), ("return", Text("Trả lại", "Returned")))
DECIDED_ON_PAPER = (
    FormField("decision", "choice", Text("Quyết định", "Decision"), options=DECISIONS),
    *ON_PAPER,
    FormField("reason", "text", REASON_LABEL, Text("Bắt buộc khi trả lại.", "Needed for a return."), False),
    REDO,
    SCAN,
)

FORMS: dict[Action, tuple[FormField, ...]] = {
    A.ACCEPT: (),
    A.RECALL: (),
    A.RESUME: (),
    A.SUBMIT: (NOTE,),
    A.APPROVE: (NOTE,),
    A.RETURN: (REASON, REDO),
    A.PROGRESS: (TEXT,),
    A.NAME_HANDLER: (HANDLER, NOTE),
    A.CONTRIBUTE: (TEXT,),
    A.COMMENT: (TEXT,),
    A.CHASE: (HOW, CHASE, ANSWER, URGENT),
    A.REFUSE: (REASON,),
    A.REASSIGN: (LEAD, REASON),
    A.SUSPEND: (REASON,),
    A.MARK_NOT_APPLICABLE: (REASON,),
    A.CANCEL: (REASON,),
    A.REOPEN: (REASON,),
    A.OPEN_EARLY: (REASON,),
    A.CLOSE_JOIN: (UNITS, REASON),
    A.CHOOSE_DAY: (DAY, LATE_REASON),
    A.REQUEST_EXTENSION: (UNTIL, REASON),
    A.GRANT_EXTENSION: (UNTIL, DOCUMENT, FREE_REASON),
    A.REFUSE_EXTENSION: (REASON,),
    A.RECORD: (*ON_PAPER, SCAN),
    A.CORRECT: (CORRECTION, VALUE, REASON, DOCUMENT),
}


def forms_for(status: WorkStatus) -> dict[Action, tuple[FormField, ...]]:
    """The forms of a step in ``status``: what is recorded from paper is a decision once something lies submitted."""
    return {**FORMS, A.RECORD: DECIDED_ON_PAPER} if status is WorkStatus.SUBMITTED else FORMS


def payload_of(form: FormData, *, changed_only: bool = False) -> dict[str, Any]:
    """The payload that a submitted ``form`` stands for: texts, days in ISO form, lists, evidence and figures.

    A field ``was.<name>`` says what the page showed: what was emptied is given as empty, and with ``changed_only`` what was left alone is
    not given at all, so that two people filling in one draft do not undo each other.
    """
    payload: dict[str, Any] = {}
    fields = texts(form)
    for name, value in fields.items():
        was = fields.get(f"was.{name}", "")
        if name in CONTROL or name.startswith("was.") or not (value or was) or (changed_only and value == was):
            continue
        area, _, rest = name.partition(".")
        if area == "evidence" and "." in rest:
            code, part = rest.rsplit(".", 1)
            payload.setdefault("evidence", {}).setdefault(code, {})[part] = iso_day(value) if part == "date" else value
        elif area == "figures" and rest:
            payload.setdefault("figures", {})[rest] = value
        elif name in LISTS:
            payload[name] = [str(v) for v in form.getlist(name)]
        else:
            payload[name] = iso_day(value) if name in DAYS else value
    if str(payload.get("field", "")).endswith(DATED) and "value" in payload:
        payload["value"] = iso_day(payload["value"])
    return payload


def uploads(form: FormData) -> list[tuple[str, UploadFile]]:
    """(evidence code, file) of every file that was chosen: fields ``file`` (with ``evidence``) and ``file.<code>``."""
    found = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile) and value.filename and (name == "file" or name.startswith("file.")):
            found.append((name.partition(".")[2] if "." in name else str(form.get("evidence", "")), value))
    return found


def iso_day(value: str) -> str:
    """22/07/2024 as 2024-07-22; anything else as it is, for the rules to judge."""
    found = VIETNAMESE_DAY.fullmatch(value.strip())
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else value
