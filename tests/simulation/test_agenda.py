"""The agenda of a play: in order, and never behind the present."""

from datetime import UTC, datetime, timedelta

import pytest

from simulation.agenda import Agenda, Intent

AT = datetime(2024, 8, 1, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_what_comes_first_is_taken_out_first_and_what_is_noted_meanwhile_too():
    agenda = Agenda()
    agenda.note(AT + HOUR, Intent(2, "submit"))
    agenda.note(AT, Intent(1, "accept"))
    taken = []
    for at, intent in agenda.until(AT + 2 * HOUR):
        taken.append(intent.kind)
        if intent.kind == "accept":
            agenda.note(at, Intent(1, "progress"))
    assert taken == ["accept", "progress", "submit"]


def test_nobody_means_to_act_in_the_past():
    agenda = Agenda()
    agenda.note(AT, Intent(1, "accept"))
    for _ in agenda.until(AT + HOUR):
        with pytest.raises(ValueError, match="open-early on step 1"):
            agenda.note(AT - HOUR, Intent(1, "open-early"))
    with pytest.raises(ValueError, match="and it is"):
        agenda.note(AT + HOUR / 2, Intent(1, "submit"))
    agenda.note(AT + HOUR, Intent(1, "submit"))
