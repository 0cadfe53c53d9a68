"""A full disk: the person is told so with 507, nothing half done stays, and with room again everything goes on."""

import errno
import io
import os
from pathlib import Path

import pytest
from sqlalchemy import event, text

from engine.errors import StorageFull
from models.database import Database
from services.attachments import store
from services.verify_journal import verify
from tests.factories import OFFICER
from tests.services.played import Played
from tests.web.office import Office


def fill(db: Database) -> None:
    """Let the database's file grow no more: SQLite itself then says that the disk is full."""
    with db.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    db.engine.dispose()

    @event.listens_for(db.engine, "connect")
    def limited(connection, _):
        connection.execute(f"PRAGMA max_page_count = {pages}")

    db.engine.dispose()
    db.__dict__["limited"] = limited


def empty_again(db: Database) -> None:
    event.remove(db.engine, "connect", db.__dict__.pop("limited"))
    db.engine.dispose()


def until_full(plan: Played) -> int:
    """How many remarks there was room for."""
    for done in range(5000):
        try:
            plan.act(OFFICER, "comment", "ke-hoach", payload={"text": "x" * 2000})
        except StorageFull:
            return done
    return 5000


def test_a_database_without_room_keeps_nothing_of_an_action_and_goes_on_with_room_again(sqlite: Database) -> None:
    plan = Played(sqlite)
    plan.people(OFFICER)
    fill(sqlite)
    done = until_full(plan)
    seq = plan.workflow()["seq"]
    assert 0 < done < 5000 and seq == 1 + done, "the action that was refused is nowhere"
    assert not verify(sqlite).faults
    with pytest.raises(StorageFull):
        plan.act(OFFICER, "comment", "ke-hoach", payload={"text": "x" * 2000})
    empty_again(sqlite)
    assert plan.act(OFFICER, "comment", "ke-hoach", payload={"text": "lại được"}).seq == seq + 1
    assert not verify(sqlite).faults


def test_people_are_told_with_507_and_what_they_typed_comes_back(sqlite: Database, tmp_path: Path) -> None:
    office = Office(sqlite, tmp_path)
    browser = office.browser("thuong-truc")
    step = office.step_id("ke-hoach")
    carried = {**browser.carried(step, "comment"), "csrf": browser.csrf()}
    fill(sqlite)
    long = "chữ " + "x " * 1_500
    answers = [browser.send("POST", f"/steps/{step}/actions/comment", data={**carried, "key": f"k{n}", "text": long}) for n in range(60)]
    full = next(answer for answer in answers if answer.status_code != 303)
    assert full.status_code == 507 and "hết chỗ lưu" in full.text and "chữ x x" in full.text
    assert browser.get("/").status_code == 200, "reading goes on"
    version = browser.get(f"/api/v1/steps/{step}").json()["version"]
    told = browser.api("POST", f"/steps/{step}/actions/comment", json={"payload": {"text": long}, "expected_version": version})
    assert (told.status_code, told.json()["code"]) == (507, "storage-full")
    empty_again(sqlite)
    assert browser.send("POST", f"/steps/{step}/actions/comment", data={**carried, "key": "z", "text": "được"}).status_code == 303
    office.close()


@pytest.mark.parametrize(("code", "status"), [(errno.ENOSPC, 507), (errno.EDQUOT, 507), (errno.EIO, 500)])
def test_an_upload_that_finds_no_room_on_its_way_in_is_told_so(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, status: int
) -> None:
    async def full(_: object) -> None:
        raise OSError(code, os.strerror(code))

    office = Office(sqlite, tmp_path)
    browser, step = office.browser("thuong-truc"), office.step_id("ke-hoach")
    headers = {"X-CSRF-Token": browser.csrf()}
    monkeypatch.setattr("web.pages.steps.read_form", full)
    assert browser.send("POST", f"/steps/{step}/actions/attach", headers=headers, data={"key": "k"}).status_code == status
    office.close()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_file_for_which_there_is_no_room_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    content = b"%PDF-1.7\n" + b"x" * 300_000
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(code, os.strerror(code))))
        with pytest.raises(StorageFull):
            store(tmp_path, io.BytesIO(content), name="a.pdf")
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []
    assert store(tmp_path, io.BytesIO(content), name="a.pdf").size == len(content)


def test_another_error_of_the_disk_stays_what_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.EIO, "I/O")))
    with pytest.raises(OSError, match="I/O"):
        store(tmp_path, io.BytesIO(b"%PDF-1.7\n"), name="a.pdf")


@pytest.mark.postgres
def test_postgresql_says_it_too(postgres: Database) -> None:
    raised = "DO $$ BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = 'disk_full'; END $$"
    with pytest.raises(StorageFull), postgres.write() as connection:
        connection.execute(text(raised))
