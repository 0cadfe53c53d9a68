"""What people may choose about their mail, as a table: the office says what is possible, each person what they like of it.

Whoever has to act cannot be left untold: what was assigned, returned or asked of them, and what is overdue, can be gathered into the day's
mail but not switched off. What a sender marks urgent passes every choice. The inbox holds everything, whatever is chosen here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.definition import Text
from notifications.policy import DIGEST, IMMEDIATE, URGENT

NONE = "none"
CHOICES: dict[str, Text] = {
    IMMEDIATE: Text("Thư riêng, ngay", "A mail of its own, at once"),
    DIGEST: Text("Gom vào thư trong ngày", "In the day's gathered mail"),
    NONE: Text("Không gửi thư", "No mail"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds of notices that are chosen together. ``allowed``: what the office lets one choose, its own way first."""

    code: str
    title: Text
    kinds: tuple[str, ...]
    allowed: tuple[str, ...]


GROUPS: tuple[Group, ...] = (
    Group(
        "assigned",
        Text("Giao việc, mở lại, tiếp tục", "Work assigned, reopened, resumed"),
        ("assigned", "reassigned", "to-handle", "resumed", "reopened", "flagged", "sources-corrected"),
        (IMMEDIATE, DIGEST),
    ),
    Group("returned", Text("Trả lại, đôn đốc", "Returned, chased"), ("returned", "chased"), (IMMEDIATE, DIGEST)),
    Group(
        "decisions",
        Text("Chờ tôi duyệt, trả lời hoặc chỉ đạo", "For me to approve, answer or take up"),
        ("approval-wanted", "extension-requested", "refused-assignment", "escalated"),
        (IMMEDIATE, DIGEST),
    ),
    Group(
        "dates",
        Text("Hạn thay đổi, trả lời gia hạn", "Dates that change, answers about more time"),
        ("extension-granted", "extension-refused", "due-shifted", "due-amended", "approval-shifted"),
        (IMMEDIATE, DIGEST),
    ),
    Group("overdue", Text("Quá hạn", "Overdue"), ("overdue", "approval-overdue", "escalation"), (DIGEST,)),
    Group("due-soon", Text("Sắp đến hạn", "Due soon"), ("due-soon", "approval-due"), (DIGEST, NONE)),
    Group("brief", Text("Bản tin sáng của lãnh đạo, người giám sát", "Morning brief of leaders, supervisors"), (), (IMMEDIATE, NONE)),
    Group("mentioned", Text("Nhắc đến tôi trong ý kiến", "Comments that mention me"), ("mentioned",), (IMMEDIATE, DIGEST, NONE)),
    Group("news", Text("Tin khác: ý kiến, phối hợp, kết quả duyệt", "Other news: comments, coordination, results"), (), (DIGEST, NONE)),
)
BRIEF = next(group for group in GROUPS if group.code == "brief")  # no notice: it is made each morning
_OF_KIND = {kind: group for group in GROUPS for kind in group.kinds}


def group_of(kind: str) -> Group:
    """The group of a kind of notice; what no other names is news."""
    return _OF_KIND.get(kind, GROUPS[-1])


def chosen(choices: Mapping[str, str], group: Group) -> str:
    """What somebody with ``choices`` chose of ``group``; the office's way if they did not, or if it is not allowed any more."""
    found = choices.get(group.code)
    return found if found in group.allowed else group.allowed[0]


def way(choices: Mapping[str, str], kind: str, urgency: str) -> str:
    """How a notice of ``kind`` reaches somebody with ``choices`` (by group): immediate | digest | none.

    A choice that the office does not allow (any more) counts as its own way; what it gathers is never sent by itself.
    """
    if urgency == URGENT:
        return IMMEDIATE
    group = group_of(kind)
    chosen = choices.get(group.code)
    if chosen not in group.allowed or (chosen == IMMEDIATE and urgency == DIGEST):
        return urgency
    return chosen
