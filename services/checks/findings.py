"""What a check finds, and what it remembers so that the next one costs only what changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from engine.journal import GENESIS
from engine.schedule import PlannedStep


@dataclass(frozen=True, slots=True)
class Broken:
    """An invariant that does not hold. ``invariant`` is a key of `services.invariants.INVARIANTS`; ``what`` says it in English."""

    invariant: str
    what: str
    workflow_id: int | None = None
    step_id: int | None = None

    def __str__(self) -> str:
        places = (("workflow", self.workflow_id), ("step", self.step_id))
        where = ", ".join(f"{name} {id_}" for name, id_ in places if id_ is not None)
        return f"{self.invariant}: {self.what}" + (f" ({where})" if where else "")


@dataclass
class Watch:
    """How far a workflow was checked: the journal up to ``seq`` with ``head``, and what it says by then.

    ``statuses``: by step id. ``by_hand``: steps that the standing agency opened before their time. ``carried``: those carried over when
    their cycle was closed. ``planned``: what the definition plans in ``version``. ``at``: when the latest entry was written.
    """

    seq: int = 0
    head: str = GENESIS
    statuses: dict[int, str] = field(default_factory=dict)
    by_hand: set[int] = field(default_factory=set)
    carried: set[int] = field(default_factory=set)
    planned: tuple[PlannedStep, ...] = ()
    version: int = 0
    at: datetime | None = None
