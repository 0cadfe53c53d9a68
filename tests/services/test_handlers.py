"""Who handles a step hears of it and is named in its reminders, which go out as before; it ends when step or person go elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import Connection

from engine.access import Actor, Membership
from engine.errors import Invalid
from engine.units import ChangeKind, ChangePart, Share
from models import handlers
from models.database import Database
from models.handlers import let_go
from models.reading.my_work import Handled
from services.account_states import disable
from services.erase_person import erase_person
from services.hand_over import hand_over
from services.invariants import violations
from services.memberships import add_member, end_member
from services.queries.colleagues import colleagues
from services.queries.hand_over_sheet import hand_over_sheet
from services.queries.my_work import GroupCode, my_work
from services.queries.step_page import StepDetail, step_page
from services.queries.units import unit_names
from tests.factories import CALENDAR, OFFICER, district
from tests.services.mailing import Mailing, heard
from tests.services.test_unit_settle import Story, change

UNIT = "huyen-01"
FIRST = district(1)
LAN = Actor(301, "Chị Lan", (Membership(UNIT),))
CHIEF = Actor(302, "Trưởng", (Membership(UNIT, "head"),))
ADMIN = Actor(303, "Quản trị", (), frozenset({"administrator"}))
OTHER_ADMIN = Actor(304, "Quản trị hai", (), frozenset({"administrator"}))


@pytest.fixture
def mailing(db: Database) -> Mailing:
    made = Mailing(db)
    made.people(LAN, CHIEF, ADMIN, OTHER_ADMIN)
    made.expand()  # what opening the workflow says
    return made


def name(mailing: Mailing, who: Actor | None = LAN, *, by: Actor = FIRST, code: str = "gop-y", note: str = "") -> None:
    mailing.act(by, "name-handler", code, UNIT, payload={"handler": f"a{who.account_id}" if who else "", "note": note})


def handler(mailing: Mailing, code: str = "gop-y") -> int | None:
    found: int | None = mailing.step(code, UNIT)["handler"]
    return found


def detail(mailing: Mailing, viewer: Actor = FIRST) -> StepDetail:
    now = mailing.now()
    page = step_page(mailing.db, viewer, mailing.step("gop-y", UNIT)["id"], now, unit_names(mailing.db, now.today))
    assert page.detail is not None
    return page.detail


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def holds(mailing: Mailing) -> None:
    assert violations(mailing.db, now=mailing.now(), calendar=CALENDAR) == []


def test_who_is_named_hears_of_it_and_the_page_says_so(mailing: Mailing) -> None:
    name(mailing, note="nhờ chị")
    mailing.expand()
    assert heard(mailing.messages(kind="to-handle")) == [(LAN.account_id, "to-handle")]
    item = mailing.messages(kind="to-handle")[0]["data"]["items"][0]
    assert (item["note"], item["by"]) == ("nhờ chị", FIRST.name)
    shown = detail(mailing)
    assert shown.handler is not None and (shown.handler.name, shown.handler.since) == (LAN.name, mailing.now().business)
    assert shown.history[0].more.vi == LAN.name and shown.history[0].quote == "nhờ chị"
    assert {person.login for person in shown.colleagues} == {"a201", "a301", "a302"}
    assert detail(mailing, OFFICER).colleagues == ()  # the agency reads it and names nobody of the district
    holds(mailing)


def test_naming_oneself_says_nothing_and_a_name_that_was_taken_back_neither(mailing: Mailing) -> None:
    name(mailing, FIRST)
    name(mailing, LAN)
    name(mailing, None)
    mailing.expand()
    assert mailing.messages(kind="to-handle") == []
    assert [n["reason"] for n in mailing.notices(kind="to-handle")] == ["handled-otherwise"] * 2
    name(mailing, FIRST)
    mailing.expand()
    assert mailing.notices(kind="to-handle")[-1]["reason"] == "own-act"


def test_of_two_who_were_named_only_the_second_hears(mailing: Mailing) -> None:
    name(mailing, LAN)
    name(mailing, CHIEF)
    mailing.expand()
    assert [(n["state"], n["reason"]) for n in mailing.notices(kind="to-handle")] == [("cancelled", "handled-otherwise"), ("expanded", "")]
    assert heard(mailing.messages(kind="to-handle")) == [(CHIEF.account_id, "to-handle")]


def test_it_gives_and_takes_no_right_and_moves_no_version(mailing: Mailing) -> None:
    before = mailing.step("gop-y", UNIT)
    name(mailing)
    after = mailing.step("gop-y", UNIT)
    assert {k: v for k, v in before.items() if after[k] != v}.keys() == {"handler", "handled_since", "changed_at"}
    assert mailing.act(FIRST, "submit", "gop-y", UNIT).status == "done"


def test_reminders_go_to_whom_they_went_before_and_say_who_handles_it(mailing: Mailing) -> None:
    name(mailing, CHIEF)  # a head hears no reminders of the unit's officers otherwise
    due = mailing.step("gop-y", UNIT)["due_on"]
    mailing.morning(due - timedelta(days=1))
    digests = {row["account_id"]: row["data"]["items"] for row in mailing.messages(kind="digest")}
    of_unit = {account: [i for i in items if i["kind"] == "due-soon"] for account, items in digests.items()}
    for account in (FIRST.account_id, LAN.account_id, CHIEF.account_id):
        assert [item.get("handler") for item in of_unit[account]] == [CHIEF.name], account
    assert all("handler" not in item for item in of_unit[district(2).account_id])
    mail = next(m for m in mailing.way.mails if f"a{FIRST.account_id}@" in str(m["To"]) and "Bậc nhắc" in text_of(m))
    assert f"Người xử lý: {CHIEF.name}" in text_of(mail)


def test_rows_show_the_name_and_the_filter_counts_what_it_shows(mailing: Mailing) -> None:
    name(mailing)
    name(mailing, FIRST, code="bao-cao")
    for actor, handled, codes in (
        (LAN, Handled.MINE, {"gop-y"}),
        (FIRST, Handled.MINE, {"bao-cao"}),
        (FIRST, Handled.NOBODYS, {"ke-hoach-huyen", "to-chuc"}),
        (FIRST, Handled.ALL, {"gop-y", "bao-cao", "ke-hoach-huyen", "to-chuc"}),
    ):
        page = my_work(mailing.db, actor, mailing.now(), handled)
        rows = [row for group in page.groups for row in group.rows]
        assert {row.step.code for row in rows} == codes
        assert page.own[handled] == len(rows) == sum(group.total for group in page.groups)
        named = {row.step.code: row.handler for row in rows if row.handler}
        assert named == {code: who for code, who in (("gop-y", LAN.name), ("bao-cao", FIRST.name)) if code in codes}


def test_what_waits_for_a_decision_is_never_filtered_away(mailing: Mailing) -> None:
    mailing.act(FIRST, "request-extension", "gop-y", UNIT, payload={"until": "2024-08-15", "reason": "họp muộn"})
    page = my_work(mailing.db, OFFICER, mailing.now(), Handled.MINE)
    assert [group.code for group in page.groups] == [GroupCode.TO_DECIDE]


def test_nobody_of_another_unit_and_nobody_who_is_leaving(mailing: Mailing) -> None:
    mailing.change_account(LAN.account_id, left_on=mailing.day + timedelta(days=9))
    assert {c.login for c in colleagues(mailing.db, FIRST)} == {"a201", "a302"} == {p.login for p in detail(mailing).colleagues}
    for who in (LAN, district(2), OFFICER):
        with pytest.raises(Invalid) as wrong:
            name(mailing, who)
        assert (wrong.value.code, wrong.value.field) == ("handler", "handler")
    assert handler(mailing) is None


def leave_the_unit(mailing: Mailing) -> None:
    end_member(mailing.db, CHIEF, LAN.account_id, UNIT, now=mailing.now())


def be_switched_off(mailing: Mailing) -> None:
    disable(mailing.db, ADMIN, LAN.account_id, now=mailing.now())


def be_erased(mailing: Mailing) -> None:
    erase_person(mailing.db, f"a{LAN.account_id}", actor=ADMIN, now=mailing.now(), confirmed=True)


def lose_the_step(mailing: Mailing) -> None:
    mailing.act(OFFICER, "reassign", "gop-y", UNIT, payload={"lead": "mttq", "reason": "chuyển"})


@pytest.mark.parametrize("event", [leave_the_unit, be_switched_off, be_erased, lose_the_step])
def test_it_ends_by_itself(mailing: Mailing, event: Callable[[Mailing], None]) -> None:
    name(mailing)
    event(mailing)
    assert (handler(mailing), mailing.step("gop-y", UNIT)["handled_since"]) == (None, None)
    holds(mailing)


def test_another_role_in_the_unit_ends_nothing(mailing: Mailing) -> None:
    name(mailing)
    add_member(mailing.db, CHIEF, {"login": "a301", "unit": UNIT, "role": "unit-admin"}, now=mailing.now())
    with mailing.db.write() as connection:
        let_go(connection)
    assert handler(mailing) == LAN.account_id


def test_the_successor_of_who_leaves_handles_what_is_open_and_the_sheet_has_it(mailing: Mailing) -> None:
    name(mailing)
    name(mailing, code="bao-cao")
    mailing.act(FIRST, "accept", "gop-y", UNIT)
    sheet = hand_over_sheet(mailing.db, CHIEF, LAN.account_id, mailing.now())
    listed = {line.step.code: (line.contact, line.handler) for line in sheet.lines}
    assert (listed["gop-y"], listed["bao-cao"]) == ((FIRST.name, LAN.name), ("", LAN.name))
    mailing.act(FIRST, "submit", "gop-y", UNIT)  # done: nobody takes that over
    form = {"successor": f"a{FIRST.account_id}", "first_away": (mailing.day + timedelta(days=5)).isoformat()}
    assert hand_over(mailing.db, CHIEF, LAN.account_id, form, now=mailing.now()).steps == (mailing.step("bao-cao", UNIT)["id"],)
    assert handler(mailing, "bao-cao") == LAN.account_id
    hand_over(mailing.db, CHIEF, LAN.account_id, form, now=mailing.now(), confirmed=True)
    assert (handler(mailing), handler(mailing, "bao-cao")) == (None, FIRST.account_id)
    holds(mailing)


def test_erasing_the_handler_leaves_no_name_in_mails(mailing: Mailing) -> None:
    name(mailing)
    mailing.morning(mailing.step("gop-y", UNIT)["due_on"] - timedelta(days=1))
    assert LAN.name in str([row["data"] for row in mailing.messages()])
    be_erased(mailing)
    assert LAN.name not in str([row["data"] for row in mailing.messages()])


def test_in_a_split_they_follow_their_people_or_are_let_go(db: Database) -> None:
    story = Story(db)
    story.people(LAN)
    shares = (Share("huyen-02"), Share("huyen-03", ("NV4/ngay-hoi/gop-y",)))  # people follow the first
    story.plan_change(change(ChangePart(ChangeKind.SPLIT, (UNIT,), shares), begins=()))
    for code in ("gop-y", "bao-cao"):
        story.act(FIRST, "name-handler", code, UNIT, payload={"handler": "a301"})
    story.cross()
    assert {(story.step(code, UNIT)["lead"], story.step(code, UNIT)["handler"]) for code in ("gop-y", "bao-cao")} == {
        ("huyen-02", LAN.account_id),
        ("huyen-03", None),
    }
    story.holds()


@pytest.mark.postgres
def test_who_is_named_while_leaving_does_not_stay_the_handler(postgres: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    mailing = Mailing(postgres)
    mailing.people(LAN, CHIEF, ADMIN)
    looked, gone, looking = threading.Event(), threading.Event(), handlers.to_name

    def slowly(connection: Connection, unit: str) -> dict[str, int]:
        found = looking(connection, unit)
        looked.set()
        gone.wait(0.5)  # whoever leaves now has to wait for this transaction
        return found

    def leave() -> None:
        assert looked.wait(30)
        leave_the_unit(mailing)
        gone.set()

    monkeypatch.setattr("services.besides.to_name", slowly)
    with ThreadPoolExecutor(2) as threads:
        done = [threads.submit(name, mailing), threads.submit(leave)]
    assert [future.exception(60) for future in done] == [None, None]
    assert handler(mailing) is None
    holds(mailing)
