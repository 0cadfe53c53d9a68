"""What can be chosen about mail, as a table."""

import pytest

from notifications.choices import CHOICES, GROUPS, NONE, group_of, way
from notifications.policy import DIGEST, IMMEDIATE, POLICY, RUNG_URGENCY, URGENT, notice_kinds

ACT = ("assigned", "returned", "overdue", "decisions")


def test_every_kind_has_one_group_and_groups_name_kinds_that_exist():
    named = [kind for group in GROUPS for kind in group.kinds]
    assert len(named) == len(set(named)) and set(named) <= set(notice_kinds())
    assert all(group_of(kind) in GROUPS for kind in notice_kinds())


def test_who_has_to_act_cannot_switch_it_off():
    assert all(NONE not in group.allowed for group in GROUPS if group.code in ACT)


def test_the_offices_own_way_is_what_the_policy_says():
    urgency = {rule.kind: rule.urgency for rules in POLICY.values() for rule in rules} | RUNG_URGENCY
    assert {kind: way({}, kind, of) for kind, of in urgency.items()} == urgency


def test_every_choice_has_words():
    assert {choice for group in GROUPS for choice in group.allowed} <= CHOICES.keys()
    assert all(text.vi and text.en for text in (*CHOICES.values(), *(g.title for g in GROUPS)))


@pytest.mark.parametrize(
    ("choices", "kind", "urgency", "expected"),
    [
        ({"assigned": DIGEST}, "assigned", IMMEDIATE, DIGEST),
        ({"assigned": NONE}, "assigned", IMMEDIATE, IMMEDIATE),
        ({"returned": DIGEST}, "chased", URGENT, IMMEDIATE),
        ({"news": NONE}, "commented", DIGEST, NONE),
        ({"overdue": IMMEDIATE}, "overdue", DIGEST, DIGEST),
        ({"dates": IMMEDIATE}, "due-shifted", DIGEST, DIGEST),
        ({"no-such": NONE}, "commented", DIGEST, DIGEST),
    ],
)
def test_the_way_of_a_notice(choices, kind, urgency, expected):
    assert way(choices, kind, urgency) == expected
