"""The engine's labels as SQL, for counting without fetching: the same sentences as `engine.timeliness`, which a test holds beside them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BindParameter, ColumnElement, and_, case, func, literal, not_
from sqlalchemy.sql.elements import TextClause

from engine.assignment import AD_HOC
from engine.instants import Now
from engine.statuses import PASSED, VOID, WorkStatus
from models.steps import UNFINISHED as WRITTEN_OUT
from models.tables import step, workflow

S = WorkStatus
At = datetime | BindParameter[datetime]  # an instant, or the parameter of a kept statement that gets one
# Written exactly as in the partial indexes, with its values in place: else SQLite would not see that they apply.
UNFINISHED: TextClause = WRITTEN_OUT
COUNTS: ColumnElement[bool] = step.c.status.not_in(sorted(VOID))


def part() -> ColumnElement[str]:
    """What a workflow is counted under: its key task's code, "" for the plan's own other work, `AD_HOC` for ad-hoc assignments."""
    return case((workflow.c.assignment_id.is_not(None), literal(AD_HOC)), else_=workflow.c.key_task)


def overdue(at: At) -> ColumnElement[bool]:
    """Past its date and not done at the instant ``at``; `UNFINISHED` must hold as well."""
    return step.c.due_at <= at


def due_soon(at: datetime) -> ColumnElement[bool]:
    """Due within the days that count as soon; `UNFINISHED` must hold as well."""
    return and_(step.c.soon_at <= at, step.c.due_at > at)


def belongs_to_day() -> ColumnElement[date]:
    """The day by which a step belongs to a period: its due date, the estimate while there is none, else the first day of its cycle."""
    return func.coalesce(step.c.due_on, step.c.planned_on, workflow.c.first_on)


def tally_columns(now: Now) -> list[ColumnElement[int]]:
    """Sums named and ordered as the fields of `engine.rollup.Tally` (without ``carried``, its last), over rows of ``step`` for which
    `COUNTS` holds."""
    done = step.c.status == S.DONE
    late = and_(done, step.c.submitted_on > step.c.due_on)
    is_overdue = and_(step.c.status.not_in(sorted(PASSED)), overdue(now.business))
    return [
        _count("on_time", and_(done, _not(late))),
        _count("late", late),
        _count("within", and_(not_(done), _not(is_overdue))),
        _count("overdue", is_overdue),
        _count("soon", and_(not_(done), due_soon(now.business))),
        _count("submitted", step.c.status == S.SUBMITTED),
        _count("returned", step.c.status == S.RETURNED),
        _count("on_time_original", and_(done, _not(step.c.submitted_on > step.c.original_due_on))),
        _count("overdue_original", and_(not_(done), _stopped_on(now.today) > step.c.original_due_on)),
    ]


def _stopped_on(today: date) -> ColumnElement[date]:
    """The day on which the unit's clock stopped, or today while it runs."""
    return case(
        (step.c.status == S.SUBMITTED, step.c.submitted_on),
        (step.c.status == S.SUSPENDED, step.c.suspended_on),
        else_=func.coalesce(step.c.closed_on, literal(today)),
    )


def _not(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Not true: false or unknown, since a comparison with a missing date is unknown."""
    return func.coalesce(condition, False).is_(False)


def _count(name: str, condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0)).label(name)
