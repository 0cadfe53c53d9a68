"""Inviting: an account without a password, a mail or a code, again, by whom; switching off ends everything."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from engine.access import Actor, Membership
from engine.errors import InvalidFields, NotFound, Refused
from models.database import Database
from models.tables import account, journal_entry, membership, unit, unit_name
from services import feeds
from services.account_states import AccountState, all_accounts, disable, enable
from services.accounts import create_account
from services.invitations import give_code, invite, invite_again
from services.password_links import INVITATION, LASTS, holder, set_by_code, set_by_link
from services.passwords import authenticate
from services.sign_ins import open_sign_in, signed_in
from tests.services.test_password_links import CHOSEN, DAY, HERE, NEW, SITE, later, tokens

ADMINISTRATOR = Actor(1, "Quản trị", (), frozenset({"administrator"}))
HEAD = Actor(2, "Lãnh đạo", (Membership("loc-ninh", "head"),))
FORM: dict[str, Any] = {"login": "moi", "name": "Người mới", "address": "moi@example.vn", "unit": "loc-ninh", "role": "officer"}


@pytest.fixture
def office(sqlite: Database) -> Database:
    """An administrator, a head, and their unit."""
    with sqlite.write() as connection:
        connection.execute(unit.insert().values(code="loc-ninh", official_code="692", position=1))
        names = {"name_vi": "Lộc Ninh", "name_en": "", "short_vi": "Lộc Ninh", "short_en": "", "type": "huyện"}
        connection.execute(unit_name.insert().values(unit="loc-ninh", from_on=DAY, **names))
    create_account(sqlite, login="quan-tri", name="Quản trị", roles=("administrator",), password="con trâu đi trước")
    create_account(sqlite, login="lanh-dao", name="Lãnh đạo", memberships=HEAD.memberships, password="con trâu đi trước")
    return sqlite


def actions(db: Database) -> list[str]:
    with db.read() as connection:
        return list(connection.execute(select(journal_entry.c.action).order_by(journal_entry.c.seq)).scalars())


def state(db: Database, account_id: int, seconds: float = 0) -> AccountState:
    return next(line.state for line in all_accounts(db, later(seconds)) if line.account_id == account_id)


def test_who_is_invited_chooses_the_first_password(office: Database):
    done = invite(office, ADMINISTRATOR, {**FORM, "roles": ["supervisor"]}, now=later(), site=SITE)
    assert (done.code, state(office, done.account_id)) == ("", AccountState.INVITED)
    with pytest.raises(Refused):
        authenticate(office, "moi", "", DAY)
    (token,) = tokens(office)
    assert holder(office, token, later(LASTS[INVITATION].total_seconds() - 1)).kind == "invitation"
    set_by_link(office, token, CHOSEN, now=later())
    assert authenticate(office, "moi", NEW, DAY) == done.account_id
    assert state(office, done.account_id) is AccountState.READY
    assert actions(office) == ["create-account", "invite", "change-password"]
    with office.read() as connection:
        row = connection.execute(select(account.c.roles).where(account.c.id == done.account_id)).scalar_one()
        place = connection.execute(select(membership.c.unit).where(membership.c.account_id == done.account_id)).scalar_one()
    assert (row, place) == (["supervisor"], "loc-ninh")


@pytest.mark.parametrize(("address", "mails"), [("", True), ("moi@example.vn", False)])
def test_without_mail_or_address_a_code_is_handed_over(office: Database, address: str, mails: bool):
    done = invite(office, ADMINISTRATOR, {**FORM, "address": address}, now=later(), site=SITE if mails else None)
    assert done.code and tokens(office) == []
    assert done.until == later().system + LASTS[INVITATION]
    assert set_by_code(office, {"login": "moi", "code": done.code, **CHOSEN}, caller=HERE, now=later()).login == "moi"
    with office.read() as connection:
        assert done.code not in str(connection.execute(select(journal_entry)).all())


def test_inviting_again_makes_the_link_before_dead(office: Database):
    done = invite(office, ADMINISTRATOR, FORM, now=later(), site=SITE)
    (first,) = tokens(office)
    assert state(office, done.account_id, LASTS[INVITATION].total_seconds()) is AccountState.NO_PASSWORD
    invite_again(office, ADMINISTRATOR, done.account_id, now=later(), site=SITE)
    (second,) = tokens(office)
    with pytest.raises(NotFound):
        holder(office, first, later())
    set_by_link(office, second, CHOSEN, now=later())
    with pytest.raises(Refused) as no:
        invite_again(office, ADMINISTRATOR, done.account_id, now=later(), site=SITE)
    assert no.value.code == "has-password"


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"login": "quan-tri"}, {"login"}),
        ({"login": "có dấu cách", "name": "", "address": "không phải"}, {"login", "name", "address"}),
        ({"unit": "khong-co", "role": "vua"}, {"unit", "role"}),
        ({"roles": ["vua"]}, {"roles"}),
    ],
)
def test_whatever_is_wrong_is_said_and_nothing_is_saved(office: Database, change: dict[str, Any], fields: set[str]):
    with pytest.raises(InvalidFields) as wrong:
        invite(office, ADMINISTRATOR, {**FORM, **change}, now=later(), site=SITE)
    assert set(wrong.value.problems) == fields
    assert len(all_accounts(office, later())) == 2 and actions(office) == [] and tokens(office) == []


def test_only_administrators_invite_and_heads_give_codes_to_their_officers_alone(office: Database):
    with pytest.raises(Refused):
        invite(office, HEAD, FORM, now=later(), site=SITE)
    officer = create_account(office, login="can-bo", name="Cán bộ", memberships=[Membership("loc-ninh")])
    stranger = create_account(office, login="nguoi-la", name="Người lạ")
    other_head = create_account(office, login="pho", name="Phó", memberships=[Membership("loc-ninh", "head")])
    assert give_code(office, HEAD, officer, now=later()).code
    for account_id in (stranger, 1, 999):
        with pytest.raises(NotFound):
            give_code(office, HEAD, account_id, now=later())
    with pytest.raises(Refused):
        give_code(office, HEAD, other_head, now=later())
    acting = Actor(2, "Lãnh đạo", HEAD.memberships, represented_id=9)
    with pytest.raises(NotFound):
        give_code(office, acting, officer, now=later())


def test_switching_off_ends_all_and_switching_on_brings_nothing_back(office: Database):
    session, feed = open_sign_in(office, 2, later().system), feeds.issue(office, 2, now=later())
    code = give_code(office, ADMINISTRATOR, 2, now=later()).code
    disable(office, ADMINISTRATOR, 2, now=later())
    assert state(office, 2) is AccountState.DISABLED and signed_in(office, session, later()) is None
    with pytest.raises(Refused):
        authenticate(office, "lanh-dao", "con trâu đi trước", DAY)
    enable(office, ADMINISTRATOR, 2, now=later())
    assert signed_in(office, session, later()) is None
    with pytest.raises(NotFound):
        feeds.feed_of(office, feed, now=later(), base_url="")
    with pytest.raises(Refused):
        set_by_code(office, {"login": "lanh-dao", "code": code, **CHOSEN}, caller=HERE, now=later())
    assert authenticate(office, "lanh-dao", "con trâu đi trước", DAY) == 2
    assert actions(office) == ["give-code", "disable-account", "enable-account"]


def test_nobody_switches_off_themselves_or_the_last_administrator(office: Database):
    other = Actor(3, "Khác", (), frozenset({"administrator"}))
    for actor in (ADMINISTRATOR, other):
        with pytest.raises(Refused):
            disable(office, actor, 1, now=later())
    with pytest.raises(Refused):
        disable(office, HEAD, 1, now=later())
    with pytest.raises(NotFound):
        disable(office, ADMINISTRATOR, 999, now=later())
    assert signed_in(office, open_sign_in(office, 1, later().system), later()) is not None
