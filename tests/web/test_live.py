"""What open pages are told: what moved, to whom it concerns, gathered for whoever is slow."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from services.queries.live import CLOCK, Moment, concerning, look
from tests.factories import OFFICER, at, district, person
from tests.web.office import DAY, Office
from web.pulse import Pulse


def test_a_look_shows_the_workflow_in_which_something_happened(office: Office):
    before = look(office.db)
    office.plan.act(district(1), "accept", "gop-y", "huyen-01")
    assert look(office.db).since(before) == {1}
    assert look(office.db).since(look(office.db)) == frozenset()


def test_a_moved_clock_concerns_everybody():
    before, after = Moment({1: 4}, at(DAY).business), Moment({1: 4, 2: 1}, None)
    assert after.since(before) == {2, CLOCK}


def test_only_those_who_may_know_of_a_workflow_hear_of_it(office: Office):
    told = {name: concerning(office.db, actor, {1, 77, CLOCK}) for name, actor in (("unit", district(1)), ("stranger", person(99)))}
    assert told == {"unit": {1, CLOCK}, "stranger": {CLOCK}}
    assert concerning(office.db, OFFICER, {1, 77}) == {1, 77}


def test_whoever_is_slow_finds_what_moved_gathered():
    moments = [Moment({1: 1, 2: 1}), Moment({1: 2, 2: 1}), Moment({1: 2, 2: 5})]
    pulse = Pulse(lambda: moments.pop(0) if len(moments) > 1 else moments[0], every=0.01)

    async def slow() -> list[frozenset[int]]:
        changes = pulse.changes(patience=0.2)
        first = await anext(changes)  # nothing listened before: this begins the looking
        await asyncio.sleep(0.1)  # both changes happen meanwhile
        found = [first, await anext(changes), await anext(changes)]
        await changes.aclose()
        return found

    first, then, last = asyncio.run(slow())
    assert first | then == {1, 2}
    assert last == frozenset()


def test_a_look_that_fails_is_made_up_for_by_the_next(caplog):
    answers: Iterator[Moment | OSError] = iter([Moment({1: 1}), OSError("gone"), Moment({1: 2})])

    def look_() -> Moment:
        found = next(answers, Moment({1: 2}))
        if isinstance(found, OSError):
            raise found
        return found

    pulse = Pulse(look_, every=0.01)

    async def first() -> frozenset[int]:
        changes = pulse.changes(patience=5)
        found = await anext(changes)
        await changes.aclose()
        return found

    assert asyncio.run(first()) == {1}
    assert "could not look" in caplog.text


def test_nobody_listens_nobody_looks():
    looks = 0

    def look_() -> Moment:
        nonlocal looks
        looks += 1
        return Moment({1: looks})

    pulse = Pulse(look_, every=0.01)

    async def once_and_gone() -> int:
        changes = pulse.changes(patience=5)
        await anext(changes)
        await changes.aclose()
        await asyncio.sleep(0.05)
        seen = looks
        await asyncio.sleep(0.1)
        return looks - seen

    assert asyncio.run(once_and_gone()) == 0
