"""An event as it leaves: CloudEvents 1.0 in JSON, without a word that somebody wrote.

An event is a fact of the journal. Facts hold no free text and no names; what belongs to a confidential workflow leaves without its title
and without the fact's details.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

PREFIX = "dondoc."
TRIAL = "trial"


@dataclass(frozen=True, slots=True)
class Happening:
    """One fact with what surrounds it. ``stream``, ``seq``, ``number``: where it stands in the journal; ``workflow`` and ``step``: what it
    is about, as plain JSON, None where it is about none."""

    kind: str
    stream: str
    seq: int
    number: int
    at: datetime
    details: Mapping[str, Any]
    plan: str = ""
    workflow: Mapping[str, Any] | None = None
    step: Mapping[str, Any] | None = None
    confidential: bool = False

    @property
    def id(self) -> str:
        """Its identity; the same whoever is told, and however often."""
        return f"{self.stream}:{self.seq}:{self.number}"


def cloud_event(what: Happening, source: str) -> dict[str, Any]:
    """The event as JSON. ``source``: the address of this installation."""
    data: dict[str, Any] = {"plan": what.plan} if what.plan else {}
    data |= {"workflow": dict(what.workflow)} if what.workflow else {}
    data |= {"step": dict(what.step)} if what.step else {}
    data |= {"details": dict(what.details)} if what.details and not what.confidential else {}
    subject = f"steps/{what.step['id']}" if what.step else f"workflows/{what.workflow['id']}" if what.workflow else what.stream
    return {
        "specversion": "1.0",
        "id": what.id,
        "source": source,
        "type": PREFIX + what.kind,
        "subject": subject,
        "time": what.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": data,
    }


def body_of(event: Mapping[str, Any]) -> bytes:
    """The bytes that leave and are signed: the same for every attempt."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
