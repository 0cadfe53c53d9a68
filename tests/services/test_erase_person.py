"""Erasing a person: nothing says who it was, everything that was done stays, and the chains stay whole."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from engine.access import SYSTEM
from engine.errors import NotFound, Refused
from engine.vietnamese import fold
from models.database import Database
from models.tables import account, metadata
from services.accounts import create_account, everyone
from services.anchors import take_anchor
from services.api_tokens import make
from services.erase_person import erase_person
from services.sign_ins import open_sign_in
from services.verify_journal import verify
from tests.factories import MEMBER, at
from tests.services.mailing import SITE, Mailing

DAY = date(2024, 5, 2)
NAME, LOGIN, REASON = "Nguyễn Thị Kín", "nguyen-thi-kin", "Bà Kín đề nghị làm lại"


def known(db: Database, *words: str) -> list[str]:
    """Where any of ``words`` still stands, in any row of any table."""
    with db.read() as connection:
        rows = [(table.name, repr(tuple(row))) for table in metadata.sorted_tables for row in connection.execute(select(table))]
    return sorted({name for name, row in rows for word in words if word in row})


@pytest.fixture
def lived(db: Database) -> Mailing:
    """Somebody of the committee returned a plan with a reason, in a mail to others, and got mail herself."""
    plan = Mailing(db)
    with db.write() as connection:
        changed = {"login": LOGIN, "name": NAME, "folded": fold(NAME), "address": "kin@example.vn", "title": "Chuyên viên Kín"}
        connection.execute(account.update().where(account.c.id == MEMBER.account_id).values(changed))
    open_sign_in(db, MEMBER.account_id, at(DAY).system)
    make(db, MEMBER.account_id, actor=MEMBER, name=f"Máy của {NAME}", scopes=["read"], days=30, longest=365, now=at(DAY))
    from tests.factories import OFFICER

    evidence = [{"evidence": "kh", "name": "a.pdf", "media_type": "application/pdf", "size": 1, "sha256": "0" * 64}]
    plan.act(OFFICER, "attach", "ke-hoach", payload={"files": evidence})
    plan.act(OFFICER, "submit", "ke-hoach", payload={"evidence": {"kh": {"number": "1/KH", "date": "2024-05-02"}}})
    plan.expand()
    plan.act(MEMBER, "return", "ke-hoach", payload={"reason": REASON, "redo_on": "2024-05-08"})
    plan.expand()
    return plan


def test_a_person_is_gone_and_the_journal_whole(lived: Mailing) -> None:
    db = lived.db
    kept = take_anchor(db, now=at(DAY), site=SITE)
    assert {"account", "journal_entry", "message"} <= set(known(db, NAME, LOGIN, "kin@example.vn", "Kín"))
    assert known(db, fold(NAME)) == ["account"]
    before = erase_person(db, LOGIN, actor=SYSTEM, now=at(DAY))
    assert not before.done and before.texts == 1 and before.messages >= 2 and known(db, NAME)
    assert erase_person(db, LOGIN, actor=SYSTEM, now=at(DAY), confirmed=True).done
    assert known(db, NAME, LOGIN, "kin@example.vn", "Kín", fold(NAME)) == []
    assert verify(db, kept=kept).faults == ()
    assert MEMBER.account_id not in {p.actor.account_id for p in everyone(db)}
    with pytest.raises(NotFound):
        erase_person(db, LOGIN, actor=SYSTEM, now=at(DAY))
    assert lived.status("ke-hoach") == "returned"


def test_the_office_may_keep_the_reasons(lived: Mailing) -> None:
    erase_person(lived.db, LOGIN, actor=SYSTEM, now=at(DAY), keep_texts=True, confirmed=True)
    assert known(lived.db, REASON) == ["journal_entry"]
    assert known(lived.db, NAME) == [] and not verify(lived.db).faults


def test_mail_to_the_person_that_has_not_left_never_will(lived: Mailing) -> None:
    erase_person(lived.db, LOGIN, actor=SYSTEM, now=at(DAY), confirmed=True)
    lived.deliver()
    assert not [mail for mail in lived.way.mails if "kin@" in str(mail["To"])]


def test_the_last_administrator_stays(sqlite: Database) -> None:
    create_account(sqlite, login="mot", name="Một", roles=("administrator",))
    with pytest.raises(Refused):
        erase_person(sqlite, "mot", actor=SYSTEM, now=at(DAY), confirmed=True)
    create_account(sqlite, login="hai", name="Hai", roles=("administrator",))
    erase_person(sqlite, "mot", actor=SYSTEM, now=at(DAY + timedelta(days=1)), confirmed=True)
    assert [p.login for p in everyone(sqlite)] == ["hai"]
