"""A step's journal in words: who did what, when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.compiled import CompiledWorkflow
from engine.definition import Text
from engine.numbers import written
from engine.transitions import Action
from services.queries.step_words import FIELD_TEXT
from services.queries.units import UnitNames

A = Action
Facts = Mapping[str, Mapping[str, Any]]
HANDLER_NAMED = "step.handler-named"

# action → (icon, what was done)
DONE: dict[Action, tuple[str, Text]] = {
    A.OPEN: ("open", Text("mở bước", "opened the step")),
    A.OPEN_EARLY: ("open", Text("mở sớm", "opened it early")),
    A.CLOSE_JOIN: ("open", Text("chốt, không chờ các đơn vị còn thiếu", "closed the join without the missing units")),
    A.ACCEPT: ("hand", Text("nhận việc", "accepted the work")),
    A.REFUSE: ("no", Text("từ chối nhận việc", "refused the assignment")),
    A.PROGRESS: ("arrow", Text("báo tiến độ", "reported progress")),
    A.NAME_HANDLER: ("hand", Text("giao người xử lý", "named who handles it")),
    A.SUBMIT: ("send", Text("trình duyệt", "submitted it for approval")),
    A.RECALL: ("return", Text("thu hồi", "took it back")),
    A.APPROVE: ("done", Text("phê duyệt", "approved it")),
    A.RETURN: ("return", Text("trả lại", "returned it")),
    A.REASSIGN: ("hand", Text("giao đơn vị khác", "reassigned it")),
    A.SUSPEND: ("pause", Text("tạm dừng", "suspended it")),
    A.RESUME: ("arrow", Text("cho tiếp tục", "resumed it")),
    A.MARK_NOT_APPLICABLE: ("na", Text("ghi không áp dụng", "marked it not applicable")),
    A.CANCEL: ("no", Text("hủy bước", "cancelled it")),
    A.REOPEN: ("return", Text("mở lại", "reopened it")),
    A.CORRECT: ("file", Text("đính chính", "corrected it")),
    A.COMMENT: ("talk", Text("góp ý", "commented")),
    A.ATTACH: ("file", Text("đính kèm tệp", "attached files")),
    A.DETACH: ("file", Text("lấy tệp ra khỏi bản nháp", "took a file out of the draft")),
    A.CONTRIBUTE: ("talk", Text("đóng góp", "contributed")),
    A.CHOOSE_DAY: ("cal", Text("chọn ngày", "chose the day")),
    A.REQUEST_EXTENSION: ("cal", Text("xin gia hạn", "asked for more time")),
    A.GRANT_EXTENSION: ("cal", Text("cho gia hạn", "granted an extension")),
    A.REFUSE_EXTENSION: ("cal", Text("không cho gia hạn", "refused the extension")),
    A.CHASE: ("bell", Text("đôn đốc", "chased")),
    A.SAVE_DRAFT: ("file", Text("lưu nháp", "saved a draft")),
    A.CONSOLIDATE: ("file", Text("lấy số tổng hợp của các đơn vị", "took the units' sums over")),
    A.RECORD: ("file", Text("ghi nhận thay", "recorded from paper")),
}


# What is decided about a step beside the table of transitions, by the names that the journal gives it.
BESIDE: dict[str, tuple[str, Text]] = {
    "propose-purge": ("file", Text("đề nghị xóa tệp", "proposed to destroy a file")),
    "purge-file": ("no", Text("đã xóa tệp", "destroyed a file")),
    "refuse-purge": ("file", Text("không đồng ý xóa tệp", "refused to destroy a file")),
    "carry-over": ("arrow", Text("chuyển tiếp khi kết sổ", "carried it over at the closing of the cycle")),
    "carry-into-next": ("arrow", Text("chuyển sang kỳ sau khi kết sổ", "carried it into the next cycle")),
    "leave-unfinished": ("pause", Text("kết sổ, để chưa hoàn thành", "closed the cycle with it unfinished")),
    "release-escalation": ("bell", Text("chuyển lên cấp trên", "took it above the unit")),
    "put-off-escalation": ("wait", Text("quyết định chưa chuyển lên cấp trên", "decided not to take it above the unit for now")),
}
TOLD: dict[str, tuple[str, Text]] = {**{action.value: told for action, told in DONE.items()}, **BESIDE}


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One entry in words. ``more`` adds dates, units, rounds; ``quote`` is what the person wrote; ``files``: rows of what came or went.

    ``instead_of``: the absent person for whom they acted, "" for themselves. ``token``: by what program, "" for none; see `token_name`.
    ``mentioned``: names of those whom a comment names.
    """

    at: datetime
    icon: str
    who: str
    units: tuple[str, ...]
    did: Text
    more: Text
    quote: str
    instead_of: str
    token: str = ""
    files: tuple[Any, ...] = ()
    mentioned: tuple[str, ...] = ()


def history(
    rows: Sequence[Any], units_of: Mapping[int, Sequence[str]], workflow: CompiledWorkflow, names: UnitNames, files: Sequence[Any] = (),
    people: Mapping[int, str] | None = None,
) -> list[HistoryLine]:  # fmt: skip
    """The entries ``rows`` (newest first) in words. ``files``: the step's stored files, for the entries that speak of one; ``people``:
    names by account, of those of whom they speak."""
    stored = {(file.evidence, file.sha256): file for file in files}
    return [_line(row, tuple(units_of.get(row.account_id, ())), workflow, names, stored, people or {}) for row in rows]


def accounts_named(rows: Sequence[Any]) -> list[int]:
    """The accounts that ``rows`` speak of: mentioned in a comment, named to handle the step."""
    facts = [fact for row in rows for fact in row.body.get("facts", ())]
    mentioned = {id_ for fact in facts if fact["kind"] == "step.mentioned" for id_ in fact["accounts"]}
    return sorted(mentioned | {fact["account"] for fact in facts if fact["kind"] == HANDLER_NAMED})


def _line(
    row: Any, units: tuple[str, ...], workflow: CompiledWorkflow, names: UnitNames, stored: Mapping[tuple[str, str], Any],
    people: Mapping[int, str],
) -> HistoryLine:  # fmt: skip
    icon, did = TOLD[row.action]
    facts = {fact["kind"]: fact for fact in row.body.get("facts", ())}
    parts = [teller(facts[kind], names) for kind, teller in TELLERS.items() if kind in facts]
    parts += [
        _opened(fact, workflow)
        for fact in row.body.get("facts", ())
        if fact["kind"] == "step.opened" and fact.get("step") != row.body.get("step")
    ]
    if HANDLER_NAMED in facts:
        name = people.get(facts[HANDLER_NAMED]["account"], "")
        parts.append(Text(name, name))
    more = Text("; ".join(p.vi for p in parts if p.vi), "; ".join(p.en for p in parts if p.en))
    spoken = ((fact.get("evidence", ""), fact["sha256"]) for fact in row.body.get("facts", ()) if "sha256" in fact)
    files = tuple(stored[place] for place in spoken if place in stored)
    named = tuple(people[id_] for id_ in facts.get("step.mentioned", {}).get("accounts", ()) if id_ in people)
    return HistoryLine(row.at, icon, row.who or "", units, did, more, row.text or "", row.instead_of or "", token_name(row), files, named)


def token_name(row: Any) -> str:
    """The name of the API token that made the entry ``row``, or its number where the token was erased; "" for a person themselves."""
    number = row.body.get("token")
    return "" if number is None else row.token or f"#{number}"


def _day(iso: str) -> str:
    return f"{date.fromisoformat(iso):%d/%m/%Y}"


def _opened(fact: Mapping[str, Any], workflow: CompiledWorkflow) -> Text:
    step = workflow.steps.get(fact.get("code", ""))
    title = step.title if step else Text("")
    count = f" × {fact['count']}" if "count" in fact else ""
    return Text(f"mở bước “{title.vi}”{count}", f"opened “{title.in_('en')}”{count}")


def _submitted(fact: Mapping[str, Any], names: UnitNames) -> Text:
    day = _day(fact["on"])
    if fact.get("recorded"):
        number = f" {fact['number']}" if "number" in fact else ""
        return Text(
            f"lần {fact['round']}, tính ngày văn bản{number} {day}",
            f"round {fact['round']}, by the date of document{number}, {day}",
        )
    return Text(f"lần {fact['round']}", f"round {fact['round']}")


def _by_document(fact: Mapping[str, Any], decided: Text) -> Text:
    """A decision, with the document that it was entered from."""
    if not fact.get("recorded") or "on" not in fact:
        return decided
    number, day = fact["number"], _day(fact["on"])
    return Text(f"{decided.vi}, theo văn bản {number} ngày {day}", f"{decided.en}, by document {number} of {day}")


def _extension(fact: Mapping[str, Any], names: UnitNames) -> Text:
    document = f", {fact['document']}" if fact.get("document") else ""
    return Text(f"đến {_day(fact['until'])}{document}", f"until {_day(fact['until'])}{document}")


def _carried(fact: Mapping[str, Any], names: UnitNames) -> Text:
    return Text(f"hạn {_day(fact['until'])}", f"due {_day(fact['until'])}") if fact["until"] else Text("")


def _asked(fact: Mapping[str, Any], names: UnitNames) -> Text:
    late = (" (xin sau hạn)", " (asked after the due date)") if fact.get("late") else ("", "")
    return Text(f"đến {_day(fact['until'])}{late[0]}", f"until {_day(fact['until'])}{late[1]}")


def _reassigned(fact: Mapping[str, Any], names: UnitNames) -> Text:
    before, after = names.name(fact["from"]), names.name(fact["to"])
    return Text(f"từ {before.vi} sang {after.vi}", f"from {before.in_('en')} to {after.in_('en')}")


def _joined(fact: Mapping[str, Any], names: UnitNames) -> Text:
    found = [names.short(code) for code in fact["units"]]
    return Text(", ".join(u.vi for u in found), ", ".join(u.in_("en") for u in found))


def _corrected(fact: Mapping[str, Any], names: UnitNames) -> Text:
    said = FIELD_TEXT.get(fact["field"]) or FIELD_TEXT.get(fact["field"].rpartition(".")[2], Text(fact["field"], fact["field"]))
    change = f"{_shown(fact['old']) or '–'} → {_shown(fact['new'])}"
    return Text(f"{said.vi}: {change}", f"{said.en}: {change}")


def _shown(value: Any) -> str:
    """A day or a number as people write it; anything else as it is."""
    if isinstance(value, int):
        return written(Decimal(value))
    try:
        return _day(str(value))
    except ValueError:
        return str(value)


WAYS = {"call": Text("gọi điện", "by phone"), "chat": Text("nhắn tin", "in a chat"), "letter": Text("bằng công văn", "by letter")}

TELLERS: dict[str, Callable[[Mapping[str, Any], UnitNames], Text]] = {
    "step.submitted": _submitted,
    "step.completed": _submitted,
    "step.link-approved": lambda fact, names: Text("chuyển cấp duyệt tiếp theo", "passed on to the next approver"),
    "step.approval-given": lambda fact, names: Text("còn chờ đơn vị khác cùng cấp", "others of the same link are still to approve"),
    "step.approved": lambda fact, names: _by_document(fact, Text("hoàn thành", "done")),
    "step.returned": lambda fact, names: _by_document(
        fact, Text(f"trả lại, làm lại trước hết ngày {_day(fact['redo_on'])}", f"returned, to be redone by {_day(fact['redo_on'])}")
    ),
    "step.extension-requested": _asked,
    "step.extension-granted": _extension,
    "step.carried-over": _carried,
    "step.day-chosen": lambda fact, names: Text(_day(fact["day"]), _day(fact["day"])),
    "step.reassigned": _reassigned,
    "step.handler-released": lambda fact, names: Text("không giao riêng ai nữa", "nobody any more"),
    "step.chase-recorded": lambda fact, names: WAYS[fact["how"]],
    "step.join-closed": _joined,
    "step.resumed": lambda fact, names: Text(f"cộng {fact['working_days']} ngày làm việc", f"{fact['working_days']} working days added"),
    "step.corrected": _corrected,
}
