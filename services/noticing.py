"""Notices from facts: the policy table decides who hears what; here it becomes outbox rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.facts import Fact
from engine.instants import Now
from notifications.keys import fact_key
from notifications.policy import rules_for


def notices_for(
    facts: Iterable[Fact],
    *,
    stream: str,
    seq: int,
    plan_id: int,
    workflow_id: int | None,
    step_id: int | None,
    now: Now,
    urgent: bool = False,
) -> list[dict[str, Any]]:
    """One row per fact and rule. A fact with its own ``step``/``code`` is about that step, or about a whole fan-out."""
    rows: list[dict[str, Any]] = []
    for number, fact in enumerate(facts):
        about = fact.data.get("step", None if "code" in fact.data else step_id)
        for rule in rules_for(fact.kind):
            rows.append(
                {
                    "key": fact_key(stream, seq, number, rule.kind),
                    "kind": rule.kind,
                    "plan_id": plan_id,
                    "workflow_id": workflow_id,
                    "step_id": about,
                    "step_code": fact.data.get("code") if about is None else None,
                    "stream": stream,
                    "seq": seq,
                    "audience": rule.audience,
                    "unit": fact.data.get("from") if rule.audience == "former" else None,
                    "rung": None,
                    "due_version": None,
                    "urgency": "urgent" if urgent else rule.urgency,
                    "data": {},
                    "business_at": now.business,
                    "created_at": now.system,
                    "state": "pending",
                    "reason": "",
                }
            )
    return rows
