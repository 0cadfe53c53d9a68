"""Backups made while people act restore whole elsewhere; what is damaged, newer or in the way is refused and changes nothing."""

import io
import json
import shutil
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from engine.errors import Invalid, Refused, StorageFull, Unavailable
from models.copying import attachments_of
from models.database import Database, sqlite_url
from models.migrate import current, newest, upgrade
from models.tables import journal_entry
from services import backup as backups
from services.attachments import store
from services.backup import backups_in, daily_backup, make_backup, name_of
from services.invariants import violations
from services.restore import restore
from services.verify_journal import verify
from tests.databases import postgres_database
from tests.factories import CALENDAR, OFFICER, at, district
from tests.services.played import Played

DAY = date(2024, 5, 2)
AT = datetime(2026, 11, 25, 19, 0, tzinfo=UTC)
PDF = b"%%PDF-1.7\nnoi dung %d\n"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, Database]]:
    """A data folder with its migrated database."""
    data = tmp_path / "data"
    data.mkdir()
    with _database(request, data, empty=True) as db:
        upgrade(db)
        yield data, db


@contextmanager
def _database(request: pytest.FixtureRequest, data: Path, *, empty: bool) -> Iterator[Database]:
    if request.node.callspec.params["place"] == "sqlite":
        db = Database(sqlite_url(data / "dondoc.sqlite"))
        yield db
        db.close()
        return
    with postgres_database(request.getfixturevalue("postgres_url"), empty=empty) as db:
        yield db


def attach(plan: Played, data: Path, number: int) -> None:
    """A file in the store and on the step."""
    stored = store(data / "attachments", io.BytesIO(PDF % number), name=f"{number}.pdf", evidence="kh")
    plan.act(OFFICER, "attach", "ke-hoach", payload={"files": [stored.as_payload()]})


def lived(data: Path, db: Database) -> Played:
    (data / "secret-key").write_text("k" * 64)
    plan = Played(db)
    plan.people(OFFICER, district(1))
    attach(plan, data, 1)
    db.gather_statistics()  # as each night; they come along
    return plan


def entries(db: Database) -> int:
    with db.read() as connection:
        return int(connection.execute(select(func.count()).select_from(journal_entry)).scalar_one())


def test_what_was_acknowledged_before_a_backup_under_load_is_restored_elsewhere(
    place: tuple[Path, Database], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    data, db = place
    plan = lived(data, db)
    stop, done, wrong = threading.Event(), [], []

    def work(number: int) -> None:
        n = 0
        while not stop.is_set():
            try:
                n += 1
                result = plan.act(district(1), "comment", "gop-y", "huyen-01", payload={"text": f"ý kiến {number}-{n}"})
                if n % 5 == 0:
                    attach(plan, data, number * 100_000 + n)
                done.append(result.seq)
            except Exception as problem:  # noqa: BLE001  (told by the test's last line)
                wrong.append(problem)
                return

    writers = [threading.Thread(target=work, args=(number,)) for number in range(2, 5)]
    for writer in writers:
        writer.start()
    while len(done) < 60 and not wrong:
        stop.wait(0.01)
    acknowledged = max(done)
    made = make_backup(db, data, tmp_path / "b.zip", at=AT)
    after = len(done)
    stop.wait(0.3)
    stop.set()
    for writer in writers:
        writer.join()
    assert not wrong and len(done) > after, "the writers went on"

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with _database(request, elsewhere, empty=True) as other:
        found = restore(tmp_path / "b.zip", data=elsewhere, url=other.url.render_as_string(hide_password=False), at=AT)
        assert found.journal.faults == () and found.missing == () and found.aside == ""
        assert found.journal.entries == made.entries == entries(other)
        with other.read() as connection:
            ids = connection.execute(select(journal_entry.c.seq).where(journal_entry.c.stream == "workflow:1").order_by("seq")).scalars()
            assert list(ids)[:acknowledged] == list(range(1, acknowledged + 1))
        for digest in attachments_of(other):
            path = Path("attachments", digest[:2], digest)
            assert (elsewhere / path).read_bytes() == (data / path).read_bytes()
        assert (elsewhere / "secret-key").read_text() == "k" * 64
        assert violations(other, now=at(DAY), calendar=CALENDAR) == []
        later = Played.__new__(Played)
        later.db, later.day, later.workflow_id = other, DAY, plan.workflow_id
        later.act(OFFICER, "comment", "ke-hoach", payload={"text": "làm tiếp được"})
        assert not verify(other).faults


@pytest.fixture
def small(tmp_path: Path) -> Iterator[tuple[Path, Database, Path]]:
    """A data folder, its database and a backup of it."""
    data = tmp_path / "data"
    data.mkdir()
    db = Database(sqlite_url(data / "dondoc.sqlite"), durable=False)
    upgrade(db)
    lived(data, db)
    file = tmp_path / "b.zip"
    make_backup(db, data, file, at=AT)
    yield data, db, file
    db.close()


def put(file: Path, data: Path, *, force: bool = False) -> object:
    return restore(file, data=data, url=sqlite_url(data / "dondoc.sqlite"), at=AT, force=force)


def changed(file: Path, target: Path, name: str, content: bytes | None = None, **manifest: object) -> Path:
    """A copy of a backup with one file's bytes replaced, or with other words in its manifest."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w") as new:
        for each in old.namelist():
            data = old.read(each)
            if each == name and content is not None:
                data = content
            elif each == name:
                data = json.dumps({**json.loads(data), **manifest}).encode()
            new.writestr(each, data)
    return target


def test_a_backup_is_for_its_owner_alone_and_is_never_written_over(small: tuple[Path, Database, Path]) -> None:
    data, db, file = small
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(Invalid):
        make_backup(db, data, file, at=AT)
    assert sorted(p.name for p in file.parent.iterdir()) == ["b.zip", "data"], "nothing half made is left"


def test_data_that_are_there_are_in_the_way_unless_forced_and_are_kept_aside(small: tuple[Path, Database, Path]) -> None:
    data, db, file = small
    plan_entries = entries(db)
    with pytest.raises(Refused):
        put(file, data)
    with db.write() as connection:
        connection.execute(text("UPDATE account SET name = 'sau khi sao lưu'"))
    db.close()
    put(file, data, force=True)
    aside = data / "before-restore-20261125T190000Z"
    old = Database(sqlite_url(aside / "dondoc.sqlite"))
    new = Database(sqlite_url(data / "dondoc.sqlite"))
    names = [_names(each) for each in (old, new)]
    assert names[0] == {"sau khi sao lưu"} and "sau khi sao lưu" not in names[1]
    assert entries(new) == plan_entries and (aside / "attachments").is_dir() and (aside / "secret-key").is_file()
    old.close()
    new.close()


def _names(db: Database) -> set[str]:
    with db.read() as connection:
        return set(connection.execute(text("SELECT name FROM account")).scalars())


DAMAGES = {
    "a bit of the database": ("database/database.sqlite", b"SQLite format 3\0" + b"x" * 5000),
    "an attachment": ("attachments", PDF % 2),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_backup_is_refused_and_nothing_has_changed(small: tuple[Path, Database, Path], tmp_path: Path, name: str) -> None:
    _, _, file = small
    prefix, content = DAMAGES[name]
    with zipfile.ZipFile(file) as package:
        member = next(each for each in package.namelist() if each.startswith(prefix))
    with pytest.raises(Invalid) as refused:
        put(changed(file, tmp_path / "damaged.zip", member, content), tmp_path / "new")
    assert refused.value.code == "backup-damaged"
    assert list((tmp_path / "new").iterdir()) == []


def test_a_backup_whose_journal_was_tampered_with_is_refused(small: tuple[Path, Database, Path], tmp_path: Path) -> None:
    data, db, _ = small
    with db.write() as connection:
        connection.execute(text("DROP TRIGGER journal_entry_no_update"))
        connection.execute(text("UPDATE journal_entry SET body = json_set(body, '$.account', 7) WHERE seq = 2"))
    file = make_backup(db, data, tmp_path / "c.zip", at=AT).file
    with pytest.raises(Invalid) as refused:
        put(file, tmp_path / "new")
    assert refused.value.code == "backup-journal"
    assert list((tmp_path / "new").iterdir()) == []


def test_a_newer_program_s_backup_and_another_database_s_are_refused(small: tuple[Path, Database, Path], tmp_path: Path) -> None:
    file = small[2]
    with pytest.raises(Unavailable) as newer:
        put(changed(file, tmp_path / "newer.zip", "manifest.json", schema="9999"), tmp_path / "new")
    assert newer.value.code == "schema-newer"
    with pytest.raises(Invalid) as other:
        put(changed(file, tmp_path / "other.zip", "manifest.json", backend="postgresql"), tmp_path / "new")
    assert other.value.code == "backup-backend"
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 torn"])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.zip"
    file.write_bytes(content)
    with pytest.raises(Invalid):
        put(file, tmp_path / "new")
    with pytest.raises(Invalid):
        put(tmp_path / "none.zip", tmp_path / "new")


def test_names_that_lead_out_of_the_folder_are_refused(small: tuple[Path, Database, Path], tmp_path: Path) -> None:
    evil = tmp_path / "evil.zip"
    shutil.copy(small[2], evil)
    with zipfile.ZipFile(small[2]) as old:
        manifest = json.loads(old.read("manifest.json"))
    with zipfile.ZipFile(evil, "w") as new:
        new.writestr("../outside", "x")
        listed = {"../outside": {"size": 1, "sha256": sha256(b"x").hexdigest()}}
        new.writestr("manifest.json", json.dumps({**manifest, "files": listed}))
    with pytest.raises(Invalid) as refused:
        put(evil, tmp_path / "new")
    assert refused.value.code == "backup-file" and not list(tmp_path.rglob("outside"))


def test_an_older_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    db = Database(sqlite_url(data / "dondoc.sqlite"), durable=False)
    upgrade(db, "0014")
    make_backup(db, data, tmp_path / "old.zip", at=AT)
    db.close()
    put(tmp_path / "old.zip", tmp_path / "new")
    new = Database(sqlite_url(tmp_path / "new" / "dondoc.sqlite"))
    assert current(new) == newest()
    new.close()


def test_a_day_has_one_backup_and_the_oldest_go(small: tuple[Path, Database, Path], tmp_path: Path) -> None:
    data, db, _ = small
    folder = tmp_path / "backups"
    made = [daily_backup(db, data, folder, keep=3, at=AT + timedelta(days=n)) for n in range(5)]
    assert all(made) and daily_backup(db, data, folder, keep=3, at=AT + timedelta(days=4, hours=3)) is None
    assert sorted(p.name for p in backups_in(folder)) == [name_of(AT + timedelta(days=n)) for n in (2, 3, 4)]


def test_without_room_nothing_is_begun(small: tuple[Path, Database, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, db, _ = small
    monkeypatch.setattr(backups.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, 0))  # type: ignore[attr-defined]
    with pytest.raises(StorageFull):
        make_backup(db, data, tmp_path / "backups" / "x.zip", at=AT)
    assert list((tmp_path / "backups").iterdir()) == []
