"""API tokens over the API: one's own, made by a session only, so that a token never makes another that may do more or lasts longer."""

from __future__ import annotations

from datetime import date, datetime

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from engine.access import Policy
from engine.definition import Text
from engine.errors import Refused
from engine.scopes import Scope
from services.api_tokens import USUAL_DAYS, TokenLine, make, revoke, tokens_of
from web.api.models import Number, problems
from web.policy import allow, api
from web.visit import Visit, visit_of

router = api()


class TokenAnswer(BaseModel):
    """A token, without itself. ``seen_on``: the local day on which it was last used."""

    id: int
    name: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime
    seen_on: date | None
    expired: bool

    @classmethod
    def of(cls, line: TokenLine) -> TokenAnswer:
        """A line of the list as the API gives it."""
        return cls(
            id=line.id, name=line.name, scopes=list(line.scopes), created_at=line.created_at, expires_at=line.expires_at,
            seen_on=line.seen_on, expired=line.expired,
        )  # fmt: skip


class TokenRequest(BaseModel):
    """A token to make. ``scopes``: of read, act and admin."""

    model_config = ConfigDict(extra="forbid")
    name: str
    scopes: list[str] = Field(default=[Scope.READ.value])
    days: Number | None = Field(None, description="Days for which it is good: 90 unless given, at most what the office allows.")


class MadeAnswer(BaseModel):
    """A new token. ``token`` can be read this once."""

    id: int
    name: str
    scopes: list[Scope]
    expires_at: datetime
    token: str


@router.get("/tokens", tags=["tokens"], responses=problems(403))
@allow(Policy.SIGNED_IN)
def list_tokens(request: Request) -> list[TokenAnswer]:
    """One's own tokens, newest first; expired ones too, until they are revoked."""
    visit = visit_of(request)
    return [TokenAnswer.of(line) for line in tokens_of(visit.db, visit.actor.account_id, visit.now)]


@router.post("/tokens", tags=["tokens"], status_code=201, responses=problems(403, 422))
@allow(Policy.SIGNED_IN)
def make_token(request: Request, body: TokenRequest) -> MadeAnswer:
    """Make a token. The answer is the only place where it stands. A token cannot do this."""
    visit = visit_of(request)
    longest = visit.context.settings.token_days
    days = min(USUAL_DAYS, longest) if body.days is None else body.days
    if visit.bearer is not None:
        raise only_a_session()
    made = make(
        visit.db, visit.actor.account_id, actor=visit.actor, name=body.name, scopes=body.scopes, days=days, longest=longest, now=visit.now
    )  # fmt: skip
    return MadeAnswer(id=made.id, name=made.name, scopes=list(made.scopes), expires_at=made.expires_at, token=made.secret)


@router.delete("/tokens/{token_id}", tags=["tokens"], status_code=204, responses=problems(403, 404, 422))
@allow(Policy.SIGNED_IN)
def revoke_token(request: Request, token_id: int) -> None:
    """Revoke one of one's own tokens. A token with the scope `act` can revoke itself, no other."""
    visit: Visit = visit_of(request)
    if visit.bearer is not None and visit.bearer.token_id != token_id:
        raise only_a_session()
    revoke(visit.db, token_id, actor=visit.actor, now=visit.now)


def only_a_session() -> Refused:
    """The refusal of what a token cannot do."""
    return Refused(
        Text("Mã truy cập không làm được việc này.", "A token cannot do this."),
        code="session-only",
        hint=Text("Đăng nhập bằng mật khẩu.", "Sign in with the password."),
    )
