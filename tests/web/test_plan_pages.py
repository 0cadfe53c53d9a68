"""Publishing, amending, editing and prior steps on pages: shown first, done after consent, mistakes beside their fields."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.dates import parse_rule
from engine.definition import Evidence, Text
from models.database import Database
from models.tables import message, metadata, notice, plan, plan_version, step
from plans.write import pack_zip
from services.amend import apply
from services.published import version_of
from tests.factories import CALENDAR, MEMBER, OFFICER, at, festival
from tests.plans.packs import FILES
from tests.services.test_act import NUMBERED
from tests.web.office import Browser, Office, words

OURS = {"Origin": "http://dondoc.test"}


@pytest.fixture
def agency(office: Office) -> Browser:
    return office.browser("thuong-truc")


def archive(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, text in files.items():
            made.writestr(f"goi/{name}", text)
    return out.getvalue()


def hidden(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that goes to ``action``."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.S)
    assert form, f"no form for {action}"
    return {n: unescape(v) for n, v in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0])}


def counts(db: Database) -> dict[str, int]:
    with db.read() as connection:
        tables = [t for t in metadata.sorted_tables if t.name not in ("proposed", "sign_in")]
        return {t.name: connection.execute(select(func.count()).select_from(t)).scalar_one() for t in tables}


def due(office: Office, code: str) -> set[date]:
    with office.db.read() as connection:
        return set(connection.execute(select(step.c.due_on).where(step.c.code == code)).scalars())


def test_a_pack_is_checked_previewed_and_published(office: Office, agency: Browser) -> None:
    files = {name: text.replace("cap-huyen", "hai-huyen") for name, text in FILES.items()}
    before = counts(office.db)
    shown = agency.post("/plans/new/preview", files={"pack": ("p.zip", archive(files))})
    assert shown.status_code == 200 and "Công bố kế hoạch 1/KH-UBND?" in words(shown)
    assert counts(office.db) == before
    told = re.findall(r"<li>(\d+) (.+?)</li>", shown.text.split('id="mails"')[1])
    late = [(int(number), what) for number, what in told if "Quá hạn" in what]
    assert [what for _, what in late] == ["Quá hạn"] and late[0][0] > 1  # one line, however many days each is late
    rows = re.findall(r'<tr><th scope="row">.+?</tr>', shown.text.split('id="steps"')[1], re.S)
    assert len(rows) == len(set(rows)) and any("2 đơn vị" in row for row in rows)  # a step of two units is one row
    assert "bước quá hạn ngay khi công bố" in shown.text.split('id="agree"')[1]
    fields = {name: value for name, value in hidden(shown.text, "/plans/new").items() if name != "csrf"}
    table = agency.get(f"/plans/new/steps.csv?token={fields['preview']}").content.decode("utf-8-sig")
    assert "Ban hành kế hoạch" in table and "loc-ninh" in table
    assert agency.get(f"/plans/new/mails.csv?token={fields['preview']}").status_code == 200
    assert office.browser("quan-tri").post("/plans/new", **fields).status_code == 404  # what another one sent
    done = agency.post("/plans/new", **fields)
    assert (done.status_code, done.headers["location"].split("?")[0]) == (303, "/plans/2")
    with office.db.read() as connection:
        assert connection.execute(select(plan.c.number)).scalars().all() == ["1/KH-TEST", "1/KH-UBND"]
    again = agency.post("/plans/new", **fields)
    assert again.status_code == 403


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (b"no archive", "Không đọc được tệp nén này."),
        (archive({**FILES, "plan.yaml": FILES["plan.yaml"].replace("co-quan", "khong-co")}), "vấn đề, chưa ghi gì."),
        (archive({}), "vấn đề, chưa ghi gì."),
    ],
    ids=["no archive", "no such unit", "empty"],  # an archive holds the second in which it was made, and ids must be the same everywhere
)
def test_what_is_wrong_with_a_pack_is_listed(office: Office, agency: Browser, sent: bytes, says: str) -> None:
    before = counts(office.db)
    for address in ("/plans/new/preview", "/plans/1/amend/preview"):
        answer = agency.post(address, files={"pack": ("p.zip", sent)})
        assert answer.status_code == 422 and says in words(answer)
    assert counts(office.db) == before


def test_nothing_outside_its_folder_is_unpacked(agency: Browser, tmp_path: Path) -> None:
    answer = agency.post("/plans/new/preview", files={"pack": ("p.zip", archive({"../../../evil.yaml": "x: 1"}))})
    assert answer.status_code == 422
    assert not (tmp_path / "evil.yaml").exists()


def test_a_table_is_edited_previewed_amended_and_taken_back(
    office: Office, agency: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    page = agency.get("/plans/1/edit")
    assert page.status_code == 200 and 'name="due.gop-y" type="text" value="31/07"' in page.text
    assert "Đang là: 60 ngày trước ngày mốc (19/08 hằng năm)" in words(page) and "Đang là: không hạn" in words(page)
    wrong = agency.post("/plans/1/edit", **{"workflow": "NV4/ngay-hoi", "due.gop-y": "cuối tháng", "evidence.luu": "a | b"})
    assert wrong.status_code == 422 and 'value="cuối tháng"' in wrong.text and "Không hiểu dòng" in words(wrong)
    assert re.search(r"bước \d: “cuối tháng” không phải là quy tắc ngày\. Các dạng", words(wrong))  # which one, in the list of errors

    shown = agency.post("/plans/1/edit", **{"workflow": "NV4/ngay-hoi", "due.gop-y": "07/08", "evidence.gop-y": "Công văn | số"})
    assert shown.status_code == 200 and "07/08/2024" in shown.text and "minh chứng" in words(shown)
    assert due(office, "gop-y") == {date(2024, 7, 31)}
    fields = hidden(shown.text, "/plans/1/amend")
    missing = agency.post("/plans/1/amend", **fields, document=" ")
    assert missing.status_code == 422 and "Nêu văn bản điều chỉnh." in words(missing)
    with monkeypatch.context() as bad:  # broken off, or a preview that is no more: what was typed comes back
        bad.setattr("web.pages.plan_amend.apply", lambda *_, **__: (_ for _ in ()).throw(RuntimeError()))
        kept = agency.send("POST", "/plans/1/amend", data={**fields, "document": "12/KH"}, headers=OURS)
    gone = agency.send("POST", "/plans/1/amend", data={**fields, "preview": "khac", "document": "12/KH"}, headers=OURS)
    assert (kept.status_code, gone.status_code) == (500, 404) and "Văn bản 12/KH" in words(kept) and "Văn bản 12/KH" in words(gone)
    assert "Gửi lại" not in words(gone) and "chỉ giữ một ngày" in words(gone) and "đã chọn hoặc đánh dấu" not in words(kept)
    assert hidden(kept.text, "/plans/1/amend") == {**fields, "document": "12/KH"}
    for _ in range(2):  # sent again as it came back; sent twice, amended once
        assert agency.post("/plans/1/amend", **hidden(kept.text, "/plans/1/amend")).status_code == 303
    assert due(office, "gop-y") == {date(2024, 8, 7)}
    with office.db.read() as connection:
        assert connection.execute(select(func.count()).select_from(plan_version)).scalar_one() == 2
        assert connection.execute(select(func.count()).select_from(message)).scalar_one() == 0

    home = agency.get("/plans/1/amend")
    undo = agency.post("/plans/1/amend/undo", **hidden(home.text, "/plans/1/amend/undo"))
    assert undo.status_code == 200 and due(office, "gop-y") == {date(2024, 8, 7)}
    assert agency.post("/plans/1/amend/undo", **hidden(undo.text, "/plans/1/amend/undo"), document="Thu hồi").status_code == 303
    assert due(office, "gop-y") == {date(2024, 7, 31)}


def test_a_step_that_was_given_more_time_is_said_to_keep_its_date(office: Office, agency: Browser) -> None:
    office.plan.act(OFFICER, "grant-extension", "gop-y", "huyen-02", payload={"until": "2024-08-20", "document": "1/CV"})
    shown = words(agency.post("/plans/1/edit", **{"workflow": "NV4/ngay-hoi", "due.gop-y": "07/08"}))
    assert "Sửa quy tắc hạn; hạn đang chạy đứng nguyên" in shown and "giữ hạn đã được gia hạn" in shown


def amend_one(office: Office, code: str, **edits: Any) -> None:
    """Amend a step of the plan in force; workflows that refuse stay behind."""
    plan = version_of(office.db, 1).definition
    task = plan.key_tasks[0]
    steps = tuple(replace(s, **edits) if s.code == code else s for s in task.workflows[0].steps)
    next_ = replace(plan, key_tasks=(replace(task, workflows=(replace(task.workflows[0], steps=steps),)),))
    apply(
        office.db, 1, next_, document="12/KH", actor=OFFICER, key=code, now=at(office.plan.day), calendar=CALENDAR, leave_refused=True
    )  # fmt: skip


def test_taking_back_leaves_what_an_earlier_amendment_left_if_the_box_is_ticked(office: Office, agency: Browser) -> None:
    office.plan.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    office.plan.act(MEMBER, "approve", "ke-hoach")
    amend_one(office, "ke-hoach", evidence=(Evidence("cv", Text("Công văn"), True, True),))
    amend_one(office, "gop-y", due=parse_rule("07/08"))
    shown = agency.post("/plans/1/amend/undo", **hidden(agency.get("/plans/1/amend").text, "/plans/1/amend/undo"))
    given = {**hidden(shown.text, "/plans/1/amend/undo"), "document": "Thu hồi"}
    refused = agency.post("/plans/1/amend/undo", **given)
    assert refused.status_code == 403 and "bước đã xong" in words(refused) and 'value="Thu hồi"' in refused.text
    assert agency.post("/plans/1/amend/undo", **given, leave="on").status_code == 303


def test_the_pack_is_downloaded_changed_and_sent_back(office: Office, agency: Browser) -> None:
    got = agency.get("/plans/1/pack.zip")
    assert got.content == pack_zip(version_of(office.db, 1).definition)
    task = festival().key_tasks[0]
    steps = tuple(replace(s, due=parse_rule("07/08")) if s.code == "gop-y" else s for s in task.workflows[0].steps)
    other = replace(festival(), key_tasks=(replace(task, workflows=(replace(task.workflows[0], steps=steps),)),))
    shown = agency.post("/plans/1/amend/preview", files={"pack": ("p.zip", pack_zip(other))})
    assert shown.status_code == 200 and "3 bước thay đổi" in words(shown)


def test_prior_steps_are_recorded_from_a_spreadsheet(office: Office, agency: Browser) -> None:
    assert agency.get("/plans/1/prior").status_code == 200
    assert agency.get("/plans/1/prior.xlsx").content[:2] == b"PK"
    assert agency.get("/plans/1/prior.ods").status_code == 404
    head = agency.get("/plans/1/prior.csv").text
    bad = agency.post("/plans/1/prior/preview", files={"file": ("a.csv", (head + "NV4;x;2024;y;z;;;;có;;\r\n").encode())})
    assert bad.status_code == 422 and "CSV!A2" in words(bad)
    none: Any = agency.post("/plans/1/prior/preview")
    assert none.status_code == 422
    assert agency.post("/plans/1/prior", preview="khac").status_code == 404


def test_others_may_not(office: Office) -> None:
    unit, before = office.browser("huyen-01"), counts(office.db)
    for address in ("/plans/new", "/plans/1/amend", "/plans/1/edit", "/plans/1/prior", "/plans/1/pack.zip", "/plans/1/prior.csv"):
        assert unit.get(address).status_code == 403
    for address in ("/plans/new", "/plans/1/amend", "/plans/1/edit", "/plans/1/prior", "/plans/1/amend/undo"):
        assert unit.post(address).status_code == 403
    assert counts(office.db) == before
    with office.db.read() as connection:
        assert connection.execute(select(func.count()).select_from(notice)).scalar_one() == before["notice"]
