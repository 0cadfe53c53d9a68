"""The festival's office with its calendar: what somebody types, what would move, what has moved."""

from __future__ import annotations

from datetime import date

from sqlalchemy import RowMapping, select

from engine.access import Actor
from engine.calendar import WorkCalendar
from engine.calendar_proposal import Proposal
from engine.definition import CalendarOverride
from models.database import Database
from models.tables import calendar_change, deadline, step
from services.calendar_change import Applied, Preview, apply, propose, read_additions, read_removal
from services.working_days import office_calendar
from tests.factories import person
from tests.services.mailing import Mailing

KEEPER = person(301, roles=("administrator",))
DOCUMENT = "Thông báo 6150/TB-BLĐTBXH"
DUE = date(2024, 7, 31)  # of gop-y, one for each district; a Wednesday


class Office(Mailing):
    """The festival, and the calendar of its office; ``proposed`` is what the library proposes."""

    proposed: tuple[CalendarOverride, ...] = ()

    def __init__(self, db: Database) -> None:
        super().__init__(db)
        self.people(KEEPER)

    def proposing(self) -> tuple[CalendarOverride, ...]:
        """What the library proposes when it is asked."""
        return self.proposed

    def form(self, **fields: str) -> Proposal:
        """What somebody typed, read."""
        return read_additions(self.db, {"document": DOCUMENT, **fields}, now=self.now(), proposed=self.proposing)

    def propose(self, **fields: str) -> Preview:
        """The preview of what somebody typed."""
        return propose(self.db, self.form(**fields), now=self.now(), proposed=self.proposing)

    def apply(
        self, proposal: Proposal | None = None, *, key: str = "k", seen: str | None = None, actor: Actor = KEEPER, **fields: str
    ) -> Applied:
        """Agree to it."""
        given = proposal or self.form(**fields)
        return apply(self.db, given, actor=actor, key=key, now=self.now(), proposed=self.proposing, seen=seen)

    def remove(self, day: date, key: str = "r") -> Applied:
        """Take a recorded day back."""
        return self.apply(read_removal(self.db, {"day": day.isoformat(), "document": DOCUMENT}), key=key)

    @property
    def calendar(self) -> WorkCalendar:
        """The calendar in force."""
        return office_calendar(self.db, self.proposing)

    def due(self) -> dict[tuple[str, str], date | None]:
        """The date of every step."""
        with self.db.read() as connection:
            return {(row.code, row.slot): row.due_on for row in connection.execute(select(step.c.code, step.c.slot, step.c.due_on))}

    def ledger(self, code: str, slot: str = "") -> list[RowMapping]:
        """The deadline ledger of a step."""
        own = self.step(code, slot)["id"]
        query = select(deadline).where(deadline.c.step_id == own).order_by(deadline.c.due_version)
        with self.db.read() as connection:
            return list(connection.execute(query).mappings())

    def change(self) -> RowMapping:
        """The last change of the calendar."""
        with self.db.read() as connection:
            return connection.execute(select(calendar_change).order_by(calendar_change.c.id.desc()).limit(1)).mappings().one()

    def days_of(self, code: str) -> list[date]:
        """The dates of every step with this code, in all workflows."""
        with self.db.read() as connection:
            return list(connection.execute(select(step.c.due_on).where(step.c.code == code).order_by(step.c.id)).scalars())

    def shifted(self) -> int:
        """Notices about shifted dates."""
        return len(self.notices(kind="due-shifted"))
