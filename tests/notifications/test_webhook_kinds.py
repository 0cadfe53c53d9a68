"""What a webhook can be told of stands in groups that people choose by: every fact in one of them, or decided to be none."""

from __future__ import annotations

from collections import Counter

from notifications.policy import POLICY
from notifications.webhook_kinds import EVENT_GROUPS, EVENTS, NOT_OFFERED, of_groups, unknown_groups

FEW = 12  # in one group; more is a list that nobody reads


def test_every_fact_is_an_event_of_some_group_or_decided_to_be_none() -> None:
    assert EVENTS.keys() | NOT_OFFERED == POLICY.keys()
    assert not EVENTS.keys() & NOT_OFFERED


def test_no_event_stands_in_two_groups_and_no_group_is_a_list_that_nobody_reads() -> None:
    held = Counter(kind for group in EVENT_GROUPS for kind in group.events)
    assert max(held.values()) == 1
    assert all(2 <= len(group.events) <= FEW for group in EVENT_GROUPS)


def test_groups_have_names_of_their_own_and_say_in_one_sentence_what_they_tell_of() -> None:
    for names in zip(*((g.code, g.title.vi, g.title.en) for g in EVENT_GROUPS), strict=True):
        assert len(set(names)) == len(EVENT_GROUPS)
    for text in (said for group in EVENT_GROUPS for said in (group.about.vi, group.about.en)):
        assert text.endswith(".") and text.count(".") == 1


def test_a_group_stands_for_all_of_its_events_and_an_unknown_one_for_none() -> None:
    deadlines = next(group for group in EVENT_GROUPS if group.code == "deadlines")
    assert of_groups(["deadlines"]) == tuple(deadlines.events)
    assert deadlines.of(["step.overdue", "step.approved"]).keys() == {"step.overdue"}
    assert (of_groups(["x"]), unknown_groups(["x", "deadlines"])) == ((), ["x"])
