"""A year and a half of Plan 222 as it really goes: from going live in the middle of it to its end. docs/a-year.md tells it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.access import Membership
from engine.instants import at_local
from models.tables import message
from services.accounts import create_account
from services.invariants import violations
from services.verify_journal import verify
from tests.journeys.tell import STORY, told
from tests.journeys.year import Year, tracked_from, year
from tests.web.office import words

pytestmark = pytest.mark.xdist_group("year")  # one worker lives through it

START = date(2024, 6, 17)
AGENCY, SECOND, LEADER = "cong-an-tinh", "cong-an-tinh-2", "cong-an-tinh-lanh-dao"
FESTIVAL = ("NV4", "ngay-hoi", "2024")
SCAN = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """The whole story, played once; the tests look at what came of it."""
    with year(Path(tmp_path_factory.mktemp("year")), at_local(START, 9), tracked_from(START)) as found:
        for chapter in CHAPTERS:
            found.begin(chapter)
            chapter(found)
        yield found


# ── the story ────────────────────────────────────────────────────────────────


def going_live(it: Year) -> None:
    """Half of the plan lies behind: what was due before is not chased, what is due from now on is."""
    it.until(START, 10)
    it.scene(AGENCY, "looks at the plan on its first day", "/overview", "Tổng quan")
    assert not [m for m in it.mails("loc-ninh") if "quá hạn" in m.lower()], "nothing is born overdue"


def a_late_district(it: Year) -> None:
    """Bù Đốp does not send its festival plan; the others go on; it is chased, and delivers late."""
    step = it.step_id(*FESTIVAL, "ke-hoach-don-vi", "bu-dop")
    it.reserved.add((*FESTIVAL, "ke-hoach-don-vi", "bu-dop"))
    it.until(date(2024, 7, 9))
    it.scene(AGENCY, "sees who is late", "/overdue", "Bù Đốp", "Quá hạn 4 ngày")
    digest = it.mails("bu-dop", date(2024, 7, 8))[0]
    it.told("bu-dop", "reads the morning's mail", digest, "Kế hoạch của cấp huyện và ngày tổ chức", "quá hạn")
    it.do(AGENCY, step, "chase", text="Đề nghị gửi kế hoạch trong ngày.")
    it.until(date(2024, 7, 9), 11)
    it.told("bu-dop", "is chased", it.mails("bu-dop", date(2024, 7, 9))[0], "Đề nghị gửi kế hoạch trong ngày.")
    other = it.step_id(*FESTIVAL, "san-sang", "loc-ninh")
    assert it.row(other)["status"] != "waiting", "one late district never stops ten others"
    fields = {"evidence.ke-hoach.number": "31/KH-UBND", "evidence.ke-hoach.date": "09/07/2024"}
    it.leaves_open(AGENCY, f"/steps/{step}")
    it.do("bu-dop", step, "submit", **fields)
    it.follows(AGENCY, "sees it come in on the page that was open", "Chờ xác nhận")
    it.do(AGENCY, step, "approve")
    it.scene("bu-dop", "has delivered, late", f"/steps/{step}", "Hoàn thành quá hạn")


def more_time(it: Year) -> None:
    """Lộc Ninh asks for more time before the date and gets it; the first date stays in the ledger."""
    key = (*FESTIVAL, "san-sang", "loc-ninh")
    it.reserved.add(key)
    step = it.step_id(*key)
    it.until(date(2024, 7, 15))
    it.do("loc-ninh", step, "request-extension", until="26/07/2024", reason="Chờ hồ sơ khen thưởng của các xã.")
    it.do(AGENCY, step, "grant-extension", until="24/07/2024", document="88/CAT-PV05")
    it.scene("loc-ninh", "has until the 24th", f"/steps/{step}", "24/07/2024", "19/07/2024", "88/CAT-PV05")


def somebody_is_away(it: Year) -> None:
    """The focal point of Lộc Ninh is ill; the leader names herself deputy afterwards and acts on their behalf."""
    step = it.step_id(*FESTIVAL, "san-sang", "loc-ninh")
    it.until(date(2024, 7, 22))
    head, person = it.browser("loc-ninh-lanh-dao"), it.staff.officer("loc-ninh").account_id
    deputy = next(a.account_id for a in it.staff.of("loc-ninh") if a.account_id != person)
    answer = head.post(
        "/absence", unit="loc-ninh", person=str(person), deputy=str(deputy), **{"from": "22/07/2024", "to": "31/07/2024"}
    )  # fmt: skip
    assert answer.status_code == 303, answer.text[:2000]
    it.scene("loc-ninh-lanh-dao", "has named the deputy", "/absence", "đang vắng", "22/07/2024")
    chosen = re.search(r'name="deputy"[^>]*value="(\d+)"|<option value="(\d+)"', head.get(f"/steps/{step}").text)
    assert chosen
    head.post("/acting-for", deputy=str(chosen[1] or chosen[2]), next="/")
    it.do("loc-ninh-lanh-dao", step, "submit", files={"file.danh-muc": ("Danh mục.pdf", SCAN, "application/pdf")})
    it.scene("loc-ninh-lanh-dao", "has handed in on behalf", f"/steps/{step}", "thay mặt")
    head.post("/acting-for", deputy="", next="/")
    it.do(AGENCY, step, "approve")


def a_report_comes_back(it: Year) -> None:
    """Đồng Phú's report is returned with a reason and comes again; it still counts as on time, as it came by the redo date."""
    key = (*FESTIVAL, "bao-cao", "dong-phu")
    it.reserved.add(key)
    step = it.step_id(*key)
    it.until(date(2024, 8, 27))
    figures = {"figures.don_vi_to_chuc": "11", "figures.so_luot_nguoi": "8.540", "figures.kinh_phi": "125.000.000"}
    paper = {"evidence.bao-cao.number": "210/BC-UBND", "evidence.bao-cao.date": "27/08/2024"}
    it.do("dong-phu", step, "submit", **figures, **paper)
    it.do(AGENCY, step, "return", reason="Số lượt người chưa khớp với biểu của các xã.", redo_on="30/08/2024")
    it.until(date(2024, 8, 28))
    mail = next(m for m in it.mails("dong-phu", date(2024, 8, 27)) if "trả lại" in m.lower())
    it.told("dong-phu", "reads why it came back", mail, "Số lượt người chưa khớp với biểu của các xã.")
    it.do("dong-phu", step, "submit", **{**figures, "figures.so_luot_nguoi": "8.450"}, **paper)
    it.do(AGENCY, step, "approve")
    it.scene("dong-phu", "has handed in twice", f"/steps/{step}", "Hoàn thành đúng hạn", "8.450")


def figures_of_a_quarter(it: Year) -> None:
    """The third quarter's figures: one district is missing and is not counted as nothing; then it sends, and the sum is whole."""
    key = ("NV1", "bao-cao-quy", "2024-Q3", "bao-cao", "hon-quan")
    it.reserved.add(key)
    step = it.step_id(*key)
    it.until(date(2024, 9, 16))
    table = f"/figures/{it.row(step)['workflow_id']}/bao-cao"
    it.scene(AGENCY, "sees who is missing", table, "Còn thiếu: 1 đơn vị", "Hớn Quản", "16/17", "Số thiếu không tính là 0.")
    figures = {"figures.so_buoi": "42", "figures.so_luot_nguoi": "3.150", "figures.so_tin_bai": "18"}
    paper = {"evidence.bao-cao-quy.number": "77/BC-UBND", "evidence.bao-cao-quy.date": "16/09/2024"}
    it.do("hon-quan", step, "submit", **figures, **paper)
    it.do(AGENCY, step, "approve")
    it.scene(AGENCY, "reads the whole table", table, "3.150", "17/17")


def an_urgent_letter(it: Year) -> None:
    """A letter that no plan foresaw, on a Saturday: assigned in a minute, the mail leaves at once."""
    it.until(date(2024, 10, 12), 10)
    agency = it.browser(AGENCY)
    form = {
        "number": "1450/UBND-NC", "signed_on": "12/10/2024", "abstract": "về bảo đảm an ninh, trật tự dịp cuối năm", "urgent": "1",
        "text": "Báo cáo nhanh phương án bảo đảm an ninh, trật tự dịp cuối năm.", "due_on": "16/10/2024", "evidence": "Báo cáo nhanh",
        "leader": "Chủ tịch UBND tỉnh", "plan": "1",
    }  # fmt: skip
    answer = agency.post("/assign/preview", **form, leads=["loc-ninh", "bu-dop", "so-tttt"])
    assert answer.status_code == 200, answer.text[:1500]
    carried = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
    made = agency.post("/assign", **form, key=carried["key"], leads=["loc-ninh", "bu-dop", "so-tttt"])
    assert made.status_code == 303, made.text[:1500]
    it.until(date(2024, 10, 12), 11)
    it.told("so-tttt", "gets it on a Saturday", it.mails("so-tttt", date(2024, 10, 12))[0], "1450/UBND-NC")
    it.until(date(2024, 10, 18))
    it.scene(AGENCY, "sees that all three have answered", made.headers["location"].partition("?")[0], "1450/UBND-NC")


def a_slip_of_the_pen(it: Year) -> None:
    """A number and a figure were mistyped: they are corrected, and what they were before can be read."""
    step = it.step_id(*FESTIVAL, "ke-hoach-don-vi", "bu-dop")
    it.until(date(2024, 11, 4))
    before = it.counted()
    it.do(AGENCY, step, "correct", field="evidence.ke-hoach.number", value="13/KH-UBND", reason="Gõ nhầm số văn bản.")
    report = it.step_id("NV1", "bao-cao-quy", "2024-Q3", "bao-cao", "hon-quan")
    it.do(AGENCY, report, "correct", field="figures.so_buoi", value="24", reason="Đảo hai chữ số.")
    assert it.counted() == before
    table = f"/figures/{it.row(report)['workflow_id']}/bao-cao"
    it.scene(AGENCY, "reads the figure as it is now known", table, "24 đính chính, trước là 42")
    it.scene(AGENCY, "reads it as it was known in September", f"{table}?day=30/09/2024&as=known", "theo số liệu biết đến ngày đó", "42")
    it.scene("bu-dop", "reads both numbers", f"/steps/{step}", "31/KH-UBND", "13/KH-UBND", "Gõ nhầm số văn bản.")


def somebody_new(it: Year) -> None:
    """The focal point of Bù Đăng leaves; everything goes to a new officer, and the old calendar address dies."""
    it.until(date(2025, 1, 6))
    left = it.staff.officer("bu-dang")
    create_account(
        it.db, login="bu-dang-2", name="Đầu mối mới huyện Bù Đăng", address="bu-dang-2@dondoc.example", memberships=[Membership("bu-dang")]
    )  # fmt: skip
    feed = str(re.search(r"/feeds/[^\s\"<]+\.ics", it.browser("bu-dang").post("/preferences/feed").text + "") or "")
    head, form = it.browser("bu-dang-lanh-dao"), {"successor": "bu-dang-2", "first_away": "07/01/2025"}
    path = f"/people/{left.account_id}/hand-over"
    preview = head.post(path, **form, do="preview")
    it.told("bu-dang-lanh-dao", "previews the hand-over", words(preview), "Đầu mối mới huyện Bù Đăng", "07/01/2025")
    it.scene("bu-dang-lanh-dao", "prints the hand-over sheet", f"/people/{left.account_id}/sheet", "Bù Đăng")
    assert head.post(path, **form, do="apply").status_code == 303
    it.until(date(2025, 1, 8))
    assert it.browser("bu-dang-2").get("/").status_code == 200
    assert it.mails("bu-dang-2", date(2025, 1, 1)) or it.day < date(2025, 2, 1)
    assert feed == "" or head.get(feed).status_code == 404


def districts_end(it: Year) -> None:
    """On 01/07/2025 the districts end, with the festival of 2025 running and a report overdue: all goes on under the successors."""
    late, festival = ("NV3", "an-toan", "2025", "tu-kiem-tra", "bu-dop"), ("NV4", "ngay-hoi", "2025")
    it.reserved |= {late, (*festival, "ke-hoach-don-vi", "bu-dop")}
    it.until(date(2025, 6, 30), 17)
    step, before, total = it.step_id(*late), it.counted(), it.overdue_in_all()
    it.scene("bu-dop", "is late on its last day", f"/steps/{step}", "UBND huyện Bù Đốp", "Quá hạn 17 ngày")
    it.until(date(2025, 7, 1))
    assert (sum(it.counted().values()), it.counted().get("done")) >= (sum(before.values()), before.get("done"))
    assert it.row(step)["lead"] == "xa-thien-hung" and it.row(step)["slot"] == "bu-dop"
    assert it.overdue_in_all() == total, "nothing that was late is lost, nothing became late by the change"
    it.scene(AGENCY, "sees the successor, and whose days they were", f"/steps/{step}", "UBND xã Thiện Hưng", "Bù Đốp", "Quá hạn 18 ngày")
    assert it.leads_that_ended() == []
    it.until(date(2025, 7, 3))
    fields = {"evidence.bao-cao.number": "5/BC-UBND", "evidence.bao-cao.date": "03/07/2025"}
    it.do("bu-dop", step, "submit", **fields)
    it.do(AGENCY, step, "approve")
    it.scene(
        "giam-sat", "reads what became of the district", "/units/bu-dop", "Đơn vị đã kết thúc hoạt động từ ngày 01/07/2025", "Thiện Hưng"
    )


def the_end_of_the_plan(it: Year) -> None:
    """One unit never delivered. The cycle is closed with a reason for each step left open; figures freeze, reminders stop."""
    step = it.step_id("NV4", "ngay-hoi", "2025", "ke-hoach-don-vi", "bu-dop")
    workflow_id = it.row(step)["workflow_id"]
    it.until(date(2025, 12, 29))
    before = it.counted()
    path = f"/workflows/{workflow_id}/close"
    agency = it.browser(AGENCY)
    page = agency.get(path)
    it.told(AGENCY, "looks at what is still open", words(page), "Kế hoạch của cấp huyện và ngày tổ chức", "Xã Thiện Hưng")
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    chosen = dict.fromkeys(re.findall(r'name="(decision\.\d+)"', page.text), "leave")
    assert agency.post(path, **fields, **chosen, reason="Kế hoạch đã hết thời gian thực hiện.").status_code == 303
    assert it.counted() == before
    it.scene(AGENCY, "sees the cycle closed", f"/workflows/{workflow_id}", "Đã kết sổ")
    closed = it.row(step)
    assert (closed["clock_holder"], closed["next_rung_at"], closed["closed_on"]) == (None, None, date(2025, 12, 29))
    it.until(date(2025, 12, 31), 19)


CHAPTERS = (
    going_live, a_late_district, more_time, somebody_is_away, a_report_comes_back, figures_of_a_quarter, an_urgent_letter,
    a_slip_of_the_pen, somebody_new, districts_end, the_end_of_the_plan,
)  # fmt: skip

# ── what came of it ──────────────────────────────────────────────────────────


def test_every_invariant_holds_at_the_end(lived: Year):
    assert [str(broken) for broken in violations(lived.db, now=lived.now, calendar=lived.context.calendar())] == []


def test_nobody_was_told_anything_twice(lived: Year):
    with lived.db.read() as connection:
        keys = Counter(connection.execute(select(message.c.key)).scalars())
    assert [key for key, times in keys.items() if times > 1] == []
    ids = [lived.server.mailbox.header(i).message_id for i in lived.server.mailbox.ids()]
    assert len(ids) == len(set(ids)) > 300


def test_it_was_played_in_real_browsers_and_no_page_did_what_none_may(lived: Year):
    if lived.hands is None:
        pytest.skip("no chromium on PATH; .ci/run installs it")
    assert {AGENCY, "bu-dop", "loc-ninh", "dong-phu"} <= lived.hands.acted.keys()
    assert lived.hands.wrong == []


def test_the_journal_verifies(lived: Year):
    assert verify(lived.db).faults == ()


def test_the_story_is_told_as_it_happened(lived: Year):
    assert STORY.read_text(encoding="utf-8") == told(lived), "run: .venv/bin/python -m tests.journeys.tell"
