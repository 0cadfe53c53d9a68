"""The small values of a pack and what an official may write for each: a text, a day, a date rule, a join, a number of days.

Each raises `PydanticCustomError` of type "pack" whose context holds code, message and hint in both languages.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainValidator
from pydantic_core import PydanticCustomError

from engine import vietnamese
from engine.dates import DateRuleError, parse_rule
from engine.definition import DateRule, Join, JoinKind, Text
from engine.rungs import At, parse_at

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")


def fault(code: str, message: Text, hint: Text) -> PydanticCustomError:
    """The error by which a value of a pack is refused."""
    context = {"code": code, "vi": message.vi, "en": message.en, "hint_vi": hint.vi, "hint_en": hint.en}
    return PydanticCustomError("pack", "{en}", context)


def slug(text: str) -> str:
    """A code made from a title: lower case, without accents, joined by hyphens ("Kế hoạch" is ke-hoach)."""
    return vietnamese.slug(text)[:60]


def sentence(text: Text) -> Text:
    """``text`` with a full stop in both languages."""
    return Text(*(part if not part or part.endswith((".", "?")) else f"{part}." for part in (text.vi, text.en)))


def _code(value: Any) -> str:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(text, str) and CODE.fullmatch(text):
        return text
    message = Text(f"“{_shown(value)}” không dùng làm mã được.", f"“{_shown(value)}” cannot be a code.")
    proposal = slug(str(value)) or "ke-hoach"
    raise fault(
        "code", message, Text(f"Chữ không dấu, số và gạch nối, ví dụ {proposal}.", f"Letters without accents, digits, hyphens: {proposal}.")
    )


def _words(value: Any) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    message = Text(f"Cần văn bản, không phải “{_shown(value)}”.", f"A text is needed, not “{_shown(value)}”.")
    raise fault("text", message, Text("Đặt trong dấu nháy nếu là số.", "Put it in quotes if it is a number."))


def _day(value: Any) -> date:
    text = value if isinstance(value, str) else ""
    try:
        if match := re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", text):
            return date(int(match[3]), int(match[2]), int(match[1]))
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        hint = Text("Ngày này không có trong lịch.", "There is no such day in the calendar.")
    else:
        hint = Text("Viết 28/07/2022 hoặc 2022-07-28.", "Write 28/07/2022 or 2022-07-28.")
    raise fault("day", Text(f"“{_shown(value)}” không phải là ngày.", f"“{_shown(value)}” is not a day."), hint)


def _rule(value: Any) -> DateRule:
    try:
        return parse_rule(str(value).strip())
    except DateRuleError as error:
        raise fault("date-rule", sentence(error.text), error.hint) from None


def _join(value: Any) -> Join:
    text = str(value).strip()
    if text in ("all", "any"):
        return Join(JoinKind(text))
    if (match := re.fullmatch(r"(\d{1,3}) ?%", text)) and 1 <= int(match[1]) <= 100:
        return Join(JoinKind.PERCENT, int(match[1]))
    if re.fullmatch(r"[1-9]\d{0,3}", text):
        return Join(JoinKind.COUNT, int(text))
    message = Text(f"“{_shown(value)}” không phải là cách gộp.", f"“{_shown(value)}” is not a join.")
    raise fault(
        "join", message, Text("Viết all, any, một số (5) hoặc tỷ lệ (90 %).", "Write all, any, a number (5) or a percentage (90 %).")
    )


def _working_days(value: Any) -> int:
    if match := re.fullmatch(r"([1-9]\d{0,2})(wd)?", str(value).strip()):
        return int(match[1])
    message = Text(f"“{_shown(value)}” không phải là số ngày làm việc.", f"“{_shown(value)}” is not a number of working days.")
    raise fault("working-days", message, Text("Viết 3wd.", "Write 3wd."))


def _at(value: Any) -> At:
    found = parse_at(value) if isinstance(value, str) else None
    if found is not None:
        return found
    message = Text(f"“{_shown(value)}” không phải là bậc nhắc.", f"“{_shown(value)}” is not a rung.")
    hint = Text(
        "Viết D-3wd (ngày làm việc), D, D+30d (ngày lịch) hoặc A+1wd (hạn xác nhận).",
        "Write D-3wd (working days), D, D+30d (calendar days) or A+1wd (day for confirming).",
    )
    raise fault("rung", message, hint)


def _repeat(value: Any) -> int:
    if match := re.fullmatch(r"([1-9]\d{0,2})d", str(value).strip()):
        return int(match[1])
    message = Text(f"“{_shown(value)}” không phải là khoảng nhắc lại.", f"“{_shown(value)}” is not how often to repeat.")
    raise fault("repeat", message, Text("Viết 7d.", "Write 7d."))


def _shown(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return "{…}" if isinstance(value, dict) else "[…]"
    return "" if value is None else str(value)[:40]


CodeField = Annotated[str, PlainValidator(_code, json_schema_input_type=str | int)]
WordsField = Annotated[str, BeforeValidator(_words)]
DayField = Annotated[date, PlainValidator(_day, json_schema_input_type=str)]
RuleField = Annotated[DateRule, PlainValidator(_rule, json_schema_input_type=str)]
JoinField = Annotated[Join, PlainValidator(_join, json_schema_input_type=str | int)]
WorkingDaysField = Annotated[int, PlainValidator(_working_days, json_schema_input_type=str | int)]
AtField = Annotated[At, PlainValidator(_at, json_schema_input_type=str)]
RepeatField = Annotated[int, PlainValidator(_repeat, json_schema_input_type=str)]
