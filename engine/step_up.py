"""Which acts ask their person once more who they are, where the office wants that (*step-up*), and for how long a proof is good."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from engine.transitions import Action


def asks(action: str, payload: Mapping[str, Any]) -> bool:
    """Whether ``action`` says that something is in order: an approval, also one entered from paper. A return may always be given."""
    return action == Action.APPROVE or (action == Action.RECORD and payload.get("decision") != Action.RETURN)


def is_due(proved_at: datetime, at: datetime, minutes: int) -> bool:
    """Whether a proof of ``proved_at`` (system time) is too old ``at``; ``minutes`` are those for which it is good, 0: for ever."""
    return bool(minutes) and at >= proved_at + timedelta(minutes=minutes)
