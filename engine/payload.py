"""Reading what a person gave for an action. Every refusal names its field and says what would be right."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

from engine.definition import Text
from engine.errors import Invalid

LONGEST = 10_000
EARLIEST, LATEST = date(1945, 1, 1), date(2199, 12, 31)

LABELS = {
    "reason": Text("lý do", "the reason"),
    "text": Text("nội dung", "the text"),
    "until": Text("ngày hạn mới", "the new due date"),
    "lead": Text("đơn vị", "the unit"),
    "units": Text("các đơn vị", "the units"),
    "day": Text("ngày", "the day"),
    "number": Text("số văn bản", "the document's number"),
    "date": Text("ngày văn bản", "the document's date"),
    "signer": Text("người ký", "the signer"),
    "field": Text("mục cần đính chính", "the field to correct"),
    "value": Text("giá trị đúng", "the right value"),
    "files": Text("tệp", "the file"),
    "handler": Text("người xử lý", "the handler"),
    "file": Text("tệp", "the file"),
    "redo_on": Text("ngày làm lại", "the redo date"),
    "signed_on": Text("ngày văn bản", "the document's date"),
    "leader": Text("chức danh người chỉ đạo", "the title of who instructs"),
    "due_on": Text("hạn hoàn thành", "the due date"),
}


def missing(name: str) -> Invalid:
    """The refusal for a field that was left empty."""
    label = LABELS.get(name, Text(name, name))
    return Invalid(Text(f"Chưa ghi {label.vi}.", f"Give {label.en}."), code="missing", field=name)


def require(payload: dict[str, Any], needs: tuple[str, ...]) -> None:
    """Raise Invalid for the first of ``needs`` that is absent or blank."""
    for name in needs:
        value = payload.get(name)
        if value is None or value == [] or (isinstance(value, str) and not value.strip()):
            raise missing(name)


def text(payload: dict[str, Any], name: str) -> str:
    """The text of ``name`` in NFC, stripped; "" if absent. Invalid if too long or with control characters."""
    value = payload.get(name) or ""
    if not isinstance(value, str):
        raise Invalid(Text("Phải là chữ.", "It must be text."), code="type", field=name)
    value = unicodedata.normalize("NFC", value).strip()
    if len(value) > LONGEST:
        raise Invalid(Text(f"Dài quá {LONGEST} ký tự.", f"Longer than {LONGEST} characters."), code="too-long", field=name)
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\r\t" for c in value):  # Cs: half a character, which no file can hold
        raise Invalid(Text("Có ký tự điều khiển.", "It holds control characters."), code="control", field=name)
    return value


def day(payload: dict[str, Any], name: str) -> date | None:
    """The day of ``name``: a date or ISO text; None if absent. Invalid otherwise, and for a year that no calendar here knows."""
    value = payload.get(name)
    if value is None or value == "":
        return None
    try:
        found = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        found = None
    if found is None or not EARLIEST <= found <= LATEST:
        raise Invalid(
            Text("Ngày không đúng, ví dụ 22/07/2024.", "Not a date; write 22/07/2024, or 2024-07-22 in the API."),
            code="bad-date",
            field=name,
        )
    return found


def required_day(payload: dict[str, Any], name: str) -> date:
    """The day of ``name``; Invalid if absent or no date."""
    found = day(payload, name)
    if found is None:
        raise missing(name)
    return found


def codes(payload: dict[str, Any], name: str) -> tuple[str, ...]:
    """A list of codes; Invalid if it is not one."""
    value = payload.get(name) or ()
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
        raise Invalid(Text("Phải là danh sách.", "It must be a list."), code="type", field=name)
    return tuple(text({name: v}, name) for v in value)


def mapping(payload: dict[str, Any], name: str) -> dict[str, Any]:
    """The object of ``name``; {} if absent. Invalid if it is anything else."""
    value = payload.get(name) or {}
    if not isinstance(value, dict):
        raise Invalid(Text("Phải là một đối tượng.", "It must be an object."), code="type", field=name)
    return value


def whole(payload: dict[str, Any], name: str, default: int) -> int:
    """The whole number of ``name``, given as such or in digits; ``default`` if absent. Invalid otherwise."""
    value = payload.get(name, default)
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        raise Invalid(Text("Phải là số nguyên.", "It must be a whole number."), code="whole", field=name) from None
