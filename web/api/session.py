"""A session for programs: sign in, ask who one is, sign out. The answer carries the token that changing requests need."""

from __future__ import annotations

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from engine.access import Policy
from engine.definition import Text
from engine.errors import Refused
from services.second_factor import check, has_second_factor
from services.sign_in_by_password import sign_in_by_password
from services.sign_ins import close_sign_in, signed_in
from web.api.models import problems
from web.api.tokens import only_a_session
from web.caller import caller_of, know_device
from web.policy import allow, api
from web.proof import take_proof
from web.session import begin_session, session_token, take_cookie
from web.visit import Visit, visit_of
from wiring.secret_key import secret_key

router = api()


class Credentials(BaseModel):
    """A sign-in name with its password, and the code of whoever has a second factor."""

    model_config = ConfigDict(extra="forbid")
    login: str
    password: SecretStr
    code: SecretStr | None = Field(
        None, description="From the telephone or from paper; without it who has a second factor is asked for it."
    )


class Proof(BaseModel):
    """The code of whoever has a second factor, else the password."""

    model_config = ConfigDict(extra="forbid")
    proof: SecretStr


class SessionAnswer(BaseModel):
    """Who is signed in. ``csrf`` goes into the header `X-CSRF-Token` of every request that changes something."""

    account_id: int
    login: str
    name: str
    units: list[str]
    roles: list[str]
    language: str
    csrf: str


@router.get("/session", tags=["session"], responses=problems())
@allow(Policy.SIGNED_IN)
def read_session(request: Request) -> SessionAnswer:
    """Who is signed in."""
    return who(visit_of(request))


@router.post("/session", tags=["session"], responses=problems(403, 422, 429))
@allow(Policy.PUBLIC)
def sign_in(request: Request, response: Response, body: Credentials) -> SessionAnswer:
    """Sign in; the cookie of the answer is the session."""
    visit = visit_of(request)
    password = body.password.get_secret_value()
    account_id = sign_in_by_password(visit.db, body.login, password, caller=caller_of(request), now=visit.now)
    strong = has_second_factor(visit.db, account_id)
    if strong:
        if body.code is None:
            raise asks_for_a_code()
        check(visit.db, account_id, body.code.get_secret_value(), master=secret_key(visit.context.settings), now=visit.now)
    token = begin_session(request, response, account_id, strong=strong)
    know_device(request, response, account_id)
    found = signed_in(visit.db, token, visit.now)
    assert found is not None  # made a line above
    visit.person, visit.csrf = found.person, found.csrf
    return who(visit)


@router.post("/session/proof", tags=["session"], status_code=204, responses=problems(403, 422, 429))
@allow(Policy.SIGNED_IN)
def prove(request: Request, body: Proof) -> None:
    """Show once more who one is, where an approval was answered by `step-up`. A token cannot do this."""
    visit = visit_of(request)
    if visit.bearer is not None:
        raise only_a_session()
    take_proof(request, visit, body.proof.get_secret_value())


@router.delete("/session", tags=["session"], status_code=204, responses=problems(403))
@allow(Policy.SIGNED_IN)
def sign_out(request: Request, response: Response) -> None:
    """End the session."""
    close_sign_in(visit_of(request).db, session_token(request))
    take_cookie(request, response)


def asks_for_a_code() -> Refused:
    """The answer to a right password of somebody who has a second factor."""
    return Refused(
        Text("Tài khoản này có xác thực hai lớp.", "This account has a second factor."),
        code="second-factor",
        hint=Text("Gửi thêm code: mã từ điện thoại.", "Send `code` as well: from the telephone."),
        field="code",
    )


def who(visit: Visit) -> SessionAnswer:
    """The visitor as the API gives them."""
    actor, person = visit.actor, visit.person
    return SessionAnswer(
        account_id=actor.account_id,
        login=person.login if person else "",
        name=actor.name,
        units=sorted(actor.units),
        roles=sorted(actor.roles),
        language=visit.language,
        csrf=visit.csrf,
    )
