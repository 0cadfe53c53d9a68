"""A workflow's page: boxes and marks, what leads to what, units side by side, the journal in words."""

from datetime import date

import pytest

from models.database import Database
from services.queries.marks import Mark
from services.queries.naming import cycle_text
from services.queries.process import Shape
from services.queries.units import unit_names
from services.queries.workflow_page import WorkflowPage, workflow_page
from tests.factories import MEMBER, OFFICER, at, district
from tests.services.foreign import SUPERVISOR
from tests.services.played import Played

HANDED_IN = {"evidence": {"kh": {"number": "12/KH", "date": "2024-05-02"}}}


@pytest.fixture
def played(sqlite: Database) -> Played:
    found = Played(sqlite)
    found.people(OFFICER, MEMBER, *(district(n) for n in (1, 2, 3)))
    return found


def page(played: Played, day: date | None = None, actor=SUPERVISOR, before: int | None = None) -> WorkflowPage:
    now = at(day or played.day)
    return workflow_page(played.db, actor, played.workflow_id, now, unit_names(played.db, now.today), before=before)


def box(played: Played, code: str, day: date | None = None):
    return next(s for s in page(played, day).process.steps if s.code == code)


def test_a_line_opens_to_every_unit_runs_per_unit_and_closes_at_a_join(played: Played):
    links = {(link.before, link.after): link for link in page(played).process.links}
    assert links[1, 2].shape is Shape.OPENS
    assert links[1, 2].label.vi == "×3"
    assert links[2, 3].shape is links[3, 4].shape is Shape.PER_UNIT
    assert (links[4, 5].shape, links[4, 5].label.vi) == (Shape.JOINS, "đủ 3")
    assert (links[6, 7].shape, links[6, 7].label.vi) == (Shape.JOINS, "2/3")  # half of three, rounded up
    assert links[5, 8].shape is Shape.ONE


def test_units_keep_their_order_in_every_strip_and_row(played: Played):
    found = page(played)
    order = [row.unit for row in found.rows]
    assert order == ["huyen-01", "huyen-02", "huyen-03"]
    for column in found.columns:
        assert [slot.step.slot for slot in column.slots] == order
    assert all(cell is not None for row in found.rows for cell in row.cells)


def test_the_worst_unit_speaks_for_a_fan_out(played: Played):
    assert box(played, "gop-y").mark is Mark.WITHIN
    played.act(district(1), "submit", "gop-y", "huyen-01")
    assert (box(played, "gop-y").mark, box(played, "gop-y").says.vi) == (Mark.WITHIN, "1/3 xong · còn 90 ngày")
    late = box(played, "gop-y", date(2024, 8, 3))
    assert (late.mark, late.says.vi) == (Mark.LATE, "1/3 xong · 2 quá hạn")
    for n in (2, 3):
        played.act(district(n), "submit", "gop-y", f"huyen-{n:02}")
    assert (box(played, "gop-y").mark, box(played, "gop-y").says.vi) == (Mark.DONE, "3/3 xong")


def test_one_step_says_what_it_waits_for_and_how_it_ended(played: Played):
    assert box(played, "tong-hop").says.vi == "Chờ bước 4 · còn 124 ngày"
    assert box(played, "tong-hop").mark is Mark.WAITING
    played.act(OFFICER, "submit", "ke-hoach", payload=HANDED_IN)
    assert box(played, "ke-hoach").says.vi == "Chờ xác nhận"
    played.act(MEMBER, "approve", "ke-hoach")
    assert (box(played, "ke-hoach").mark, box(played, "ke-hoach").says.vi) == (Mark.DONE, "Nộp 02/05, đúng hạn")


def test_what_does_not_apply_counts_nowhere(played: Played):
    played.act(OFFICER, "mark-not-applicable", "gop-y", "huyen-03", payload={"reason": "không có xã biên giới"})
    found = page(played)
    assert found.total == 5 + 4 * 3 - 1
    assert next(s for s in found.process.steps if s.code == "gop-y").says.vi == "0/3 xong · còn 90 ngày".replace("0/3", "0/2")


def test_it_says_whom_it_waits_for(played: Played):
    waiting = page(played, date(2024, 8, 3)).waiting
    assert waiting.units == 4
    assert waiting.overdue == 4
    assert [line.lead for line in waiting.late][:2] == ["cong-an-tinh", "huyen-01"]


def test_the_journal_reads_like_sentences(played: Played):
    played.act(OFFICER, "submit", "ke-hoach", payload=HANDED_IN)
    played.act(MEMBER, "approve", "ke-hoach")
    newest, *_, first = page(played).journal
    assert (newest.who, newest.did.vi) == (MEMBER.name, "phê duyệt")
    assert "mở bước" in newest.more.vi
    assert newest.step is not None
    assert newest.step.code == "ke-hoach"
    assert (first.who, first.did.vi) == ("", "lập quy trình, 17 bước")
    assert first.hash


def test_older_entries_are_a_page_away(played: Played, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("services.queries.workflow_page.ENTRIES", 2)
    for n in (1, 2, 3):
        played.act(district(n), "accept", "gop-y", f"huyen-{n:02}")
    first = page(played)
    assert [line.seq for line in first.journal] == [4, 3]
    older = page(played, before=first.older)
    assert [line.seq for line in older.journal] == [2, 1]
    assert older.older is None


@pytest.mark.parametrize(
    ("code", "vi", "en"),
    [
        ("once", "", ""),
        ("2024", "2024", "2024"),
        ("2024-H1", "6 tháng đầu năm 2024", "first half of 2024"),
        ("2024-Q3", "quý III/2024", "Q3 2024"),
        ("2024-07", "tháng 7/2024", "07/2024"),
    ],
)
def test_cycles_have_names(code: str, vi: str, en: str):
    text = cycle_text(code)
    assert (text.vi, text.in_("en")) == (vi, en)
