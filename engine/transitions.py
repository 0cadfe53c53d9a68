"""What can be done to a step, by whom, from which status to which: the whole state machine is the table below.

Buttons, refusals, API errors, the documentation and the diagram are made from it. To change what a person may do, change a row.
Sources: DESIGN of the product (rules as tables); NĐ 138/2016 for the single lead unit and for confirmation by the assigning authority.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from engine.definition import Text
from engine.statuses import NOT_SUBMITTED, UNFINISHED, VOID, WITH_UNIT, WorkStatus

S = WorkStatus


class Action(StrEnum):
    OPEN = "open"
    OPEN_EARLY = "open-early"
    ACCEPT = "accept"
    REFUSE = "refuse"
    PROGRESS = "progress"
    SUBMIT = "submit"
    RECALL = "recall"
    APPROVE = "approve"
    RETURN = "return"
    REASSIGN = "reassign"
    SUSPEND = "suspend"
    RESUME = "resume"
    MARK_NOT_APPLICABLE = "mark-not-applicable"
    CANCEL = "cancel"
    REOPEN = "reopen"
    CORRECT = "correct"
    COMMENT = "comment"
    ATTACH = "attach"
    CONTRIBUTE = "contribute"
    CHOOSE_DAY = "choose-day"
    REQUEST_EXTENSION = "request-extension"
    GRANT_EXTENSION = "grant-extension"
    REFUSE_EXTENSION = "refuse-extension"
    CHASE = "chase"
    CLOSE_JOIN = "close-join"
    RECORD = "record"


class Relation(StrEnum):
    """How a person stands to a step; `engine.access` works it out."""

    LEAD = "lead"
    COORDINATING = "coordinating"
    APPROVER = "approver"  # of the current link of the chain
    CHAIN = "chain"  # approves in some link, whether or not it is its turn
    AGENCY = "agency"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    SYSTEM = "system"


A, R = Action, Relation
UNIT = frozenset({R.LEAD})
APPROVERS = frozenset({R.APPROVER})
AGENCY = frozenset({R.AGENCY})
CONCERNED = frozenset({R.LEAD, R.COORDINATING, R.CHAIN, R.AGENCY, R.SUPERVISOR})
SAME: frozenset[WorkStatus] = frozenset()


@dataclass(frozen=True, slots=True)
class Transition:
    """One row. ``to``: the status it can end in (several where the situation decides; empty: the status stays).

    ``needs``: what must be given. ``checks_version``: a stale page is told so.

    ``wakes``: the workflow's flow run has something to see. ``label`` is the button, ``then`` says what happens next.
    """

    action: Action
    sources: frozenset[WorkStatus]
    to: frozenset[WorkStatus]
    who: frozenset[Relation]
    label: Text
    then: Text
    needs: tuple[str, ...] = ()
    checks_version: bool = True
    wakes: bool = True


def _row(
    action: Action, sources: Iterable[WorkStatus], to: Iterable[WorkStatus], who: frozenset[Relation], label: tuple[str, str], then: tuple[str, str],
    *, needs: tuple[str, ...] = (), free: bool = False, wakes: bool = True,
) -> Transition:  # fmt: skip
    return Transition(action, frozenset(sources), frozenset(to), who, Text(*label), Text(*then), needs, not free, wakes)


# fmt: off
TABLE: tuple[Transition, ...] = (
    _row(A.OPEN, {S.WAITING}, {S.OPEN}, frozenset({R.SYSTEM}), ("Mở bước", "Open"), ("Đơn vị chủ trì được giao việc.", "The lead unit is assigned.")),
    _row(A.OPEN_EARLY, {S.WAITING}, {S.OPEN}, AGENCY, ("Mở sớm", "Open early"), ("Mở ngay, không chờ bước trước.", "Opens now, without waiting for what comes before."), needs=("reason",)),
    _row(A.CLOSE_JOIN, {S.WAITING}, {S.OPEN}, AGENCY, ("Chốt, không chờ", "Close the join"), ("Bước mở; đơn vị còn thiếu vẫn phải nộp và vẫn tính quá hạn.", "The step opens; the missing units still owe theirs and stay overdue."), needs=("units", "reason")),
    _row(A.ACCEPT, {S.OPEN}, {S.IN_PROGRESS}, UNIT, ("Nhận việc", "Accept"), ("Cơ quan thường trực biết đơn vị đã nhận. Hạn không đổi.", "The standing agency sees that you have it. The due date stays.")),
    _row(A.REFUSE, {S.OPEN}, {S.REFUSED}, UNIT, ("Từ chối", "Refuse"), ("Cơ quan thường trực phải giao lại hoặc giữ nguyên.", "The standing agency must reassign it or insist."), needs=("reason",)),
    _row(A.PROGRESS, {S.OPEN}, {S.IN_PROGRESS}, UNIT, ("Báo tiến độ", "Report progress"), ("Ghi một dòng vào nhật ký. Hạn không đổi.", "A line in the journal. The due date stays."), needs=("text",), free=True),
    _row(A.PROGRESS, {S.IN_PROGRESS, S.RETURNED}, SAME, UNIT, ("Báo tiến độ", "Report progress"), ("Ghi một dòng vào nhật ký. Hạn không đổi.", "A line in the journal. The due date stays."), needs=("text",), free=True, wakes=False),
    _row(A.SUBMIT, WITH_UNIT, {S.SUBMITTED, S.DONE}, UNIT, ("Trình duyệt", "Submit for approval"), ("Đồng hồ của đơn vị dừng; đồng hồ của người duyệt chạy.", "Your clock stops; the approver's starts.")),
    _row(A.RECALL, {S.SUBMITTED}, {S.IN_PROGRESS}, UNIT, ("Thu hồi", "Recall"), ("Lấy lại khi chưa ai duyệt; đồng hồ của đơn vị chạy tiếp.", "Taken back while nobody has approved; your clock runs again.")),
    _row(A.APPROVE, {S.SUBMITTED}, {S.SUBMITTED, S.DONE}, APPROVERS, ("Phê duyệt", "Approve"), ("Chuyển người duyệt tiếp theo, hoặc hoàn thành.", "Goes to the next approver, or is done.")),
    _row(A.RETURN, {S.SUBMITTED}, {S.RETURNED}, APPROVERS, ("Trả lại", "Return"), ("Đơn vị làm lại; đồng hồ của đơn vị chạy tiếp.", "The unit does it again; its clock runs again."), needs=("reason",)),
    _row(A.RECORD, WITH_UNIT, {S.SUBMITTED, S.DONE}, AGENCY, ("Ghi nhận thay: đã nộp", "Record a submission"), ("Ghi việc nộp trên giấy; tính theo ngày văn bản.", "Enters what was handed in on paper; the document's date counts."), needs=("number", "date", "signer")),
    _row(A.RECORD, {S.SUBMITTED}, {S.SUBMITTED, S.DONE}, AGENCY, ("Ghi nhận thay: đã duyệt", "Record an approval"), ("Ghi quyết định trên giấy của người duyệt.", "Enters the approver's decision made on paper."), needs=("number", "date", "signer")),
    _row(A.REASSIGN, UNFINISHED - {S.REFUSED, S.SUBMITTED}, SAME, AGENCY, ("Giao đơn vị khác", "Reassign"), ("Đơn vị mới chịu trách nhiệm; đơn vị cũ vẫn đọc được.", "The new unit answers for it; the former one can still read it."), needs=("lead", "reason")),
    _row(A.REASSIGN, {S.REFUSED}, {S.OPEN}, AGENCY, ("Giao lại", "Reassign"), ("Đơn vị được giao chịu trách nhiệm từ bây giờ.", "The unit named answers for it from now on."), needs=("lead", "reason")),
    _row(A.SUSPEND, NOT_SUBMITTED | {S.REFUSED}, {S.SUSPENDED}, AGENCY, ("Tạm dừng", "Suspend"), ("Đồng hồ dừng; khi tiếp tục, số ngày dừng được cộng vào hạn.", "The clock stops; on resume the days are added to the due date."), needs=("reason",)),
    _row(A.RESUME, {S.SUSPENDED}, NOT_SUBMITTED | {S.REFUSED}, AGENCY, ("Tiếp tục", "Resume"), ("Trở về trạng thái trước khi dừng, hạn lùi theo.", "Back to where it was, with a later date.")),
    _row(A.MARK_NOT_APPLICABLE, UNFINISHED, {S.NOT_APPLICABLE}, AGENCY, ("Không áp dụng", "Not applicable"), ("Không tính vào mẫu số nào; bước sau không chờ.", "In no denominator; what follows need not wait."), needs=("reason",)),
    _row(A.CANCEL, UNFINISHED, {S.CANCELLED}, AGENCY, ("Hủy bước", "Cancel"), ("Không phải làm nữa; bước sau không chờ.", "Need not be done; what follows need not wait."), needs=("reason",)),
    _row(A.REOPEN, {S.DONE} | (VOID - {S.PRIOR}), {S.IN_PROGRESS}, AGENCY, ("Mở lại", "Reopen"), ("Bước sau chưa làm gì thì trở về chờ; đã làm thì được đánh dấu.", "Untouched successors wait again; others are flagged."), needs=("reason",)),
    _row(A.CORRECT, {S.DONE}, SAME, AGENCY, ("Đính chính", "Correct"), ("Ghi giá trị mới bên cạnh giá trị cũ.", "The new value stands beside the old one."), needs=("field", "value", "reason"), wakes=False),
    _row(A.CHOOSE_DAY, NOT_SUBMITTED, SAME, UNIT, ("Chọn ngày", "Choose the day"), ("Ngày đã chọn là hạn của đơn vị và không dời theo lịch.", "The chosen day is your due date; the calendar does not move it."), needs=("day",)),
    _row(A.REQUEST_EXTENSION, NOT_SUBMITTED, SAME, UNIT, ("Xin gia hạn", "Ask for more time"), ("Đồng hồ vẫn chạy cho đến khi được trả lời.", "The clock keeps running until it is answered."), needs=("until", "reason"), wakes=False),
    _row(A.GRANT_EXTENSION, NOT_SUBMITTED, SAME, AGENCY, ("Cho gia hạn", "Grant an extension"), ("Hạn mới thay hạn cũ; hạn gốc vẫn được giữ.", "The new date replaces the current one; the original is kept."), needs=("until",)),
    _row(A.REFUSE_EXTENSION, NOT_SUBMITTED, SAME, AGENCY, ("Không cho gia hạn", "Refuse the extension"), ("Hạn không đổi; đơn vị được báo.", "The date stays; the unit is told."), needs=("reason",), wakes=False),
    _row(A.ATTACH, NOT_SUBMITTED, SAME, frozenset({R.LEAD, R.COORDINATING, R.AGENCY}), ("Đính kèm", "Attach"), ("Tệp nằm trong bản nháp cho đến khi trình.", "The file lies in the draft until you submit."), needs=("files",), free=True, wakes=False),
    _row(A.CONTRIBUTE, NOT_SUBMITTED, SAME, frozenset({R.COORDINATING}), ("Đóng góp", "Contribute"), ("Đơn vị chủ trì thấy ngay.", "The lead unit sees it at once."), needs=("text",), free=True, wakes=False),
    _row(A.COMMENT, frozenset(S), SAME, CONCERNED, ("Ý kiến", "Comment"), ("Mọi đơn vị của bước này đọc được.", "Every unit of this step can read it."), needs=("text",), free=True, wakes=False),
    _row(A.CHASE, UNFINISHED, SAME, AGENCY, ("Đôn đốc", "Chase"), ("Người giữ đồng hồ nhận thư ngay; việc đôn đốc được ghi lại.", "Whoever holds the clock gets a mail now; the chase is recorded."), free=True, wakes=False),
)
# fmt: on

_BY_KEY = {(row.action, source): row for row in TABLE for source in row.sources}


def find(action: Action, status: WorkStatus) -> Transition | None:
    """The row for ``action`` from ``status``, or None if the table has none."""
    return _BY_KEY.get((action, status))


def sources(action: Action) -> frozenset[WorkStatus]:
    """Every status from which ``action`` is possible."""
    return frozenset(status for a, status in _BY_KEY if a == action)


def rows_from(status: WorkStatus) -> tuple[Transition, ...]:
    """Every row that starts in ``status``, in the table's order."""
    return tuple(row for row in TABLE if status in row.sources)
