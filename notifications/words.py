"""Words that several messages share, in both languages: labels, why one hears, which rung it is, how late, and short headlines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from engine.definition import Text
from engine.statuses import STATUS_TEXT, WorkStatus
from notifications.contexts import Item

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = Text("thứ Hai,thứ Ba,thứ Tư,thứ Năm,thứ Sáu,thứ Bảy,Chủ nhật", "Mon,Tue,Wed,Thu,Fri,Sat,Sun")

LABELS: dict[str, Text] = {
    "greeting": Text("Kính gửi", "Dear"),
    "lead": Text("Đơn vị chủ trì", "Lead unit"),
    "due": Text("Hạn", "Due"),
    "was": Text("trước là", "was"),
    "needed": Text("Cần nộp", "To be handed in"),
    "by": Text("Người gửi", "From"),
    "note": Text("Nội dung", "What was said"),
    "next": Text("Việc cần làm", "What to do"),
    "notice": Text("Thông báo", "Notice"),
    "preferences": Text("Tùy chọn nhận thư", "Mail preferences"),
    "automatic": Text("Thư tự động, xin không trả lời.", "Sent automatically; please do not reply."),
    "rung": Text("Bậc nhắc", "Reminder"),
    "handler": Text("Người xử lý", "Handler"),
    "login": Text("Tên đăng nhập", "Sign-in name"),
    "streams": Text("Số luồng nhật ký đã đổi", "Streams that changed"),
    "no-deadline": Text("không có hạn", "no deadline"),
    "confidential": Text("Nội dung chỉ xem được sau khi đăng nhập.", "The content is shown only after signing in."),
}

WHY: dict[str, Text] = {
    "lead": Text("là đầu mối của {unit}, đơn vị chủ trì", "you are the contact of {unit}, the lead unit"),
    "head": Text("phụ trách {unit}", "you head {unit}"),
    "former": Text("là đầu mối của {unit}, đơn vị vừa bàn giao", "you are the contact of {unit}, which has just handed it over"),
    "approver": Text("{unit} là nơi xác nhận bước này", "{unit} confirms this step"),
    "agency": Text("thuộc cơ quan thường trực", "you act for the standing agency"),
    "agency-head": Text("lãnh đạo {unit}, cơ quan thường trực", "you head {unit}, the standing agency"),
    "committee": Text("thuộc {unit}", "you are a member of {unit}"),
    "coordinating": Text("là đầu mối của {unit}, đơn vị phối hợp", "you are the contact of {unit}, a coordinating unit"),
    "handler": Text("{unit} giao bạn xử lý bước này", "{unit} named you to handle this step"),
    "mentioned": Text("được nhắc đến trong một ý kiến", "somebody mentioned you in a comment"),
    "holder": Text("việc đang chờ {unit}", "it is now waiting for {unit}"),
    "brief": Text("là lãnh đạo hoặc người giám sát kế hoạch", "you lead or supervise the plan"),
    "auditors": Text("là người kiểm tra, giám sát nhật ký", "you audit the journal"),
    "account": Text("địa chỉ này là của tài khoản đó", "this is the address of that account"),
    "deputy": Text("thay mặt {name} ({unit}) trong thời gian vắng", "you stand in for {name} ({unit}), who is away"),
    "stands-in": Text("{unit} chưa có ai nhận được thư, nên báo cơ quan thường trực", "nobody in {unit} can be reached by mail"),
}  # fmt: skip

# What a line of a digest says first, for notices that are not about being late.
HEADLINES: dict[str, Text] = {
    "coordinating": Text("Phối hợp", "To coordinate"),
    "waiting-again": Text("Chờ lại", "Waiting again"),
    "approved": Text("Đã duyệt", "Approved"),
    "recalled": Text("Đã thu hồi", "Recalled"),
    "handed-over": Text("Đã bàn giao", "Handed over"),
    "suspended": Text("Tạm dừng", "Suspended"),
    "not-applicable": Text("Không áp dụng", "Not applicable"),
    "cancelled": Text("Đã hủy", "Cancelled"),
    "corrected": Text("Đính chính", "Corrected"),
    "commented": Text("Có ý kiến", "Comment"),
    "contributed": Text("Có đóng góp", "Contribution"),
    "carried-over": Text("Kết sổ, chuyển tiếp", "Carried over"),
    "carried-into-next": Text("Kết sổ, chuyển sang kỳ sau", "Carried into the next cycle"),
    "left-unfinished": Text("Kết sổ, chưa hoàn thành", "Closed unfinished"),
    "due-shifted": Text("Hạn chuyển theo lịch làm việc", "Date moved with the calendar"),
    "due-amended": Text("Hạn điều chỉnh theo kế hoạch", "Date amended with the plan"),
    "lead-amended": Text("Giao cho đơn vị theo kế hoạch điều chỉnh", "Yours by the amended plan"),
    "amended": Text("Yêu cầu thay đổi theo kế hoạch điều chỉnh", "Asked otherwise by the amended plan"),
    "removed": Text("Không còn phải làm", "No longer to be done"),
    "restored": Text("Lại phải làm", "To be done after all"),
    "approval-shifted": Text("Hạn xác nhận chuyển theo lịch", "Day for confirming moved"),
    "succeeded": Text("Tiếp nhận từ đơn vị cũ", "Taken over from the unit before"),
    "approver-succeeded": Text("Tiếp nhận việc xác nhận", "Confirming taken over"),
    "approval-due": Text("Chờ xác nhận", "To be confirmed"),
    "approval-overdue": Text("Chờ xác nhận quá lâu", "Confirmation overdue"),
    "unreachable": Text("Không ai nhận được thư", "Nobody reachable"),
    "proposed": Text("Đề nghị đôn đốc cấp trên", "Proposed: chase above the unit"),
}

# What a notice is called where it stands by itself, in the inbox; those with a headline above keep it.
TITLES: dict[str, Text] = {
    "assigned": Text("Việc mới", "New"),
    "flagged": Text("Cần xem lại", "Please check"),
    "mentioned": Text("Nhắc đến bạn", "You are mentioned"),
    "refused-assignment": Text("Từ chối nhận việc", "Assignment refused"),
    "approval-wanted": Text("Chờ xác nhận", "To confirm"),
    "returned": Text("Trả lại", "Returned"),
    "reassigned": Text("Giao lại việc", "Reassigned"),
    "to-handle": Text("Giao bạn xử lý", "Yours to handle"),
    "resumed": Text("Tiếp tục", "Resumed"),
    "reopened": Text("Mở lại", "Reopened"),
    "extension-requested": Text("Xin gia hạn", "More time asked for"),
    "extension-granted": Text("Được gia hạn", "Extended"),
    "extension-refused": Text("Không được gia hạn", "Not extended"),
    "chased": Text("Đôn đốc", "Chased"),
    "escalated": Text("Chuyển cấp trên", "Escalated"),
    "due-soon": Text("Sắp đến hạn", "Due soon"),
    "overdue": Text("Quá hạn", "Overdue"),
    "escalation": Text("Báo lãnh đạo: quá hạn", "To the head: overdue"),
    "anchored": Text("Neo nhật ký", "Anchor of the journal"),
    "password-reset": Text("Đặt lại mật khẩu", "New password"),
    "invited": Text("Mời dùng tài khoản", "Invitation"),
}

REASONS: dict[str, Text] = {
    "due-changed": Text("hạn đã đổi", "the due date has changed"),
    "lead-changed": Text("đã giao đơn vị khác", "another unit leads it now"),
    "closed": Text("chu kỳ đã kết sổ", "its cycle was closed"),
    "answered": Text("đã được trả lời", "it was answered"),
    "no-units": Text("không có đơn vị nào liên quan", "no unit is concerned"),
    "nobody": Text("không có ai để gửi", "there is nobody to tell"),
    "own-act": Text("người nhận chính là người đã làm", "the reader did it themselves"),
    "no-address": Text("tài khoản chưa có địa chỉ thư", "the account has no address"),
    "left": Text("người nhận không còn làm việc", "the reader has left"),
    "reads-no-more": Text("người được nhắc đến không còn xem bước này", "who was mentioned reads this step no more"),
    "handled-otherwise": Text("nay không còn giao người này xử lý", "it is no longer this person who handles it"),
    "reachable": Text("đã có người nhận được thư", "somebody can be reached by now"),
    "newer": Text("đã có nhắc việc mới hơn", "a newer reminder speaks for it"),
    "superseded": Text("gộp vào thư của ngày sau", "gathered into a later day's mail"),
    "no-step": Text("không còn bước nào", "there is no such step any more"),
    "link-over": Text("liên kết đã dùng, đã thay hoặc hết hạn", "its link was used, replaced or has expired"),
    "lease-expired": Text("chương trình dừng giữa lúc gửi", "the program ended while it was being sent"),
    "sent-again": Text("gửi lại một lần, cùng mã thư", "sent once more, as the same mail"),
    "by-hand": Text("gửi lại theo yêu cầu", "sent again by hand"),
    "webhook-removed": Text("webhook đã gỡ", "the webhook was removed"),
    "nobody-confirms": Text("bước này không cần ai xác nhận", "nobody has to confirm this step"),
}


def day_text(day: date, language: str, *, weekday: bool = False) -> str:
    """A date as people write it: 22/07/2024, in English 22 Jul 2024; with its weekday if asked."""
    written = f"{day.day} {MONTHS[day.month - 1]} {day.year}" if language == "en" else f"{day:%d/%m/%Y}"
    name = WEEKDAYS.in_(language).split(",")[day.weekday()]
    if not weekday:
        return written
    return f"{name} {written}" if language == "en" else f"{written} ({name})"


def label(name: str, language: str) -> str:
    """A fixed word of the letter."""
    return LABELS[name].in_(language)


def counted(number: int, vi: str, one: str, many: str, language: str) -> str:
    """``number`` with its noun: Vietnamese has one form, English two."""
    return f"{number} {vi}" if language != "en" else f"{number} {one if number == 1 else many}"


def why(item: Item, language: str) -> str:
    """Why the reader gets this, as the end of a sentence."""
    if item.instead_of:
        return WHY["deputy"].in_(language).format(name=item.instead_of, unit=item.capacity)
    return WHY["stands-in" if item.stands_in else item.audience].in_(language).format(unit=item.capacity)


def lateness(days: int, language: str) -> str:
    """How a due day lies to today: 3 days late, due today, 2 days left."""
    if days < 0:
        return f"{-days} day{'s' if days < -1 else ''} late" if language == "en" else f"Quá hạn {-days} ngày"
    if days == 0:
        return "Due today" if language == "en" else "Hôm nay đến hạn"
    return f"{days} day{'s' if days > 1 else ''} left" if language == "en" else f"Còn {days} ngày"


LATE_OR_SOON = ("due-soon", "overdue", "escalation")
ASKS = ("approval-wanted", "extension-requested", "refused-assignment", "approval-due", "approval-overdue")


def headline(item: Item, language: str) -> str:
    """The first words of a line in a digest."""
    if item.proposed:
        return HEADLINES["proposed"].in_(language)
    if item.kind not in LATE_OR_SOON:
        return heading(item.kind).in_(language)
    if item.days is None:
        return LABELS["next"].in_(language)
    return lateness(item.days, language)


def heading(kind: str, *, proposed: bool = False) -> Text:
    """What a notice is called by itself."""
    return HEADLINES["proposed"] if proposed else TITLES.get(kind) or HEADLINES.get(kind) or LABELS["notice"]


def tone(item: Item) -> str:
    """How heavily a line is drawn: late | soon | plain; by its days, as its words are, for a mail may leave days after its rung."""
    if item.kind == "approval-overdue" or (item.kind in LATE_OR_SOON and (item.days or 0) < 0):
        return "late"
    return "soon" if item.kind in (*LATE_OR_SOON, "approval-due") else "plain"


SECTIONS = ("late", "soon", "decide", "news")  # the order of a digest


def section(item: Item) -> str:
    """Where a line stands in a digest."""
    if item.proposed or item.kind in ASKS:
        return "decide"
    found = tone(item)
    return "news" if found == "plain" else found


def parts(items: Sequence[Item], language: str) -> list[str]:
    """What a digest holds, counted: "2 việc quá hạn", "1 việc sắp đến hạn"."""
    found = {name: sum(section(item) == name for item in items) for name in SECTIONS}
    alone = found["news"] == len(items)
    nouns = {
        "late": ("việc quá hạn", "overdue", "overdue"),
        "soon": ("việc sắp đến hạn", "due soon", "due soon"),
        "decide": ("việc chờ quyết định", "to decide", "to decide"),
        "news": ("tin mới", "update", "updates") if alone else ("tin khác", "other item", "other items"),
    }
    return [counted(number, *nouns[name], language) for name, number in found.items() if number]


def brief_lines(n: Mapping[str, Any], language: str) -> list[str]:
    """How it stands and what changed, as the sentences of a brief; ``n``: the numbers by name."""
    rates = tuple("–" if n[name] is None else str(n[name]) for name in ("on_time_rate", "original_rate"))
    if language == "en":
        return [
            f"{counted(n['total'], '', 'step', 'steps', language)}; completed {n['completed']}, of these late {n['late']}",
            f"not completed {n['not_completed']}, of these overdue {n['overdue']}, due soon {n['soon']}",
            f"on time {rates[0]}% by the current date, {rates[1]}% by the original date",
            f"since {day_text(n['since'], language)}, completed {n['done']}, handed in {n['submitted']}, returned {n['returned']}, "
            f"newly overdue {n['new_overdue']}, opened {n['opened']}",
        ]
    rates = tuple(rate.replace(".", ",") for rate in rates)
    return [
        f"{n['total']} bước; đã hoàn thành {n['completed']}, trong đó quá hạn {n['late']}",
        f"chưa hoàn thành {n['not_completed']}, trong đó quá hạn {n['overdue']}, sắp đến hạn {n['soon']}",
        f"đúng hạn {rates[0]} % theo hạn hiện tại, {rates[1]} % theo hạn gốc",
        f"từ {day_text(n['since'], language)}, hoàn thành {n['done']}, mới nộp {n['submitted']}, bị trả lại {n['returned']}, "
        f"mới quá hạn {n['new_overdue']}, mới mở {n['opened']}",
    ]


_RUNG = re.compile(r"(?P<clock>[DA])(?:(?P<offset>[+-]\d+)(?P<calendar>d)?)?(?:-[a-z]+)?(?:/(?P<number>\d+))?")


def rung_text(key: str, language: str) -> str:
    """Which rung of the ladder a reminder is, from its key: D-3, D, D+7/2, A+1."""
    found = _RUNG.fullmatch(key)
    if found is None:
        return key
    offset, number = int(found["offset"] or 0), int(found["number"] or 0)
    again = Text(f", nhắc lại lần {number}", f", repeat {number}").in_(language) if number else ""
    approval = found["clock"] == "A"
    if offset == 0:
        day = Text("đúng ngày hạn xác nhận", "on the day for confirming") if approval else Text("đúng ngày đến hạn", "on the due day")
        return day.in_(language) + again
    nouns = ("ngày", "day", "days") if found["calendar"] else ("ngày làm việc", "working day", "working days")
    days = counted(abs(offset), *nouns, language)
    side = Text("trước" if offset < 0 else "sau", "before" if offset < 0 else "after").in_(language)
    date_ = Text("hạn xác nhận" if approval else "hạn", "the day for confirming" if approval else "the due day").in_(language)
    return f"{days} {side} {date_}{again}"


def reason_text(code: str, language: str) -> str:
    """A stored reason in words; an answer from a mail server is shown as it came."""
    if code in REASONS:
        return REASONS[code].in_(language)
    if code.startswith("status:"):
        now = STATUS_TEXT[WorkStatus(code.removeprefix("status:"))].in_(language)
        return f"bước nay đã “{now}”" if language != "en" else f"the step is “{now}” by now"
    return code
