"""One act on many steps: what was ticked with whether it is possible, one form for all, and a result a row."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from engine.access import Policy
from engine.definition import Text
from engine.errors import DondocError, Invalid
from engine.step_up import asks
from engine.together import BY_UNITS, TOGETHER, offered
from engine.transitions import Action, find, sources
from services.bulk import Row, RowResult, bulk, preview
from services.proofs import Way
from services.queries.colleagues import Colleague, colleagues
from web.action_forms import FORMS, FormField, payload_of
from web.forms import NOTHING_TYPED, Typed, read_form, secret, texts
from web.policy import allow, pages
from web.proof import due_way, take_proof
from web.query import number, word
from web.render import render
from web.visit import Visit, visit_of

router = pages()

FORM = "bulk"
DAYS = FormField("days", "line", Text("Hoặc thêm số ngày làm việc", "Or by so many working days"), required=False)
DOCUMENT = FormField("document", "line", Text("Văn bản", "Document"), required=False)
ENDING = frozenset({Action.CANCEL, Action.MARK_NOT_APPLICABLE})


@dataclass(frozen=True, slots=True)
class BulkView:
    """``choices``: every act with its label. ``rows``: what it would be done to. ``results``: by step, once it was done.

    ``proof``: what an approval asks for besides, None if nothing. ``people``: who can be named to handle them.
    """

    action: Action
    choices: tuple[tuple[str, Text], ...]
    then: Text
    fields: tuple[FormField, ...]
    workflow: int | None
    rows: tuple[Row, ...]
    typed: Typed
    key: str
    error: DondocError | None = None
    results: dict[int, RowResult] = field(default_factory=dict)
    proof: Way | None = None
    people: tuple[Colleague, ...] = ()

    @property
    def possible(self) -> int:
        """For how many steps it is possible."""
        return sum(row.why is None for row in self.rows)

    @property
    def done(self) -> int:
        """For how many steps it was done."""
        return sum(result.done is not None for result in self.results.values())

    @property
    def grave(self) -> bool:
        """Whether it cannot easily be taken back."""
        return self.action in ENDING


@router.get("/bulk")
@allow(Policy.SIGNED_IN)
def show(request: Request) -> Response:
    """The form for ``?action=`` on each ``?step=``, or on every open step of ``?workflow=``."""
    visit = visit_of(request)
    steps = whole_numbers(request.query_params.getlist("step"))
    return _page(request, visit, word(request, "action"), steps, number(request, "workflow"), NOTHING_TYPED, secrets.token_urlsafe(12))


@router.post("/bulk")
@allow(Policy.SIGNED_IN)
async def take(request: Request) -> Response:
    """Do it, and say what became of each."""
    form = await read_form(request)
    return await run_in_threadpool(_taken, request, form)


def whole_numbers(values: Iterable[object]) -> list[int]:
    """Those of ``values`` that are numbers of steps."""
    return [int(value) for value in values if isinstance(value, str) and value.isdecimal() and len(value) < 18]


def _taken(request: Request, form: FormData) -> Response:
    visit, values = visit_of(request), texts(form)
    steps = whole_numbers(form.getlist("step"))
    workflow = next(iter(whole_numbers([values.get("workflow", "")])), None)
    key = values.get("key") or secrets.token_urlsafe(12)
    payload = {n: v for n, v in payload_of(form).items() if n not in ("step", "workflow", "action", "days")}
    try:
        if asks(values.get("action", ""), payload) and due_way(visit) is not None:
            take_proof(request, visit, secret(form, "proof"))
        results = bulk(
            visit.db, actor=visit.actor, action=values.get("action", ""), payload=payload, key=key, now=visit.now,
            calendar=visit.context.calendar(), steps=steps, workflow_id=workflow, days=_days(values),
        )  # fmt: skip
        _same_mistake(results)
    except Invalid as problem:
        errors = {problem.field: problem.text.in_(visit.language)} if problem.field else {}
        typed = Typed(FORM, {n: v for n, v in values.items() if n != "proof"}, errors)
        return _page(request, visit, values.get("action", ""), steps, workflow, typed, key, error=problem)
    acted = [result.step_id for result in results]
    return _page(request, visit, values["action"], acted, None, NOTHING_TYPED, "", results={r.step_id: r for r in results})


def _same_mistake(results: list[RowResult]) -> None:
    """Raise what is wrong with the form itself: a field that every step found wrong, so that nothing was done."""
    errors = [result.error for result in results]
    first = errors[0] if errors else None
    if isinstance(first, Invalid) and first.field and all(isinstance(e, Invalid) and e.field == first.field for e in errors):
        raise first


def _days(values: dict[str, str]) -> int | None:
    given = values.get("days", "")
    if not given:
        return None
    if not given.isdecimal() or len(given) > 4:
        raise Invalid(Text("Phải là số nguyên.", "It must be a whole number."), code="whole", field="days")
    return int(given)


def _page(
    request: Request, visit: Visit, action: str, steps: list[int], workflow: int | None, typed: Typed, key: str, *,
    error: DondocError | None = None, results: dict[int, RowResult] | None = None,
) -> Response:  # fmt: skip
    acts = offered(visit.actor)
    named = next((a for a in TOGETHER if a == action), acts[0])
    try:
        rows = preview(visit.db, actor=visit.actor, action=named, steps=steps, workflow_id=workflow, calendar=visit.context.calendar())
    except Invalid as problem:
        rows, error = (), error or problem
    fields = (*FORMS[named], *((DAYS,) if named is Action.GRANT_EXTENSION else ()))
    if named not in (Action.CHASE, Action.RESUME, *BY_UNITS) and DOCUMENT.name not in {f.name for f in fields}:
        fields = (*fields, DOCUMENT)
    proof = due_way(visit) if asks(named, {}) else None
    people = colleagues(visit.db, visit.actor) if named is Action.NAME_HANDLER else ()
    view = BulkView(named, choices_of(acts), _then(named), fields, workflow, rows, typed, key, error, results or {}, proof, people)
    return render(request, "bulk.html", status=error.http_status if error else 200, page=view)


def choices_of(acts: Iterable[Action]) -> tuple[tuple[str, Text], ...]:
    """Acts for a select, by name."""
    return tuple((act.value, _label(act)) for act in acts)


def _label(action: Action) -> Text:
    row = find(action, sorted(sources(action))[0])
    assert row is not None  # every action here has a row
    return row.label


def _then(action: Action) -> Text:
    row = find(action, sorted(sources(action))[0])
    assert row is not None
    return row.then
