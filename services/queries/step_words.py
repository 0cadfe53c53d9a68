"""What ledger entries and correctable values of a step are called."""

from __future__ import annotations

from engine.definition import Text

LEDGER_TEXT = {
    "original": Text("Hạn gốc", "Original date"),
    "opened": Text("Tính từ ngày mở bước", "Counted from the day it opened"),
    "extension": Text("Gia hạn", "Extension"),
    "correction": Text("Đính chính ngày gia hạn", "Date of the extension corrected"),
    "taken-back": Text("Bỏ lần gia hạn ghi nhầm", "Extension entered by mistake taken back"),
    "redo": Text("Hạn làm lại", "Redo date"),
    "suspension": Text("Cộng ngày tạm dừng", "Days of suspension added"),
    "chosen": Text("Ngày đơn vị chọn", "Day chosen by the unit"),
    "reassigned": Text("Giao lại", "Reassigned"),
    "amendment": Text("Điều chỉnh kế hoạch", "Amended plan"),
    "carried": Text("Chuyển tiếp khi kết sổ", "Carried over when the cycle was closed"),
    "shift": Text("Chuyển theo lịch làm việc", "Moved with the working calendar"),
    "merger": Text("Đơn vị kế thừa tiếp nhận", "Taken over by a successor"),
}


FIELD_TEXT = {
    "submitted_on": Text("Ngày nộp", "Day of submission"),
    "done_on": Text("Ngày hoàn thành", "Day of completion"),
    "extension": Text("Hạn đã gia hạn", "Date of the extension"),
    "number": Text("số văn bản", "number of the document"),
    "date": Text("ngày văn bản", "date of the document"),
}
