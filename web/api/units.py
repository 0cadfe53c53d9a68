"""Units and changes of units over the API: the same preview, problems and refusals as the page."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any

from fastapi import Body, Header, Query, Request, Response
from pydantic import BaseModel, Field

from engine.access import Policy
from engine.definition import Text
from engine.errors import Invalid, InvalidFields, PackError
from plans.change_file import change_of_text, located
from services.queries.unit_changes import change_lines, units_page
from services.unit_change import plan_change, propose, was_planned, withdraw
from services.unit_preview import Preview
from web.api.models import Words, problems
from web.policy import allow, api
from web.visit import visit_of

router = api()

Key = Annotated[str | None, Header(max_length=200, description="Needed unless `preview`: the same key again gives the same change.")]
Change = Annotated[
    dict[str, Any], Body(description="One entry of `unit_changes` as a plan pack writes it: on, document, new_units, parts.")
]


class UnitAnswer(BaseModel):
    """A unit today. ``successors``: who took on its work, ``predecessors``: whose work it took on."""

    code: str
    official_code: str
    parent: str | None
    name: Words
    type: str
    ends_on: date | None
    successors: list[str]
    predecessors: list[str]


class ChangeAnswer(BaseModel):
    """A change. ``state``: planned | applied | withdrawn. ``moved``: steps with another unit by it."""

    id: int
    on: date
    document: str
    state: str
    moved: int


class MovedStep(BaseModel):
    """A step with another lead, or confirmed by others."""

    step_id: int
    workflow_id: int
    place: Words
    title: Words
    old: str
    new: str
    approvers: list[str]
    approvers_after: list[str]


class PlannedAnswer(BaseModel):
    """What was kept, or with ``preview`` what would follow: then ``id`` is null."""

    id: int | None = None
    steps: list[MovedStep] = Field(default_factory=list)
    people: int = 0
    told: int = 0

    @classmethod
    def of(cls, preview: Preview, change_id: int | None = None) -> PlannedAnswer:
        """A preview as the API gives it."""
        steps = [
            MovedStep(
                step_id=line.step_id, workflow_id=line.workflow_id, place=Words.of(line.place), title=Words.of(line.title), old=line.old,
                new=line.new, approvers=list(line.approvers), approvers_after=list(line.approvers_after),
            )
            for line in preview.lines
        ]  # fmt: skip
        return cls(id=change_id, steps=steps, people=len(preview.people), told=preview.told)


@router.get("/units", tags=["units"], responses=problems())
@allow(Policy.SIGNED_IN)
def every_unit(request: Request) -> list[UnitAnswer]:
    """Every unit, those that have ended last."""
    visit = visit_of(request)
    page = units_page(visit.db, visit.now)
    return [
        UnitAnswer(
            code=line.unit.code, official_code=line.unit.official_code, parent=line.unit.parent,
            name=Words.of(line.unit.name_on(visit.now.today).name), type=line.unit.name_on(visit.now.today).type, ends_on=line.unit.ends_on,
            successors=list(line.unit.successors), predecessors=list(line.predecessors),
        )
        for line in (*page.lines, *page.ended)
    ]  # fmt: skip


@router.get("/unit-changes", tags=["units"], responses=problems(403))
@allow(Policy.SIGNED_IN)
def every_change(request: Request) -> list[ChangeAnswer]:
    """The changes on record, the latest day first."""
    lines = change_lines(visit_of(request).db)
    return [ChangeAnswer(id=line.id, on=line.on, document=line.document, state=line.state, moved=line.moved) for line in lines]


@router.post("/unit-changes", tags=["units"], status_code=201, responses=problems(403, 422))
@allow(Policy.OFFICE)
def plan_a_change(
    request: Request,
    response: Response,
    body: Change,
    preview: Annotated[bool, Query(description="Only say what would follow.")] = False,
    idempotency_key: Key = None,
) -> PlannedAnswer:
    """Keep a change of units for its day; every problem is listed."""
    visit = visit_of(request)
    try:
        change, tree = change_of_text("body", json.dumps({"unit_changes": [body]}, ensure_ascii=False, indent=1))
        if idempotency_key and not preview and was_planned(visit.db, visit.actor, idempotency_key):
            return PlannedAnswer(id=plan_change(visit.db, change, actor=visit.actor, key=idempotency_key, now=visit.now))
        found = propose(visit.db, change, now=visit.now)
        if found.errors:
            raise PackError(located(found.errors, tree))
    except PackError as error:
        raise InvalidFields({f"{n}-{p.code}": p.message for n, p in enumerate(error.problems, start=1)}) from None
    if preview:
        response.status_code = 200
        return PlannedAnswer.of(found)
    if not idempotency_key:
        raise Invalid(Text("Thiếu Idempotency-Key.", "Give an Idempotency-Key."), code="missing", field="Idempotency-Key")
    made = plan_change(visit.db, change, actor=visit.actor, key=idempotency_key, now=visit.now, seen=found.seen)
    return PlannedAnswer.of(found, made)


@router.post("/unit-changes/{number}/withdraw", tags=["units"], responses=problems(403, 404, 422))
@allow(Policy.OFFICE)
def take_a_change_back(request: Request, number: int) -> dict[str, bool]:
    """Take a planned change back; whether it was planned until now."""
    visit = visit_of(request)
    return {"withdrawn": withdraw(visit.db, number, actor=visit.actor, now=visit.now)}
