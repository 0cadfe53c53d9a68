"""The replay: a plan published on its day of issue and lived through to an instant, in an empty database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from engine.access import SYSTEM
from engine.calendar import WorkCalendar
from engine.definition import PlanDefinition
from engine.instants import Now, at_local, local_day
from models.database import Database
from services.publish import publish
from simulation.people import employ
from simulation.play import Hook, Play, nobody_watches
from simulation.post import NO_POST, Post
from simulation.stage import Stage
from simulation.story import NO_STORY, Story


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay came to: the plan, how many ``steps`` there are, how many ``actions`` people took."""

    plan_id: int
    steps: int
    actions: int


@dataclass(frozen=True, slots=True)
class Staging:
    """How a replay goes. ``twice``, ``rare``, ``unplanned`` and ``people_change`` as `simulation.stage.Stage` takes them.

    ``outages``: days on which only the pages run.
    """

    story: Story = NO_STORY
    post: Post = NO_POST
    twice: float = 0.0
    rare: float = 1.0
    unplanned: bool = False
    people_change: bool = False
    outages: frozenset[date] = frozenset()


def replay(
    db: Database, definition: PlanDefinition, *, seed: int, until: datetime, calendar: WorkCalendar, staging: Staging | None = None,
    after_sweep: Hook = nobody_watches, after_day: Hook = nobody_watches, on_progress: Callable[[float], None] | None = None,
) -> Replayed:  # fmt: skip
    """Publish ``definition`` and live through it up to ``until`` (aware, exclusive). ``db`` has the tables and nothing in them.

    The same ``seed`` gives the same history, but for the salts of the journal. ``on_progress`` hears the share of days lived.
    """
    staging = staging or Staging()
    first, last = definition.issued_on, local_day(until)
    start = at_local(first, 0, 1)
    plan_id = publish(db, definition, now=Now(start, start), actor=SYSTEM)
    staff = employ(db, definition, last)
    stage = Stage(
        db, definition, staff, seed, calendar, staging.story, staging.twice, staging.rare, plan_id, staging.unplanned, staging.people_change
    )  # fmt: skip

    def over(at: datetime) -> None:
        after_day(at)
        if on_progress:
            on_progress((local_day(at) - first).days / max(1, (last - first).days))

    Play(stage, post=staging.post, outages=staging.outages, after_sweep=after_sweep, after_day=over).run(first, until)
    return Replayed(plan_id, len(stage.work), sum(stage.done.values()))
