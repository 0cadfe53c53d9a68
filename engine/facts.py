"""Facts: what happened, past tense. One journal entry holds the facts of one action."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Fact:
    """``kind`` like "step.submitted"; ``data`` is plain JSON and never holds free text or a person's name."""

    kind: str
    data: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The form in which the journal hashes and keeps it."""
        return {"kind": self.kind, **self.data}
