"""Accounts, for administrators: finding one in the list, inviting somebody and again, a code on paper, switching off and on, signing out
everywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from engine.access import Policy
from engine.definition import Text
from engine.errors import InvalidFields, Refused
from engine.people import OFFICE_ROLES, ROLES
from notifications.render import Site
from services.account_states import STATE_TEXT, AccountLine, AccountState, all_accounts, disable, enable
from services.accounts_found import WantedAccounts, found_accounts
from services.invitations import Invited, give_code, invite, invite_again
from services.own_sign_ins import end_everywhere
from services.sign_in_by_provider import unlink
from web.addresses import with_note
from web.forms import NOTHING_TYPED, Typed, read_form, texts
from web.notes import NOTES
from web.policy import allow, pages
from web.query import address, word
from web.render import render
from web.visit import Visit, visit_of
from wiring.mail import mail_leaves, sealing_site

router = pages()
PATH = "/admin/accounts"
NOTES["account-invited"] = (Text("Thư mời đang được gửi đi.", "The invitation is on its way."), "done")
NOTES["account-disabled"] = (Text("Đã khóa tài khoản.", "The account is switched off."), "done")
NOTES["account-enabled"] = (Text("Đã mở lại tài khoản.", "The account is switched on again."), "done")
NOTES["account-unlinked"] = (Text("Đã bỏ nối với nơi đăng nhập chung.", "The provider knows them no more here."), "done")
NOTES["account-signed-out"] = (Text("Đã đăng xuất người này khỏi mọi thiết bị.", "They are signed out everywhere."), "done")


@dataclass(frozen=True, slots=True)
class AccountsPage:
    """``accounts``: of ``total`` those that are ``wanted``; ``query`` asks for them again. ``given``: a code that was just given,
    shown this once. ``mails``: invitations go by mail. ``refused``: why not."""

    accounts: tuple[AccountLine, ...]
    total: int
    wanted: WantedAccounts
    query: str
    units: tuple[str, ...]
    states: dict[AccountState, Text]
    places: dict[str, Text]
    roles: dict[str, Text]
    mails: bool
    address: str
    typed: Typed
    given: Invited | None
    refused: Refused | None


@router.get(PATH)
@allow(Policy.ADMINISTRATOR)
def show(request: Request) -> Response:
    """The list, narrowed by ``?q=`` (words), ``?unit=`` and ``?state=``, and the form that invites."""
    return accounts_page(request)


@router.post(PATH)
@allow(Policy.ADMINISTRATOR)
async def add(request: Request) -> Response:
    """Make an account and invite its person; what is wrong stands beside its field."""
    sent = await read_form(request)
    form, roles = texts(sent), [str(role) for role in sent.getlist("roles")]
    return await run_in_threadpool(_add, request, form, roles)


@router.post(f"{PATH}/{{account_id}}/invite")
@allow(Policy.ADMINISTRATOR)
def again(request: Request, account_id: int) -> Response:
    """Invite once more."""
    visit = visit_of(request)
    return _hand_out(request, lambda: invite_again(visit.db, visit.actor, account_id, now=visit.now, site=way(visit)))


@router.post(f"{PATH}/{{account_id}}/code")
@allow(Policy.ADMINISTRATOR)
def code(request: Request, account_id: int) -> Response:
    """Show a one-time code, this once."""
    visit = visit_of(request)
    return _hand_out(request, lambda: give_code(visit.db, visit.actor, account_id, now=visit.now))


@router.post(f"{PATH}/{{account_id}}/disable")
@allow(Policy.ADMINISTRATOR)
def switch_off(request: Request, account_id: int) -> Response:
    """Switch the account off."""
    visit = visit_of(request)
    return _change(request, lambda: disable(visit.db, visit.actor, account_id, now=visit.now), "account-disabled")


@router.post(f"{PATH}/{{account_id}}/enable")
@allow(Policy.ADMINISTRATOR)
def switch_on(request: Request, account_id: int) -> Response:
    """Switch it on again."""
    visit = visit_of(request)
    return _change(request, lambda: enable(visit.db, visit.actor, account_id, now=visit.now), "account-enabled")


@router.post(f"{PATH}/{{account_id}}/unlink")
@allow(Policy.ADMINISTRATOR)
def forget_identity(request: Request, account_id: int) -> Response:
    """Forget who the account's person is to the identity provider."""
    visit = visit_of(request)
    return _change(request, lambda: unlink(visit.db, visit.actor, account_id, now=visit.now), "account-unlinked")


@router.post(f"{PATH}/{{account_id}}/sign-out")
@allow(Policy.ADMINISTRATOR)
def sign_out(request: Request, account_id: int) -> Response:
    """End every session of the account."""
    visit = visit_of(request)
    return _change(request, lambda: end_everywhere(visit.db, account_id), "account-signed-out")


def wanted_of(request: Request) -> WantedAccounts:
    """What an address asks for; what makes no sense asks for nothing."""
    unit, state = word(request, "unit"), word(request, "state")
    known = unit if unit in visit_of(request).units.labels else ""
    return WantedAccounts(word(request, "q"), known, next((s for s in AccountState if s == state), None))


def list_address(wanted: WantedAccounts) -> str:
    """Where the list that is wanted stands."""
    return address(PATH, q=wanted.words, unit=wanted.unit, state=wanted.state)


def way(visit: Visit) -> Site | None:
    """How invitations leave; None where no mail is sent."""
    settings = visit.context.settings
    return sealing_site(settings) if mail_leaves(settings, simulated=visit.context.simulated) else None


def accounts_page(
    request: Request, typed: Typed = NOTHING_TYPED, *, given: Invited | None = None, refused: Refused | None = None, status: int = 200
) -> Response:
    """The page."""
    visit = visit_of(request)
    units = tuple(label.code for label in sorted(visit.units.labels.values(), key=lambda label: label.position))
    everyone, wanted = all_accounts(visit.db, visit.now), wanted_of(request)
    found = found_accounts(everyone, wanted, lambda code: (visit.units.name(code).vi, visit.units.name(code).en))
    page = AccountsPage(
        found, len(everyone), wanted, list_address(wanted).removeprefix(PATH), units, STATE_TEXT,
        ROLES, OFFICE_ROLES, way(visit) is not None,
        visit.context.settings.public_url, typed, given, refused,
    )  # fmt: skip
    return render(request, "admin_accounts.html", status=status, page=page)


def _add(request: Request, form: dict[str, str], roles: list[str]) -> Response:
    visit = visit_of(request)
    try:
        done = invite(visit.db, visit.actor, {**form, "roles": roles}, now=visit.now, site=way(visit))
    except InvalidFields as wrong:
        errors = {name: text.in_(visit.language) for name, text in wrong.problems.items()}
        return accounts_page(request, Typed("invite", form, errors, {"roles": roles}), status=wrong.http_status)
    return _told(request, done)


def _hand_out(request: Request, do: Callable[[], Invited]) -> Response:
    try:
        return _told(request, do())
    except Refused as refused:
        return accounts_page(request, refused=refused, status=refused.http_status)


def _told(request: Request, done: Invited) -> Response:
    if done.code:
        return accounts_page(request, given=done)
    return RedirectResponse(with_note(list_address(wanted_of(request)), "account-invited"), 303)


def _change(request: Request, do: Callable[[], object], did: str) -> Response:
    try:
        do()
    except Refused as refused:
        return accounts_page(request, refused=refused, status=refused.http_status)
    return RedirectResponse(with_note(list_address(wanted_of(request)), did), 303)
