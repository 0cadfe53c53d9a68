"""A workflow in time: due dates beside the original ones, submissions, today, and the open steps that decide the end; also as a table."""

from __future__ import annotations

import re
from datetime import date

from tests.factories import OFFICER, district
from tests.services.test_act import NUMBERED
from tests.web.office import Office, words


def drawing(html: str) -> str:
    """The wide drawing of the timeline."""
    found = re.search(r'aria-labelledby="h-time".*?class="only-wide"><svg(.*?)</svg>', html, re.S)
    assert found
    return found[1]


def test_every_step_with_a_date_is_drawn_with_today_and_said_in_a_sentence(office: Office):
    page = office.browser("giam-sat").get("/workflows/1")
    drawn = drawing(page.text)
    assert 'role="img"' in drawn and "hôm nay 10/06" in drawn and "f-today" in drawn
    assert drawn.count('class="f-due"') >= 5 and "f-orig" not in drawn and "f-dot" not in drawn
    assert "Hạn gốc, hạn hiện tại và kết quả của từng bước" in words(page)


def test_a_moved_date_stands_beside_the_original_one_and_a_submission_on_its_day(office: Office):
    office.plan.day = office.day
    office.plan.act(district(1), "submit", "gop-y", "huyen-01")
    for n in (1, 2, 3):
        if n > 1:
            office.plan.act(OFFICER, "grant-extension", "gop-y", f"huyen-0{n}", payload={"until": "2024-08-10", "document": "1/CV"})
    page = office.browser("giam-sat").get("/workflows/1")
    drawn = drawing(page.text)
    assert drawn.count("f-orig") == 1 and drawn.count("f-dot") == 1 and "t-done" in drawn
    assert "lùi 10 ngày" in words(page) and "31/07 – 10/08/2024" in words(page)


def test_late_steps_are_red_until_today_and_the_path_to_the_end_leads_over_open_steps(office: Office):
    office.day = office.plan.day = date(2024, 6, 25)
    page = office.browser("giam-sat").get("/workflows/1")
    assert "f-span is-late" in drawing(page.text) and "quá hạn 1 bước" in drawing(page.text)
    path = re.search(r"quyết định ngày kết thúc \(chữ đậm\): ([0-9 →]+)", words(page))
    assert path
    steps = [int(number) for number in path[1].split("→")]
    assert steps[0] == 1 and steps == sorted(steps) and len(steps) >= 3
    office.plan.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    assert "f-dot t-donelate" not in drawing(office.browser("giam-sat").get("/workflows/1").text)  # handed in late, not yet done
