"""Anchors, and the seven ways of tampering with a journal: each is planted by hand, past every guard, and found."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.anchor import Anchor, from_file
from engine.errors import Invalid, NotFound
from engine.journal import entry_hash
from models.database import Database, sqlite_url
from models.schema import create_all
from models.tables import message
from services.anchors import anchors, one_anchor, take_anchor
from services.deliver import MailRules, deliver
from services.queries.message_page import message_page
from services.verify_journal import verify
from tests.factories import FRONT, MEMBER, OFFICER, at, district, person
from tests.services.mailing import HOURS, SITE, Way
from tests.services.played import Played

DAY = date(2024, 5, 3)
AUDITOR = person(301, roles=("auditor",))
Plant = Callable[[sqlite3.Connection], object]


def worked(db: Database) -> Played:
    """Three entries with texts in the workflow's stream, after its opening."""
    plan = Played(db)
    plan.people(OFFICER, MEMBER, FRONT, district(1), AUDITOR)
    plan.act(OFFICER, "accept", "ke-hoach")
    plan.act(OFFICER, "comment", "ke-hoach", payload={"text": "Đã lấy ý kiến"})
    plan.act(district(1), "accept", "gop-y", "huyen-01")
    return plan


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Anchor]:
    """A database whose journal was anchored, worked on and anchored again; the second anchor, as it was kept."""
    file = tmp_path_factory.mktemp("office") / "dondoc.sqlite"
    db = Database(sqlite_url(file), durable=False)
    create_all(db)
    plan = worked(db)
    take_anchor(db, now=at(DAY), site=SITE)
    plan.act(district(1), "comment", "gop-y", "huyen-01", payload={"text": "Nhất trí"})
    kept = take_anchor(db, now=at(DAY + timedelta(days=1)), site=SITE)
    plan.act(district(1), "submit", "gop-y", "huyen-01")
    db.close()
    assert kept is not None
    return file, from_file(json.loads(json.dumps(kept.as_file())))


@pytest.fixture
def copied(office: tuple[Path, Anchor], tmp_path: Path) -> Iterator[Database]:
    shutil.copy(office[0], tmp_path / "copy.sqlite")
    db = Database(sqlite_url(tmp_path / "copy.sqlite"), durable=False)
    yield db
    db.close()


def plant(db: Database, *changes: Plant) -> None:
    """Change the stored journal by hand."""
    assert db.file
    with closing(sqlite3.connect(db.file)) as connection, connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        for change in changes:
            change(connection)


def sql(statement: str) -> Plant:
    return lambda connection: connection.execute(statement)


def written_anew(connection: sqlite3.Connection, stream: str = "workflow:1", *, alter: bool = True) -> None:
    """Give every entry of a stream a new hash from its first on, and its owner the new end: somebody who knows how it is done."""
    previous = ""
    for seq, body in connection.execute("SELECT seq, body FROM journal_entry WHERE stream = ? ORDER BY seq", (stream,)).fetchall():
        values = json.loads(body)
        if alter and seq == 2:
            values["account"] = 999
        previous = entry_hash(previous, values)
        connection.execute(
            "UPDATE journal_entry SET body = ?, account_id = ?, hash = ? WHERE stream = ? AND seq = ?",
            (json.dumps(values), values["account"], previous, stream, seq),
        )
    owner = "workflow SET head = ? WHERE id = 1" if stream == "workflow:1" else f"journal_stream SET head = ? WHERE name = '{stream}'"
    connection.execute(f"UPDATE {owner}", (previous,))


def anchors_anew(connection: sqlite3.Connection) -> None:
    """Make every anchor say what the stream says now, and chain the anchors again."""
    hashes = dict(connection.execute("SELECT seq, hash FROM journal_entry WHERE stream = 'workflow:1'"))
    for seq, body in connection.execute("SELECT seq, body FROM journal_entry WHERE stream = 'anchors'").fetchall():
        values = json.loads(body)
        for end in values["facts"][0]["streams"]:
            end[2] = hashes[end[1]] if end[0] == "workflow:1" else end[2]
        connection.execute("UPDATE journal_entry SET body = ? WHERE stream = 'anchors' AND seq = ?", (json.dumps(values), seq))
    written_anew(connection, "anchors", alter=False)


LAST = "(SELECT max(seq) FROM journal_entry WHERE stream = 'workflow:1')"
CUT = (
    f"DELETE FROM journal_entry WHERE stream = 'workflow:1' AND seq >= {LAST} - 1",
    "UPDATE workflow SET seq = (SELECT max(seq) FROM journal_entry WHERE stream = 'workflow:1'), head = "
    "(SELECT hash FROM journal_entry WHERE stream = 'workflow:1' ORDER BY seq DESC LIMIT 1) WHERE id = 1",
)
SWAP = "UPDATE journal_entry SET seq = {to} WHERE stream = 'workflow:1' AND seq = {from_}"
GONE = ("DELETE FROM journal_entry WHERE stream = 'plan:1'", "DELETE FROM journal_stream WHERE name = 'plan:1'")
COPIED = "seq + 1, account_id, represented_id, action, step_id, at, body, hash, text, salt, NULL, NULL"
TAMPERINGS: dict[str, tuple[tuple[Plant, ...], str]] = {
    "edit": ((sql("UPDATE journal_entry SET body = json_set(body, '$.account', 7) WHERE stream = 'workflow:1' AND seq = 2"),),
             "entry 2 does not match its hash"),
    "edit of a text": ((sql("UPDATE journal_entry SET text = 'Không' WHERE text = 'Nhất trí'"),), "the text of entry"),
    "edit of a column": ((sql("UPDATE journal_entry SET account_id = 7 WHERE stream = 'workflow:1' AND seq = 2"),),
                         "the columns of entry 2 differ"),
    "delete": ((sql("DELETE FROM journal_entry WHERE stream = 'workflow:1' AND seq = 3"),), "entry 3 is missing"),
    "delete of a stream": (tuple(map(sql, GONE)),
                           "gone, and anchor 1 saw it"),
    "reorder": ((sql(SWAP.format(from_=3, to=99)), sql(SWAP.format(from_=4, to=3)), sql(SWAP.format(from_=99, to=4))),
                "entry 3 does not match its hash"),
    "insert": ((sql(f"INSERT INTO journal_entry SELECT stream, {COPIED} FROM journal_entry WHERE stream = 'workflow:1' AND seq = {LAST}"),),
               "does not match its hash"),
    "insert of a stream": ((sql(f"INSERT INTO journal_entry SELECT 'workflow:9', {COPIED} FROM journal_entry WHERE stream = 'plan:1'"),),
                           "nobody owns this stream"),
    "truncate": ((sql(CUT[0]),), "the stream ends at"),
    "truncate, owner and all": (tuple(map(sql, CUT)), "it was cut off"),
    "rewritten, anchors left": ((written_anew,), "the stream was rewritten"),
}  # fmt: skip


def test_a_sound_journal_agrees_with_its_anchors(copied: Database, office: tuple[Path, Anchor]) -> None:
    found = verify(copied, kept=office[1])
    assert (found.faults, found.anchors) == ((), 2)


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found_without_an_anchor_from_outside(copied: Database, name: str) -> None:
    changes, expected = TAMPERINGS[name]
    plant(copied, *changes)
    faults = verify(copied).faults
    assert any(expected in fault for _, fault in faults), faults
    assert len({stream for stream, _ in faults}) == len(faults), "a stream that is there and wrong is not called gone besides"


def test_a_journal_written_anew_with_its_anchors_shows_against_an_anchor_from_outside_alone(
    copied: Database, office: tuple[Path, Anchor]
) -> None:
    plant(copied, written_anew, anchors_anew)
    assert verify(copied).faults == ()
    streams = dict(verify(copied, kept=office[1]).faults)
    assert "anchor 2 is not the one that was kept" in streams["anchor"]
    assert "the stream was rewritten" in streams["workflow:1"]
    number_alone = from_file({"number": 2, "hash": office[1].hash})
    assert [stream for stream, _ in verify(copied, kept=number_alone).faults] == ["anchor"]


def test_anchors_that_were_taken_away_are_missed_by_who_kept_one(copied: Database, office: tuple[Path, Anchor]) -> None:
    plant(copied, sql("DELETE FROM journal_entry WHERE stream = 'anchors'"), sql("DELETE FROM journal_stream WHERE name = 'anchors'"))
    assert verify(copied).faults == ()
    assert any("no anchor 2" in fault for _, fault in verify(copied, kept=office[1]).faults)


def test_a_foreign_anchor_is_called_so(copied: Database, sqlite: Database) -> None:
    worked(sqlite)
    foreign = take_anchor(sqlite, now=at(DAY), site=SITE)
    assert foreign is not None
    assert "a foreign anchor" in dict(verify(copied, kept=foreign).faults)["anchor"]


def test_a_changed_anchor_file_is_called_so(copied: Database, office: tuple[Path, Anchor]) -> None:
    data = office[1].as_file()
    data["entry"] = {**data["entry"], "at": "2024-05-05T00:00:00+00:00"}
    assert "does not match its own hash" in dict(verify(copied, kept=from_file(data)).faults)["anchor"]


@pytest.mark.parametrize("data", [{}, [], "x", {"number": "x", "hash": ""}, {"number": 1, "hash": "a", "format": "other"},
                                  {"number": 1, "hash": "a", "entry": {"facts": [{"kind": "plan.published"}]}}])  # fmt: skip
def test_what_is_no_anchor_is_refused(data: object) -> None:
    with pytest.raises(Invalid):
        from_file(data)


def test_an_anchor_holds_what_changed_and_nothing_new_makes_none(db: Database) -> None:
    plan = worked(db)
    first = take_anchor(db, now=at(DAY), site=SITE)
    assert first is not None and {stream for stream, _, _ in first.ends} == {"workflow:1", "plan:1"}
    assert take_anchor(db, now=at(DAY), site=SITE) is None
    plan.act(district(1), "comment", "gop-y", "huyen-01", payload={"text": "Thêm"})
    second = take_anchor(db, now=at(DAY), site=SITE)
    assert second is not None and [stream for stream, _, _ in second.ends] == ["workflow:1"]
    assert (second.number, second.previous, second.office) == (2, first.hash, first.office)
    assert anchors(db) == [first, second] and one_anchor(db, 2) == second
    assert not verify(db).faults
    with pytest.raises(NotFound):
        one_anchor(db, 3)


def test_every_auditor_gets_each_anchor_once_by_mail_within_office_hours(db: Database) -> None:
    worked(db)
    taken = take_anchor(db, now=at(DAY, 0, 30), site=SITE)
    assert taken is not None
    take_anchor(db, now=at(DAY, 0, 31), site=SITE)
    with db.read() as connection:
        (row,) = connection.execute(select(message).where(message.c.kind == "anchored")).mappings().all()
    assert (row["key"], row["account_id"], row["address"]) == ("anchor:1:301", 301, "a301@example.vn")
    way = Way()
    deliver(db, now=at(DAY, 0, 40), transport=way, rules=MailRules(HOURS, SITE))
    assert way.mails == []
    for _ in range(2):
        deliver(db, now=at(DAY, 9), transport=way, rules=MailRules(HOURS, SITE))
    (mail,) = way.mails
    body = mail.get_body(("plain",))
    assert body is not None and taken.hash in body.get_content()
    assert "https://dondoc.example.vn/journal/anchors/1" in body.get_content()
    assert message_page(db, AUDITOR, row["id"]).reasons[0].place == "Neo nhật ký số 1"
