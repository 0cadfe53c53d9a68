"""How units behave: most in time, some late by days, one chronically late, one whose work often comes back.

Every draw comes from a generator of its own, named after the seed and what is drawn for, so that it does not matter in which order
things happen: the same seed gives the same history.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Temper:
    """A unit's habits as probabilities; ``days_late`` is the usual lateness when late, in calendar days."""

    late: float
    days_late: float
    returned: float
    asks: float


PUNCTUAL = Temper(late=0.02, days_late=2, returned=0.05, asks=0.02)
ORDINARY = Temper(late=0.07, days_late=4, returned=0.08, asks=0.04)
SLACK = Temper(late=0.16, days_late=6, returned=0.09, asks=0.06)
CHRONIC = Temper(late=0.45, days_late=12, returned=0.12, asks=0.03)
CARELESS = Temper(late=0.10, days_late=4, returned=0.28, asks=0.05)
LATEST = 20  # calendar days, for all but the chronic


def draw(seed: int, *about: object) -> Random:
    """The generator for ``about``: strings and numbers that name what is drawn for."""
    return Random(":".join(map(str, (seed, *about))))


def tempers(seed: int, units: Sequence[str], grouped: Sequence[str], chosen: Sequence[str] = ()) -> dict[str, Temper]:
    """A temper for each of ``units``; the chronic and the careless one are ``chosen``, or drawn among ``grouped``."""
    rng = draw(seed, "tempers")
    found = {unit: rng.choices((PUNCTUAL, ORDINARY, SLACK), (5, 4, 2))[0] for unit in sorted(units)}
    drawn = rng.sample(sorted(grouped), min(2, len(grouped)))
    for unit, temper in zip(chosen or drawn, (CHRONIC, CARELESS), strict=False):
        found[unit] = temper
    return found


def lateness(rng: Random, temper: Temper) -> int:
    """How many calendar days a late submission is late."""
    days = 1 + int(rng.expovariate(1 / temper.days_late))
    return min(days, LATEST if temper is not CHRONIC else 2 * LATEST)
