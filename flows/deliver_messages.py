"""The mail that may leave now."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.outcome_of_mail import outcome_of_mail
from flows.run_name import named
from tasks.deliver import deliver


@flow(name="deliver-messages", flow_run_name=named("Gửi thư"), persist_result=False)
def deliver_messages() -> State[Any]:
    """Send it, and say how much it was."""
    return outcome_of_mail(deliver())
