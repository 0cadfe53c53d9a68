"""Everything of a person who leaves moves to a successor, after a preview; what was theirs alone dies; what they did keeps their name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.access import Actor, Membership
from engine.errors import InvalidFields, NotFound, Refused
from models.database import Database
from models.tables import feed, inbox_entry, journal_entry, membership, message, preference, sign_in
from services import api_tokens, feeds
from services.deputies import absences, name_deputy
from services.hand_over import hand_over
from services.inbox import post
from services.invariants import violations
from services.memberships import add_member, end_member, staff
from services.passwords import authenticate
from services.queries.hand_over_sheet import hand_over_sheet
from services.sign_ins import open_sign_in, signed_in
from tests.factories import CALENDAR, OFFICER, district
from tests.services.mailing import Mailing

UNIT = "huyen-01"
LEAVES = district(1)
HEIR = Actor(301, "Người nhận")
CHIEF = Actor(302, "Trưởng", (Membership(UNIT, "head"),))
ADMIN = Actor(303, "Quản trị", (), frozenset({"administrator"}))


@pytest.fixture
def mailing(db: Database) -> Mailing:
    played = Mailing(db)
    played.people(HEIR, CHIEF, ADMIN)
    return played


def form(mailing: Mailing, days: int = 0, to: Actor = HEIR) -> dict[str, Any]:
    return {"successor": f"a{to.account_id}", "first_away": (mailing.day + timedelta(days)).isoformat()}


def count(mailing: Mailing, table: Any, **where: Any) -> int:
    query = select(func.count()).select_from(table).where(*(table.c[name] == value for name, value in where.items()))
    with mailing.db.read() as connection:
        return int(connection.execute(query).scalar_one())


def journaled(mailing: Mailing, action: str) -> int:
    return count(mailing, journal_entry, stream="office", action=action)


def test_the_preview_says_what_would_move_and_writes_nothing(mailing: Mailing) -> None:
    mailing.act(LEAVES, "accept", "gop-y", UNIT)
    post(mailing.db, now=mailing.now())
    found = hand_over(mailing.db, CHIEF, LEAVES.account_id, form(mailing), now=mailing.now())
    assert (found.steps, found.joins, found.unread) == ((mailing.step("gop-y", UNIT)["id"],), (Membership(UNIT),), 1)
    assert not found.done and journaled(mailing, "hand-over") == 0
    assert mailing.step("gop-y", UNIT)["accepted_by"] == LEAVES.account_id


def test_api_tokens_die_at_once_even_if_the_person_stays_some_days(mailing: Mailing) -> None:
    token = api_tokens.make(
        mailing.db, LEAVES.account_id, actor=LEAVES, name="x", scopes=["read"], days=30, longest=365, now=mailing.now()
    ).secret  # fmt: skip
    assert api_tokens.bearer_of(mailing.db, token, mailing.now()) is not None
    hand_over(mailing.db, CHIEF, LEAVES.account_id, form(mailing, days=5), now=mailing.now(), confirmed=True)
    assert api_tokens.bearer_of(mailing.db, token, mailing.now()) is None


def test_everything_moves_and_the_old_addresses_die(mailing: Mailing) -> None:
    mailing.act(LEAVES, "accept", "gop-y", UNIT)
    post(mailing.db, now=mailing.now())
    with mailing.db.write() as connection:
        connection.execute(preference.insert(), {"account_id": LEAVES.account_id, "mail": {"news": "none"}})
    token, session = feeds.issue(mailing.db, LEAVES.account_id, now=mailing.now()), open_sign_in(mailing.db, 201, mailing.now().system)
    assert hand_over(mailing.db, CHIEF, LEAVES.account_id, form(mailing), now=mailing.now(), confirmed=True).done
    assert mailing.step("gop-y", UNIT)["accepted_by"] == HEIR.account_id
    assert count(mailing, membership, account_id=HEIR.account_id, unit=UNIT) == 1
    assert count(mailing, inbox_entry, account_id=HEIR.account_id) == 1
    assert count(mailing, preference, account_id=HEIR.account_id) == 1
    assert (count(mailing, feed), count(mailing, sign_in)) == (0, 0)
    assert signed_in(mailing.db, session, mailing.now()) is None
    with pytest.raises(NotFound):
        feeds.feed_of(mailing.db, token, now=mailing.now(), base_url="")
    assert journaled(mailing, "hand-over") == 1
    assert violations(mailing.db, now=mailing.now(), calendar=CALENDAR) == []


def test_who_has_left_gets_nothing_and_the_successor_everything(mailing: Mailing) -> None:
    hand_over(mailing.db, CHIEF, LEAVES.account_id, form(mailing), now=mailing.now(), confirmed=True)
    mailing.morning(mailing.day)
    assert count(mailing, message, account_id=LEAVES.account_id) == 0
    assert count(mailing, message, account_id=HEIR.account_id) == 1


def test_until_the_last_day_the_person_works_on_and_then_no_more(mailing: Mailing) -> None:
    session = open_sign_in(mailing.db, LEAVES.account_id, mailing.now().system)
    hand_over(mailing.db, CHIEF, LEAVES.account_id, form(mailing, days=2), now=mailing.now(), confirmed=True)
    mailing.day += timedelta(1)
    assert signed_in(mailing.db, session, mailing.now(later=-timedelta(1))) is not None
    mailing.day += timedelta(1)
    assert signed_in(mailing.db, session, mailing.now(later=-timedelta(2))) is None
    with pytest.raises(Refused):
        authenticate(mailing.db, f"a{LEAVES.account_id}", "x", mailing.day)


def test_deputies_that_reach_beyond_the_last_day_end(mailing: Mailing) -> None:
    wanted = {"unit": UNIT, "deputy": str(CHIEF.account_id), "from": mailing.day.isoformat(), "to": mailing.day.isoformat()}
    name_deputy(mailing.db, LEAVES, wanted, now=mailing.now())
    assert hand_over(mailing.db, CHIEF, LEAVES.account_id, form(mailing), now=mailing.now()).deputies == 1
    hand_over(mailing.db, CHIEF, LEAVES.account_id, form(mailing), now=mailing.now(), confirmed=True)
    assert absences(mailing.db, CHIEF, mailing.now()).lines == ()


def test_each_wrong_field_is_named_and_nothing_moves(mailing: Mailing) -> None:
    for given, fields in (
        ({"successor": "nobody", "first_away": "2020-01-01"}, {"successor", "first_away"}),
        (form(mailing, to=LEAVES), {"successor"}),
        ({**form(mailing), "first_away": "31/02"}, {"first_away"}),
        ({**form(mailing), "first_away": ""}, {"first_away"}),
        (form(mailing, days=400), {"first_away"}),
    ):
        with pytest.raises(InvalidFields) as wrong:
            hand_over(mailing.db, ADMIN, LEAVES.account_id, given, now=mailing.now(), confirmed=True)
        assert wrong.value.problems.keys() == fields
    mailing.change_account(HEIR.account_id, left_on=mailing.day)
    with pytest.raises(InvalidFields):
        hand_over(mailing.db, ADMIN, LEAVES.account_id, form(mailing), now=mailing.now(), confirmed=True)
    assert journaled(mailing, "hand-over") == 0


@pytest.mark.parametrize(
    ("actor", "account", "allowed"),
    [
        (CHIEF, LEAVES, True),
        (ADMIN, LEAVES, True),
        (ADMIN, OFFICER, True),
        (CHIEF, district(2), False),
        (CHIEF, CHIEF, False),  # a head is an administrator's to change
        (LEAVES, LEAVES, False),
        (OFFICER, LEAVES, False),
        (ADMIN, ADMIN, False),  # the last one
    ],
)
def test_heads_do_so_for_their_people_and_administrators_for_all(mailing: Mailing, actor: Actor, account: Actor, allowed: bool) -> None:
    if allowed:
        assert hand_over(mailing.db, actor, account.account_id, form(mailing), now=mailing.now()).account_id == account.account_id
        return
    foreign = "administrator" not in actor.roles and actor.units.isdisjoint(account.units)
    with pytest.raises(NotFound if foreign else Refused):
        hand_over(mailing.db, actor, account.account_id, form(mailing), now=mailing.now())


def test_nobody_hands_over_on_anothers_behalf(mailing: Mailing) -> None:
    deputy = Actor(HEIR.account_id, HEIR.name, (Membership(UNIT, "head"),), represented_id=CHIEF.account_id)
    with pytest.raises(Refused):
        hand_over(mailing.db, deputy, LEAVES.account_id, form(mailing), now=mailing.now())


def test_a_head_keeps_the_places_of_the_unit(mailing: Mailing) -> None:
    new = add_member(mailing.db, CHIEF, {"login": "a301", "unit": UNIT, "role": "officer"}, now=mailing.now())
    assert new in {p.account_id for p in staff(mailing.db, CHIEF, mailing.now()).people}
    end_member(mailing.db, CHIEF, new, UNIT, now=mailing.now())
    assert new not in {p.account_id for p in staff(mailing.db, CHIEF, mailing.now()).people}
    assert (journaled(mailing, "add-member"), journaled(mailing, "end-member")) == (1, 1)
    for wrong, fields in (
        ({"login": "x", "unit": "huyen-02", "role": "king"}, {"login", "unit", "role"}),
        ({"login": f"a{LEAVES.account_id}", "unit": UNIT, "role": "officer"}, {"login"}),
    ):
        with pytest.raises(InvalidFields) as problem:
            add_member(mailing.db, CHIEF, wrong, now=mailing.now())
        assert problem.value.problems.keys() == fields
    with pytest.raises(Refused):
        end_member(mailing.db, CHIEF, CHIEF.account_id, UNIT, now=mailing.now())
    with pytest.raises(NotFound):
        end_member(mailing.db, CHIEF, district(2).account_id, "huyen-02", now=mailing.now())


def test_the_sheet_lists_what_is_open_with_what_there_is_and_what_is_awaited(mailing: Mailing) -> None:
    mailing.act(
        OFFICER,
        "attach",
        "ke-hoach",
        payload={"files": [{"evidence": "kh", "name": "dt.pdf", "media_type": "application/pdf", "size": 1, "sha256": "0"}]},
    )
    sheet = hand_over_sheet(mailing.db, OFFICER, OFFICER.account_id, mailing.now())
    line = next(line for line in sheet.lines if line.step.code == "ke-hoach")
    assert [f.name for p in line.papers for f in p.files] == ["dt.pdf"]
    assert [p.code for p in line.missing] == ["kh"]  # its number is not there yet
    assert {line.step.lead for line in hand_over_sheet(mailing.db, CHIEF, LEAVES.account_id, mailing.now()).lines} == {UNIT}
    for stranger in (district(2), ADMIN):
        with pytest.raises(NotFound):
            hand_over_sheet(mailing.db, stranger, LEAVES.account_id, mailing.now())
