"""Who confirms a step, and when enough have."""

from __future__ import annotations

import pytest

from engine.approval import Outcome, chain, default_chain, is_complete, outcome
from engine.definition import ApprovalLink, JoinKind, StepDefinition
from tests.factories import AGENCY, AUTHORITY, COMMITTEE, festival, step

PLAN = festival()
ALL, ANY = JoinKind.ALL, JoinKind.ANY


def confirmers(definition: StepDefinition, lead: str) -> list[tuple[str, ...]]:
    """The units of each link."""
    return [link.units for link in chain(definition, lead, PLAN)]


@pytest.mark.parametrize(
    ("lead", "confirms"),
    [
        ("huyen-01", [(AGENCY,)]),  # whoever assigned the work
        ("mttq", [(AGENCY,)]),
        (AGENCY, [(COMMITTEE,)]),  # not the doer
        (COMMITTEE, []),  # nobody stands above
        (AUTHORITY, []),
    ],
)
def test_without_a_chain_practice_decides(lead: str, confirms: list[tuple[str, ...]]) -> None:
    assert confirmers(step("b", lead=lead), lead) == confirms
    assert [link.units for link in default_chain(lead, PLAN)] == confirms


@pytest.mark.parametrize("lead", ["huyen-01", AGENCY, COMMITTEE])
def test_an_empty_chain_means_nobody(lead: str) -> None:
    assert confirmers(step("b", lead=lead, approve=()), lead) == []


def test_a_chain_is_taken_as_written() -> None:
    links = (ApprovalLink((AGENCY, "mttq"), ALL, 2), ApprovalLink((COMMITTEE,), ALL, 5))
    assert chain(step("b", lead="so-noi-vu", approve=links), "so-noi-vu", PLAN) == links


@pytest.mark.parametrize(
    ("links", "lead", "confirms"),
    [
        ((ApprovalLink(("mttq",)),), "mttq", [(AGENCY,)]),  # its own work: the default takes the link's place
        ((ApprovalLink((AGENCY,)),), AGENCY, [(COMMITTEE,)]),
        ((ApprovalLink((COMMITTEE,)),), COMMITTEE, []),
        ((ApprovalLink(("mttq", AGENCY)),), "mttq", [(AGENCY,)]),  # the others of the link remain
        ((ApprovalLink(("mttq",)), ApprovalLink((COMMITTEE,))), "mttq", [(AGENCY,), (COMMITTEE,)]),
    ],
)
def test_after_a_reassignment_a_unit_still_does_not_confirm_itself(
    links: tuple[ApprovalLink, ...], lead: str, confirms: list[tuple[str, ...]]
) -> None:
    assert confirmers(step("b", lead="so-noi-vu", approve=links), lead) == confirms


@pytest.mark.parametrize(
    ("mode", "approved", "enough"),
    [
        (ALL, set(), False),
        (ALL, {"a"}, False),
        (ALL, {"a", "b"}, True),
        (ALL, {"a", "b", "x"}, True),
        (ANY, set(), False),
        (ANY, {"b"}, True),
        (ANY, {"x"}, False),  # of another link
    ],
)
def test_when_a_link_is_complete(mode: JoinKind, approved: set[str], enough: bool) -> None:
    assert is_complete(ApprovalLink(("a", "b"), mode), frozenset(approved)) is enough


def test_what_approvals_lead_to() -> None:
    links = (ApprovalLink(("a", "b"), ALL), ApprovalLink(("c", "d"), ANY))
    assert outcome(links, 0, frozenset({"a"})) == Outcome(("b",), same=True)
    assert outcome(links, 0, frozenset({"a", "b"})) == Outcome(("c", "d"), any_of=True)
    assert outcome(links, 1, frozenset({"d"})) == Outcome(())
