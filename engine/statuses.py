"""The two axes of a step: its work status (stored) and its timeliness (computed for an instant, never stored)."""

from __future__ import annotations

from enum import StrEnum

from engine.definition import Text


class WorkStatus(StrEnum):
    """Where the work of a step stands. Each docstring line below is the situation in words."""

    WAITING = "waiting"  # what it depends on is not passed yet, or its day has not come
    OPEN = "open"  # assigned; the lead unit has not said anything
    IN_PROGRESS = "in-progress"  # the lead unit has accepted
    SUBMITTED = "submitted"  # handed in; the approver's clock runs
    RETURNED = "returned"  # handed back with a reason; the unit's clock runs again
    REFUSED = "refused"  # the lead unit says it is not theirs; the standing agency must decide
    SUSPENDED = "suspended"  # the standing agency stopped the clock
    DONE = "done"  # finally approved
    CANCELLED = "cancelled"  # will not be done
    NOT_APPLICABLE = "not-applicable"  # never was theirs to do, e.g. due before the plan was issued
    PRIOR = "prior"  # due before the plan was tracked here


class Timeliness(StrEnum):
    """How a step stands to its deadline at an instant."""

    NO_DEADLINE = "no-deadline"
    WITHIN = "within"
    DUE_SOON = "due-soon"
    OVERDUE = "overdue"
    DONE_ON_TIME = "done-on-time"
    DONE_LATE = "done-late"


S = WorkStatus
VOID = frozenset({S.CANCELLED, S.NOT_APPLICABLE, S.PRIOR})  # in no denominator
PASSED = VOID | {S.DONE}  # what comes after need not wait
UNFINISHED = frozenset(S) - PASSED
WITH_UNIT = frozenset({S.OPEN, S.IN_PROGRESS, S.RETURNED})  # the lead unit's clock runs
NOT_SUBMITTED = WITH_UNIT | {S.WAITING}

STATUS_TEXT = {
    S.WAITING: Text("Chưa mở", "Not open yet"),
    S.OPEN: Text("Chưa thực hiện", "Not started"),
    S.IN_PROGRESS: Text("Đang thực hiện", "In progress"),
    S.SUBMITTED: Text("Chờ xác nhận", "Awaiting confirmation"),
    S.RETURNED: Text("Trả lại", "Returned"),
    S.REFUSED: Text("Từ chối", "Refused"),
    S.SUSPENDED: Text("Tạm dừng", "Suspended"),
    S.DONE: Text("Đã hoàn thành", "Done"),
    S.CANCELLED: Text("Đã hủy", "Cancelled"),
    S.NOT_APPLICABLE: Text("Không áp dụng", "Not applicable"),
    S.PRIOR: Text("Trước khi theo dõi", "Before tracking began"),
}

TIMELINESS_TEXT = {
    Timeliness.NO_DEADLINE: Text("Không hạn", "No deadline"),
    Timeliness.WITHIN: Text("Trong hạn", "Within deadline"),
    Timeliness.DUE_SOON: Text("Sắp đến hạn", "Due soon"),
    Timeliness.OVERDUE: Text("Quá hạn", "Overdue"),
    Timeliness.DONE_ON_TIME: Text("Hoàn thành đúng hạn", "Done on time"),
    Timeliness.DONE_LATE: Text("Hoàn thành quá hạn", "Done late"),
}
