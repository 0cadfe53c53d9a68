"""How a run that sent mail is called when it has ended."""

from __future__ import annotations

from typing import Any

from prefect.client.schemas.objects import State
from prefect.states import Completed

from services.deliver import DeliverySummary


def outcome_of_mail(summary: DeliverySummary) -> State[Any]:
    """Completed, with the totals in its name and what did not go well in its message. A mail server that is down is no failure of the run:
    nothing is lost, the next run tries again."""
    parts = [f"Gửi {summary.sent} thư"] if summary.sent else []
    parts += [f"{number} {words}" for number, words in ((summary.refused, "bị từ chối"), (summary.ambiguous, "không rõ đã đến")) if number]
    if summary.kept and summary.waiting:
        parts.append(f"giữ {summary.waiting} thư, chưa có máy chủ thư")
    if summary.unreachable:
        parts.append("máy chủ thư không trả lời")
    return Completed(name=" · ".join(parts) or "Không có thư", message=summary.unreachable or None)
