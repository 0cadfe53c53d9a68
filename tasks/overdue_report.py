"""What is overdue now, as the rows of a table for supervisors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.access import SYSTEM
from engine.statuses import STATUS_TEXT
from models.reading.overdue import Wanted
from services.queries.lines import StepLine
from services.queries.overdue import overdue_page
from services.queries.units import UnitNames, unit_names
from wiring.context import AppContext

MOST_PAGES = 10
NOTHING_NARROWED = Wanted()


@dataclass(frozen=True, slots=True)
class OverdueReport:
    """``rows`` hold the longest overdue first, some hundreds at most; ``steps`` counts all."""

    rows: tuple[dict[str, str | int], ...]
    steps: int
    day: date

    @property
    def description(self) -> str:
        """The totals, which Prefect shows on the card."""
        if not self.steps:
            return f"Không có bước nào quá hạn, tính đến {self.day:%d/%m/%Y}."
        listed = "" if len(self.rows) == self.steps else f" (liệt kê {len(self.rows)} bước quá hạn lâu nhất)"
        return f"{self.steps} bước quá hạn, tính đến {self.day:%d/%m/%Y}{listed}."


def overdue_report(app: AppContext) -> OverdueReport:
    """The report at business now: the same list as our own page."""
    now = app.now()
    names = unit_names(app.db, now.today)
    page = overdue_page(app.db, SYSTEM, now, NOTHING_NARROWED)
    lines = list(page.lines)
    for number in range(2, min(page.pages, MOST_PAGES) + 1):
        lines += overdue_page(app.db, SYSTEM, now, NOTHING_NARROWED, number=number).lines
    return OverdueReport(tuple(_row(line, names, app.settings.public_url) for line in lines), page.total, now.today)


def _row(line: StepLine, names: UnitNames, site: str) -> dict[str, str | int]:
    """One line; its links lead to our pages, which show what Prefect's lists cannot."""
    return {
        "Đơn vị": names.short(line.lead).vi,
        "Bước": f"[{line.title.vi}]({site}/steps/{line.id})",
        "Quy trình": f"[{line.place.vi}]({site}/workflows/{line.workflow_id})",
        "Hạn": f"{line.due_on:%d/%m/%Y}" if line.due_on else "",
        "Quá hạn (ngày)": line.late_days,
        "Trạng thái": STATUS_TEXT[line.status].vi,
    }
