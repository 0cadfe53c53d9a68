"""When mail may leave: on working days, within office hours. What a sender marked urgent passes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from engine import instants
from engine.calendar import WorkCalendar
from engine.instants import at_local, local_day


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Local times on working days; both ends count as open. ``digest_from``: when the gathered mail of the day may be made."""

    calendar: WorkCalendar
    from_: time = time(7, 0)
    to: time = time(18, 0)
    digest_from: time = time(7, 30)

    def open_at(self, instant: datetime) -> bool:
        """Whether mail may leave at ``instant`` (aware, business time)."""
        return self._within(instant, self.from_)

    def digest_at(self, instant: datetime) -> bool:
        """Whether the day's gathered mail may be made at ``instant`` (aware, business time)."""
        return self._within(instant, max(self.from_, self.digest_from))

    def _within(self, instant: datetime, first: time) -> bool:
        day = local_day(instant)
        opens, closes = at_local(day, first.hour, first.minute), at_local(day, self.to.hour, self.to.minute)
        return self.calendar.is_working(day) and opens <= instant < closes + timedelta(minutes=1)


def minute_of_day(instant: datetime) -> int:
    """How many minutes of its local day have passed at ``instant`` (aware)."""
    local = instant.astimezone(instants.LOCAL)
    return local.hour * 60 + local.minute
