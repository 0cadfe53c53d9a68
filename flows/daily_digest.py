"""One mail a person a day for all reminders."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.outcome_of_mail import outcome_of_mail
from flows.run_name import named
from tasks.deliver import gather_and_deliver


@flow(name="daily-digest", flow_run_name=named("Thư nhắc việc trong ngày"), persist_result=False)
def daily_digest() -> State[Any]:
    """Gather, send, and say how much it was."""
    return outcome_of_mail(gather_and_deliver())
