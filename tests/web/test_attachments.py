"""Files: known by their content, kept under their hash, handed out to those who read the step in full."""

import io
import re
import zipfile

import pytest

from engine.errors import Invalid
from services.attachments import clean_name, store
from tests.web.office import Office, words

PDF = b"%PDF-1.7\nnoi dung\n"


def office_file(*names: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as package:
        for name in ("[Content_Types].xml", *names):
            package.writestr(name, "<x/>")
    return kept.getvalue()


ACCEPTED = {
    "a.pdf": (PDF, "application/pdf"),
    "a.PNG": (b"\x89PNG\r\n\x1a\n" + b"0" * 20, "image/png"),
    "a.jpeg": (b"\xff\xd8\xff\xe0" + b"0" * 20, "image/jpeg"),
    "a.heic": (b"\0\0\0\x18ftypheic" + b"0" * 20, "image/heic"),
    "a.docx": (office_file("word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "a.xlsx": (office_file("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "a.doc": (bytes.fromhex("d0cf11e0a1b11ae1") + b"0" * 20, "application/msword"),
}
REFUSED = {
    "a.html": b"<!doctype html><script>alert(1)</script>",
    "a.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "a.exe": b"MZ" + b"0" * 40,
    "a.zip": office_file("a.txt"),
    "macro.docx": office_file("word/document.xml", "word/vbaProject.bin"),
    "empty.pdf": b"",
    "page.html": PDF,  # opens as something else than what it is
    "torn.docx": b"PK\x03\x04 torn",
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_is_accepted_is_known_by_its_content(tmp_path, name: str):
    content, media_type = ACCEPTED[name]
    stored = store(tmp_path, io.BytesIO(content), name=name)
    assert (stored.media_type, stored.size) == (media_type, len(content))
    assert (tmp_path / stored.sha256[:2] / stored.sha256).read_bytes() == content


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_accepted_leaves_nothing_behind(tmp_path, name: str):
    with pytest.raises(Invalid):
        store(tmp_path, io.BytesIO(REFUSED[name]), name=name)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_a_file_that_is_too_large_is_stopped_while_it_comes(tmp_path):
    with pytest.raises(Invalid, match="larger"):
        store(tmp_path, io.BytesIO(PDF * 100), name="a.pdf", largest=100)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\a\\báo cáo.pdf", "báo cáo.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("", "tep"),
        ("..", "tep"),
    ],
)
def test_a_name_keeps_nothing_that_is_a_path_or_a_header(given: str, kept: str):
    assert clean_name(given) == kept


def test_a_long_name_keeps_its_ending():
    assert clean_name("x" * 400 + ".pdf").endswith(".pdf") and len(clean_name("x" * 400 + ".pdf")) < 200


def attached(office: Office, step: int) -> str:
    """A file handed in by the lead unit; its address."""
    browser = office.browser("thuong-truc")
    answer = browser.act(step, "attach", files={"file": ("kế hoạch.pdf", PDF)}, evidence="kh")
    assert answer.status_code == 303
    found = re.search(r'href="(/attachments/\d+)"', browser.get(f"/steps/{step}").text)
    assert found
    return found[1]


def test_a_file_is_handed_out_as_an_attachment_that_cannot_run(office: Office):
    address = attached(office, office.step_id("ke-hoach"))
    answer = office.browser("ban-chi-dao").get(address)
    assert answer.content == PDF
    assert answer.headers["content-disposition"] == "attachment; filename*=utf-8''k%E1%BA%BF%20ho%E1%BA%A1ch.pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_a_file_does_not_exist_for_who_does_not_read_the_step_in_full(office: Office):
    address = attached(office, office.step_id("ke-hoach"))
    for login in ("huyen-01", "nguoi-la", "quan-tri"):
        assert office.browser(login).get(address).status_code == 404
    assert office.browser("giam-sat").get(address).status_code == 200


def test_files_can_come_with_the_submission_and_stay_if_it_is_refused(office: Office):
    browser = office.browser("thuong-truc")
    step = office.step_id("ke-hoach")
    refused = browser.act(step, "submit", files={"file.kh": ("a.pdf", PDF)})
    assert refused.status_code == 422 and "a.pdf" in refused.text
    accepted = browser.act(step, "submit", **{"evidence.kh.number": "1/KH", "evidence.kh.date": "01/06/2024"})
    assert accepted.status_code == 303
    assert "a.pdf" in office.browser("ban-chi-dao").get(f"/steps/{step}").text


def test_a_file_of_the_wrong_kind_says_what_is_accepted(office: Office):
    answer = office.browser("thuong-truc").act(office.step_id("ke-hoach"), "attach", files={"file": ("a.html", b"<html>")}, evidence="kh")
    assert answer.status_code == 422 and "Chỉ nhận PDF" in words(answer)


def test_who_may_not_attach_leaves_no_bytes(office: Office):
    answer = office.browser("huyen-01").post(
        f"/steps/{office.step_id('ke-hoach')}/actions/attach", files={"file": ("a.pdf", PDF)}, evidence="kh"
    )
    assert answer.status_code == 403
    assert not (office.folder / "attachments").exists()


def test_naming_somebody_else_s_file_by_its_hash_gives_nothing(office: Office):
    """Files come as bytes only: a list of hashes in a form or a body would hand out what others stored."""
    attached(office, office.step_id("ke-hoach"))
    step = office.step_id("gop-y", "huyen-01")
    browser = office.browser("huyen-01")
    fields = {**browser.carried(step, "comment"), "text": "x", "files": '[{"sha256": "00"}]'}
    assert browser.send("POST", f"/steps/{step}/actions/comment", data=fields).status_code == 303
    body = {"payload": {"files": [{"sha256": "00", "name": "a.pdf", "size": 1}]}}
    assert browser.api("POST", f"/steps/{step}/actions/attach", json=body).status_code == 422


def test_a_wrong_file_is_taken_out_of_the_draft_on_the_page(office: Office):
    browser, step = office.browser("huyen-01"), office.step_id("ke-hoach-huyen", "huyen-01")
    browser.act(step, "attach", files={"file": ("nham.pdf", PDF)})
    assert "nham.pdf" in browser.get(f"/steps/{step}").text
    assert browser.act(step, "detach").status_code == 303
    page = words(browser.get(f"/steps/{step}"))
    assert "nham.pdf" not in page.split("Trao đổi và lịch sử")[0] and "lấy tệp ra khỏi bản nháp" in page


def test_what_came_on_paper_is_entered_with_its_scan_in_one_form(office: Office):
    agency, step = office.browser("thuong-truc"), office.step_id("gop-y", "huyen-01")
    paper = {"number": "45/BC", "signer": "Chủ tịch", "files": {"file": ("45.pdf", PDF)}}
    wrong = agency.act(step, "record", date="31/02/2024", **paper)
    assert wrong.status_code == 422 and 'href="#record-date"' in wrong.text and 'value="45/BC"' in wrong.text
    assert (
        agency.act(step, "record", number="45/BC", date="07/06/2024", signer="Chủ tịch", files={"file": ("45.pdf", PDF)}).status_code == 303
    )
    page = agency.get(f"/steps/{step}")
    assert "45.pdf" in page.text and "Lần nộp 1, ngày 07/06/2024" in words(page)
    assert words(page).count("ghi nhận thay") >= 3  # the head, the round, the history
    assert agency.api("GET", f"/steps/{step}").json()["recorded"] is True
    assert "ghi nhận thay" in words(agency.get(f"/workflows/{office.plan.workflow_id}"))


def test_a_decision_on_paper_is_not_asked_of_whoever_submitted(office: Office):
    step = office.step_id("ke-hoach")
    agency = office.browser("thuong-truc")
    agency.act(step, "submit", **{"evidence.kh.number": "12/KH", "evidence.kh.date": "05/06/2024"})
    page = agency.get(f"/steps/{step}").text
    assert "Người đã trình không được tự xác nhận." in page and 'name="decision"' not in page
