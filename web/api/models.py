"""What the API takes and gives. Texts come in both languages, days as ISO dates, instants in UTC."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from engine.definition import Text
from services.queries.step_offers import ActionOffer
from services.queries.step_page import StepHead, StepPage

PROBLEM = "application/problem+json"


Number = Annotated[int, Field(strict=True)]
"""A whole number in a body: no text, and not true or false, which would count as 1 and 0."""


class Words(BaseModel):
    """A text in Vietnamese and English."""

    vi: str
    en: str

    @classmethod
    def of(cls, text: Text) -> Words:
        """A `Text` as the API gives it."""
        return cls(vi=text.vi, en=text.in_("en"))


class Problem(BaseModel):
    """Why a request was not carried out (RFC 9457). ``code`` is stable; ``text`` and ``hint`` are for people."""

    type: str
    status: int
    title: str
    detail: str
    code: str
    text: Words
    hint: Words
    field: str | None = None
    changed: list[dict[str, Any]] | None = Field(None, description="409 only: what happened to the step since it was read.")
    errors: list[dict[str, str]] | None = Field(None, description="422 only: every field that does not have the right shape.")
    incident: str | None = Field(None, description="500 only: the number under which it was logged.")


class ActionPayload(BaseModel):
    """What an action needs; each takes only some of these (see the transition table). Files are sent to ``…/attachments``."""

    model_config = ConfigDict(extra="forbid")
    text: str | None = None
    reason: str | None = None
    note: str | None = None
    until: date | None = None
    lead: str | None = Field(None, description="Code of the unit that shall lead.")
    units: list[str] | None = Field(None, description="Codes of the units that a join no longer waits for.")
    handler: str | None = Field(None, description='Name-handler only: sign-in name of somebody of the lead unit; "" for nobody any more.')
    day: date | None = None
    number: str | None = None
    date_: date | None = Field(None, alias="date")
    signer: str | None = None
    decision: str | None = Field(None, description="Record, on a round that was submitted: approve (usual) or return.")
    mentions: list[str] | None = Field(None, description="Comment only: sign-in names of people who read the step; also `@name` in `text`.")
    document: str | None = None
    redo_on: date | None = None
    field: str | None = None
    value: str | None = None
    file: str | None = Field(None, description="Detach only: the sha256 of the file; `evidence_code` says where it lies.")
    evidence_code: str | None = None
    urgent: bool | None = Field(None, description="Chase only: the mail leaves at once, also at night.")
    round: Number | None = Field(None, description="Approve and return: the round that was looked at.")
    link: Number | None = Field(None, description="Approve and return: the link of the chain that was looked at.")
    evidence: dict[str, dict[str, str]] | None = Field(None, description="Number and date of each document, by its code.")
    figures: dict[str, int | float | str] | None = Field(
        None, description="Values by the code of the figure: numbers, or text as people write it (1.234,5; exact); empty clears."
    )

    def as_payload(self) -> dict[str, Any]:
        """What was given, for the service; days in ISO form."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class ActionRequest(BaseModel):
    """One action. ``expected_version`` is the version that was read; what never moves a status needs none."""

    model_config = ConfigDict(extra="forbid")
    expected_version: Number | None = None
    payload: ActionPayload = Field(default_factory=lambda: ActionPayload.model_validate({}))


class ActionAnswer(BaseModel):
    """What the action led to. ``replayed``: the key had been used for the same request; nothing was done again."""

    step_id: int
    workflow_id: int
    status: str
    version: int
    seq: int
    replayed: bool
    opened: list[int]
    facts: list[dict[str, Any]]


class Offered(BaseModel):
    """An action that is possible now (``allowed``), or why it is not."""

    action: str
    label: Words
    then: Words
    needs: list[str]
    allowed: bool
    why: Words | None

    @classmethod
    def of(cls, offer: ActionOffer) -> Offered:
        """An offer as the API gives it."""
        return cls(
            action=offer.action,
            label=Words.of(offer.label),
            then=Words.of(offer.then),
            needs=list(offer.needs),
            allowed=offer.allowed,
            why=Words.of(offer.why) if offer.why else None,
        )


class StepAnswer(BaseModel):
    """A step. The fields from ``version`` on are given to those who read it in full only."""

    id: int
    number: int
    title: Words
    status: str
    timeliness: str
    lead: str
    slot: str
    due_on: date | None
    estimated: bool
    recorded: bool = Field(description="What it stands on, a submission or a decision, was entered from paper.")
    workflow_id: int
    plan_id: int
    version: int | None = None
    round: int | None = None
    link: int | None = None
    original_due_on: date | None = None
    days_late: int | None = None
    coordinating: list[str] | None = None
    handler: str | None = Field(None, description="Sign-in name of whom the lead unit named to handle it.")
    handled_since: datetime | None = None
    actions: list[Offered] | None = None

    @classmethod
    def of(cls, page: StepPage) -> StepAnswer:
        """A step's page as the API gives it."""
        answer = cls(**_head(page.head))
        if page.detail is None or page.offers is None:
            return answer
        detail = page.detail
        answer.version, answer.round, answer.link, answer.days_late = detail.version, detail.round, detail.link, detail.late
        answer.original_due_on = next((line.due_on for line in detail.ledger), None)
        answer.coordinating = list(detail.coordinating)
        if detail.handler:
            answer.handler, answer.handled_since = detail.handler.login, detail.handler.since
        answer.actions = [Offered.of(o) for o in (*page.offers.can, *page.offers.cannot)]
        return answer


def _head(head: StepHead) -> dict[str, Any]:
    names = ("id", "number", "lead", "slot", "due_on", "estimated", "recorded", "workflow_id", "plan_id")
    values = {name: getattr(head, name) for name in names}
    return {**values, "title": Words.of(head.title), "status": head.status.value, "timeliness": head.timeliness.value}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error answers of a route, for its description."""
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": MEANING[status], "content": content} for status in (401, *statuses)}


MEANING = {
    400: "The body cannot be read.",
    401: "Not signed in.",
    403: "The rules do not allow it; the hint says what would be allowed.",
    408: "The body came too slowly.",
    413: "The body is too large.",
    414: "The address is too long.",
    429: "Too many wrong tries, or changes within a minute; `Retry-After` says in how many seconds to try again.",
    431: "The headers are too large.",
    503: "Something that it depends on does not answer; try again.",
    507: "No room left; nothing was kept.",
    404: "It does not exist, or not for this account.",
    409: "Somebody was faster; `changed` says what happened.",
    422: "What was sent is wrong; `field` or `errors` says where. Also an idempotency key used before for another request.",
}
