"""The policy table is whole: every fact has a line, every notice can be written, judged and, where need be, sent alone."""

import ast

import pytest

from engine.ladder import APPROVAL_LADDER, DUE_LADDER
from notifications.audience import ABOVE
from notifications.policy import IMMEDIATE, POLICY, RUNG_URGENCY, notice_kinds, rules_for
from notifications.relevance import FAMILY, STILL
from notifications.render import kinds
from notifications.sealing import SEALED
from notifications.words import HEADLINES, WHY
from tests.architecture.sources import sources

LADDER_KINDS = {rung.kind for rung in (*DUE_LADDER, *APPROVAL_LADDER)}


def fact_kinds_in_code() -> set[str]:
    """The first argument of every ``Fact(...)`` that is written out, and the names beside which the sweep chooses."""
    calls = [n for s in sources("engine", "services") for n in ast.walk(s.tree) if isinstance(n, ast.Call)]
    named = [c.args[0] for c in calls if isinstance(c.func, ast.Name) and c.func.id == "Fact" and c.args]
    return {n.value for n in named if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def test_every_fact_that_the_code_makes_has_a_line():
    assert fact_kinds_in_code() <= POLICY.keys()


def test_a_fact_without_a_line_is_a_mistake_and_not_silence():
    with pytest.raises(KeyError, match=r"step\.forgotten"):
        rules_for("step.forgotten")


def test_a_kind_occurs_once_per_fact_since_it_is_part_of_the_key():
    assert not [fact for fact, rules in POLICY.items() if len({r.kind for r in rules}) != len(rules)]


def test_every_rung_of_the_ladders_has_an_urgency_and_none_besides():
    assert RUNG_URGENCY.keys() == LADDER_KINDS


def test_every_kind_is_judged_before_it_leaves_and_none_besides():
    assert set(notice_kinds()) == STILL.keys()
    assert FAMILY.keys() <= STILL.keys()


def test_every_audience_is_told_why_it_hears():
    audiences = {r.audience for rules in POLICY.values() for r in rules} | {rung.told for rung in (*DUE_LADDER, *APPROVAL_LADDER)}
    assert {*audiences, *ABOVE} <= WHY.keys()


def test_every_immediate_notice_has_its_own_message_and_none_besides():
    immediate = {r.kind for rules in POLICY.values() for r in rules if r.urgency == IMMEDIATE}
    assert {*kinds()} == immediate | {"digest", "anchored", "brief", *SEALED}  # the gathered mail, and what auditors and supervisors get


def test_every_gathered_notice_has_a_headline_or_says_how_late_it_is():
    gathered = {r.kind for rules in POLICY.values() for r in rules if r.urgency != IMMEDIATE}
    assert gathered <= HEADLINES.keys()
