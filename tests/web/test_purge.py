"""Destroying a file: two persons, bytes and name gone, hash and fact kept, the journal whole."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select, text

from models.tables import attachment, round_, step, workflow
from services.purge import finish
from services.stored_files import faults_of_files
from services.verify_journal import verify
from tests.web.office import Office, words
from tests.web.test_attachments import PDF

STEP = "gop-y NV4 · 2024, bước 6"
NAME = "ho-so-nguyen-van-a.pdf"


@pytest.fixture
def wrong(office: Office) -> Office:
    """The same file in the first district's round and in the second one's draft."""
    first, second = office.step_id("gop-y", "huyen-01"), office.step_id("gop-y", "huyen-02")
    office.browser("huyen-01").act(first, "attach", files={"file": (NAME, PDF)})
    assert office.browser("huyen-01").act(first, "submit").status_code == 303
    office.browser("huyen-02").act(second, "attach", files={"file": (NAME, PDF)})
    return office


def first_file(office: Office) -> int:
    with office.db.read() as connection:
        return int(connection.execute(select(attachment.c.id).order_by(attachment.c.id)).scalars().first() or 0)


def on_disk(office: Office) -> list[Path]:
    return [path for path in office.context.settings.attachments_folder.glob("??/*") if path.is_file()]


def everything_stored(office: Office) -> str:
    """Whatever the database still says of drafts, rounds and files."""
    with office.db.read() as connection:
        found = [
            *connection.execute(select(step.c.draft)).scalars(), *connection.execute(select(round_.c.body)).scalars(),
            *connection.execute(select(attachment.c.name)).scalars(),
        ]  # fmt: skip
    return json.dumps(found, ensure_ascii=False)


def proposed(office: Office, login: str = "huyen-01") -> None:
    answer = office.browser(login).post(f"/attachments/{first_file(office)}/purge", reason="Có thông tin cá nhân")
    assert answer.status_code == 303, words(answer)


def decided(office: Office, login: str, decision: str = "confirm", seen: str = "1,2") -> int:
    return office.browser(login).post("/admin/files/1", decision=decision, seen=seen).status_code


def test_bytes_and_name_go_from_every_step_and_the_journal_stays_whole(wrong: Office):
    page = words(wrong.browser("huyen-01").get(f"/attachments/{first_file(wrong)}/purge"))
    assert "sẽ bị xóa khỏi đĩa" in page and all(f"{STEP} · {unit}" in page for unit in ("huyen-01", "huyen-02"))
    proposed(wrong)
    assert len(on_disk(wrong)) == 1 and NAME in everything_stored(wrong)
    decides = wrong.browser("thuong-truc").get("/admin/files")
    assert NAME in decides.text and f"Sẽ xóa ở 2 nơi: {STEP} · huyen-01 {STEP} · huyen-02" in words(decides)
    assert decided(wrong, "thuong-truc") == 303
    assert on_disk(wrong) == [] and NAME not in everything_stored(wrong)
    assert wrong.browser("huyen-01").get(f"/attachments/{first_file(wrong)}").status_code == 404
    history = words(wrong.browser("huyen-01").get(f"/steps/{wrong.step_id('gop-y', 'huyen-01')}"))
    assert "đã xóa tệp" in history and NAME not in history
    assert "đã xóa tệp" in words(wrong.browser("huyen-02").get(f"/steps/{wrong.step_id('gop-y', 'huyen-02')}"))
    assert verify(wrong.db).faults == ()
    assert faults_of_files(wrong.db, wrong.context.settings.attachments_folder) == []


def test_who_may_not_know_a_step_or_its_title_is_told_neither(wrong: Office):
    proposed(wrong)
    assert "Sẽ xóa ở 2 nơi: 2 bước khác mà bạn không xem được" in words(wrong.browser("quan-tri").get("/admin/files"))
    with wrong.db.write() as connection:
        connection.execute(workflow.update().values(confidential=True))
    assert "Sẽ xóa ở 2 nơi: Nội dung mật NV4 · 2024, bước 6 · huyen-01" in words(wrong.browser("thuong-truc").get("/admin/files"))


def test_whoever_proposed_it_does_not_confirm_it(wrong: Office):
    proposed(wrong, "thuong-truc")
    assert decided(wrong, "thuong-truc") == 403
    assert len(on_disk(wrong)) == 1
    assert "Người đề nghị không được tự xác nhận." in words(wrong.browser("thuong-truc").get("/admin/files"))
    assert decided(wrong, "quan-tri") == 303
    assert on_disk(wrong) == []


def test_who_may_propose_and_who_may_decide(wrong: Office):
    number = first_file(wrong)
    for login, status in (("nguoi-la", 404), ("huyen-02", 404), ("giam-sat", 403)):
        assert wrong.browser(login).post(f"/attachments/{number}/purge", reason="x").status_code == status
    missing = wrong.browser("huyen-01").post(f"/attachments/{number}/purge", reason=" ")
    assert missing.status_code == 422 and "Chưa ghi lý do." in words(missing)
    proposed(wrong)
    assert wrong.browser("thuong-truc").post(f"/attachments/{number}/purge", reason="nữa").status_code == 403
    assert decided(wrong, "huyen-02") == decided(wrong, "giam-sat") == 403


def test_a_list_that_has_changed_is_looked_at_again(wrong: Office):
    proposed(wrong)
    assert decided(wrong, "thuong-truc", seen="1") == 403
    assert len(on_disk(wrong)) == 1


def test_a_refusal_leaves_everything_and_is_written_down(wrong: Office):
    proposed(wrong)
    assert decided(wrong, "thuong-truc", "refuse") == 303
    assert len(on_disk(wrong)) == 1 and NAME in everything_stored(wrong)
    assert "không đồng ý xóa tệp" in words(wrong.browser("huyen-01").get(f"/steps/{wrong.step_id('gop-y', 'huyen-01')}"))
    assert decided(wrong, "thuong-truc") == 403  # it is decided


def test_bytes_that_a_crash_left_are_found_and_finished(wrong: Office):
    proposed(wrong)
    folder = wrong.context.settings.attachments_folder
    kept = on_disk(wrong)[0]
    assert decided(wrong, "thuong-truc") == 303
    kept.write_bytes(PDF)  # as if the machine had stopped between the transaction and the bytes
    assert "is still there" in faults_of_files(wrong.db, folder)[0]
    assert finish(wrong.db, folder) == (kept.name,) and not kept.exists()
    assert finish(wrong.db, folder) == ()


def test_the_same_file_may_come_again_and_is_then_kept(wrong: Office):
    proposed(wrong)
    assert decided(wrong, "thuong-truc") == 303
    step_id = wrong.step_id("ke-hoach")
    wrong.browser("thuong-truc").act(step_id, "attach", files={"file": ("moi.pdf", PDF)})
    assert finish(wrong.db, wrong.context.settings.attachments_folder) == ()
    assert "moi.pdf" in wrong.browser("thuong-truc").get(f"/steps/{step_id}").text
    assert wrong.browser("huyen-01").get(f"/attachments/{first_file(wrong)}").status_code == 404  # the destroyed one stays so
    with wrong.db.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM attachment WHERE purged_at IS NULL")).scalar() == 1
