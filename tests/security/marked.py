"""A plan beside the festival in which everything that somebody could read says what it is: titles, words, files, figures, persons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.definition import (
    ApprovalLink,
    Every,
    Evidence,
    Figure,
    GroupDefinition,
    KeyTaskDefinition,
    PlanDefinition,
    StepDefinition,
    Text,
    WorkflowDefinition,
)
from engine.reach import Tie as T
from tests.factories import AGENCY, festival, step, unit

TITLE = "LEAKTITLE"  # titles, numbers, sources of the marked plan: for who takes part in it
DETAIL = "LEAKDETAIL"  # words, file names, figures of one step: for who reads it in full
PERSON = "LEAKPERSON"  # names of the people who work on it
SECRET = "LEAKSECRET"  # titles of its confidential workflow: on the pages of those who may see it alone

LEADER, HELPER, APPROVER, OTHER = "so-rieng", "so-phoi", "so-duyet", "so-khac"
UNITS = (LEADER, HELPER, APPROVER, OTHER)

# login: unit, its role there, roles of the office, ties to the marked step
PERSONS: dict[str, tuple[str, str, tuple[str, ...], frozenset[T]]] = {
    "lead": (LEADER, "officer", (), frozenset({T.LEAD, T.OWNER})),
    "head": (LEADER, "head", (), frozenset({T.LEAD, T.HEAD})),
    "unit-admin": (LEADER, "unit-admin", (), frozenset({T.LEAD, T.UNIT_ADMIN})),
    "deputy": (LEADER, "officer", (), frozenset({T.LEAD, T.DEPUTY})),
    "coordinating": (HELPER, "officer", (), frozenset({T.COORDINATING})),
    "approver": (APPROVER, "officer", (), frozenset({T.APPROVER})),
    "part": (OTHER, "officer", (), frozenset({T.PART})),
    "agency": (AGENCY, "officer", ("agency",), frozenset({T.AGENCY})),
    "supervisor": ("", "", ("supervisor",), frozenset({T.SUPERVISOR})),
    "auditor": ("", "", ("auditor",), frozenset({T.AUDITOR})),
    "administrator": ("", "", ("administrator",), frozenset({T.ADMINISTRATOR})),
    "unrelated": ("huyen-01", "officer", (), frozenset({T.UNRELATED})),
    "unrelated-head": ("huyen-02", "head", (), frozenset({T.UNRELATED})),
    "nobody": ("", "", (), frozenset({T.UNRELATED})),
}


def home_plan() -> PlanDefinition:
    """The festival; its plan also knows the units that the marked plan is about."""
    return replace(festival(2), units=(*festival(2).units, *(unit(code) for code in UNITS)))


def marked_plan() -> PlanDefinition:
    """One open workflow with three steps and a confidential one, led, helped and approved by units of their own."""
    steps = (
        marked("mot", TITLE, due="29/04", lead=LEADER, coordinating=(HELPER,), approve=(ApprovalLink((APPROVER,)),)),
        marked("hai", TITLE, due="30/06", lead=OTHER, coordinating=(), approve=()),
        marked("ba", TITLE, due="29/04", lead=LEADER, coordinating=(HELPER,), approve=(ApprovalLink((APPROVER,)),)),
    )
    open_ = WorkflowDefinition("rieng", Text(f"{TITLE} workflow"), Every.YEAR, LEADER, steps)
    secret = (marked("mot", SECRET, due="29/04", lead=LEADER, coordinating=(HELPER,), approve=(ApprovalLink((APPROVER,)),)),)
    confidential = WorkflowDefinition("mat", Text(f"{SECRET} workflow"), Every.YEAR, LEADER, secret, confidential=True)
    key_task = KeyTaskDefinition("NV9", Text(f"{TITLE} key task"), f"{TITLE} source", LEADER, (open_, confidential))
    group = GroupDefinition("nhom-rieng", Text(f"{TITLE} group"), UNITS)
    return replace(
        festival(1), number=f"{TITLE}/KH", title=Text(f"{TITLE} plan"), key_tasks=(key_task,), groups=(group,),
        units=(*festival(1).units, *(unit(code) for code in UNITS)),
    )  # fmt: skip


def marked(code: str, marker: str, **more: Any) -> StepDefinition:
    """A step whose title, evidence and figures carry ``marker``."""
    return step(
        code, **more, evidence=(Evidence("kh", Text(f"{marker} evidence")),),
        figures=(Figure("so", Text(f"{marker} figure"), sum=True), Figure("loi", Text(f"{marker} words"), type="text")),
    )  # fmt: skip
