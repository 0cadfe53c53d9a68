"""The drawing of a process: it holds together for every shape of graph, and says in words what it shows."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from engine.access import SYSTEM
from models.database import Database
from models.waking import record_run
from plans.reader import read_pack
from services.open_cycles import open_cycles
from services.publish import publish
from services.queries.process import Process
from services.queries.units import unit_names
from services.queries.workflow_page import workflow_page
from tests.architecture.sources import CHECKOUT
from tests.factories import at, festival
from tests.services.foreign import SUPERVISOR
from tests.services.played import Played
from tests.web.office import Office, words
from web.svg.boxes import Reader, label
from web.svg.layout import WIDTH, Place, lay_out, layers
from web.svg.process import narrow, wide
from web.svg.tags import tag, wrapped
from wiring.calendar import build_calendar


def drawn(db: Database, units: int = 3) -> tuple[Process, Reader]:
    """The festival's process with its reader."""
    plan = Played(db, definition=festival(units))
    names = unit_names(db, plan.day)
    return workflow_page(db, SUPERVISOR, plan.workflow_id, at(plan.day), names).process, Reader("vi", names)


def overlap(a: Place, b: Place) -> bool:
    return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height


def test_boxes_never_overlap_and_stay_on_the_page(sqlite: Database):
    process, _ = drawn(sqlite)
    places = list(lay_out(process, 158).places.values())
    assert len(places) == len(process.steps) == 9
    assert not [(a, b) for n, a in enumerate(places) for b in places[n + 1 :] if overlap(a, b)]
    assert all(p.x >= 0 and p.x + p.width <= WIDTH + 0.01 for p in places)


def test_no_step_stands_before_what_it_follows(sqlite: Database):
    process, _ = drawn(sqlite)
    column = {number: nth for nth, numbers in enumerate(layers(process)) for number in numbers}
    assert all(column[link.before] < column[link.after] for link in process.links)


@pytest.mark.parametrize("units", [1, 11, 24, 25, 150])
def test_drawings_are_well_formed_for_any_number_of_units(sqlite: Database, units: int):
    process, reader = drawn(sqlite, units)
    for draw in (wide, narrow):
        root = ET.fromstring(str(draw(process, reader, "Quy trình")))
        assert root.get("role") == "group"
        assert len(root.findall("a")) == 9
        cells = [r for r in root.iter("rect") if "f-cell" in (r.get("class") or "")]
        assert len(cells) == (4 * units if units <= 24 else 4)


def test_every_box_is_a_link_that_says_what_it_shows(sqlite: Database):
    process, reader = drawn(sqlite)
    root = ET.fromstring(str(wide(process, reader, "Quy trình")))
    first, second = root.findall("a")[:2]
    assert first.get("aria-label") == "Bước 1: ke-hoach, cong-an-tinh, hạn 20/06 · T-60: Còn 49 ngày"
    assert first.get("href", "").startswith("/steps/")
    assert second.get("href") == "#step-2"
    assert "3 xong" in (second.get("aria-label") or "")


def test_a_title_is_text_and_never_markup(sqlite: Database):
    process, reader = drawn(sqlite)
    step = replace(process.steps[0], title=replace(process.steps[0].title, vi='<b>"&'))
    html = str(wide(replace(process, steps=(step, *process.steps[1:])), reader, "x"))
    assert "<b>" not in html
    assert label(step, reader).startswith('Bước 1: <b>"&')
    ET.fromstring(html)


def test_attributes_are_escaped():
    assert str(tag("a", {"href": '"><script>', "x": 1.0, "y": None})) == '<a href="&#34;&gt;&lt;script&gt;" x="1"/>'


def test_long_words_end_in_an_ellipsis():
    assert wrapped("một hai ba bốn năm sáu", 80, 10, 2) == ["một hai", "ba bốn…"]
    assert wrapped("một", 80, 10, 2) == ["một"]


def test_every_workflow_of_the_shipped_plan_can_be_drawn(sqlite: Database):

    plan = read_pack(CHECKOUT / "plans/222-kh-ubnd")
    now = at(date(2024, 7, 25))
    publish(sqlite, plan, now=now, actor=SYSTEM)
    names = unit_names(sqlite, now.today)
    made = open_cycles(sqlite, now=now, calendar=build_calendar(plan.calendar))
    assert len(made) > 30
    for workflow_id in made:
        process = workflow_page(sqlite, SUPERVISOR, workflow_id, now, names).process
        for draw in (wide, narrow):
            boxes = ET.fromstring(str(draw(process, Reader("vi", names), "x"))).findall("a")
            assert len(boxes) == len(process.steps)
            for box in boxes:  # the last line of words above the units' cells keeps its distance
                cells = [float(it.get("y", 0)) for it in box.iter("rect") if "f-cell" in it.get("class", "")]
                who = max(float(it.get("y", 0)) for it in box.findall("text") if it.get("class") == "f-small")
                assert not cells or min(cells) >= who + 4


def test_the_page_holds_the_drawing_twice_and_the_same_in_tables(office: Office):
    html = office.browser("giam-sat").get("/workflows/1").text
    assert html.count("<svg viewBox") == 5  # the brand, the process and the timeline, each across and downwards
    page = words(office.browser("giam-sat").get("/workflows/1"))
    for part in ("T = 19/08/2024", "đủ 3", "huyen-03", "lập quy trình", "T-60"):
        assert part in page
    assert len(re.findall(r'id="step-\d+"', html)) == 9


def test_prefects_page_is_for_those_who_read_everything(office: Office):

    run = UUID(int=7)
    with office.db.write() as connection:
        record_run(connection, 1, 0, run)
    assert f"/runs/flow-run/{run}" in office.browser("giam-sat").get("/workflows/1").text
    assert str(run) not in office.browser("huyen-01").get("/workflows/1").text
