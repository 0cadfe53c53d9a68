"""The same news about many units is one line."""

from datetime import date
from typing import Any

from notifications.folding import folded
from notifications.render import render
from tests.notifications.examples import SITE, context, item

UNITS = [f"Đơn vị {n}" for n in range(1, 16)]


def many(**given):
    return [item("overdue", unit=unit, path=f"/steps/{n}", step_ids=(n,), whole="/workflows/1", **given) for n, unit in enumerate(UNITS)]


def test_what_differs_only_in_the_unit_is_one_line_that_leads_to_the_workflow():
    lines = folded(many())
    assert [(line.units, line.path) for line in lines] == [(tuple(UNITS), "/workflows/1")]
    assert lines[0].unit("vi").endswith("Đơn vị 12 và 3 đơn vị khác")
    assert lines[0].unit("en").endswith("Đơn vị 12 and 3 more")


def test_a_single_one_leads_to_its_step():
    assert [(line.unit("vi"), line.path) for line in folded(many()[:1])] == [("Đơn vị 1", "/steps/0")]


def test_another_date_rung_note_or_workflow_is_another_line():
    first = item("overdue", whole="/workflows/1")
    others: list[dict[str, Any]] = [
        {"due_on": date(2024, 7, 1)},
        {"rung": "D+7"},
        {"note": "khác"},
        {"whole": "/workflows/2"},
        {"proposed": True},
    ]
    assert len(folded([first, *(item("overdue", **{"whole": "/workflows/1", **other}) for other in others)])) == 6


def test_the_mail_names_them_once_and_counts_them_all():
    done = render("digest", context(*many()), SITE)
    assert done.subject == "25/07/2024: 15 việc quá hạn"
    assert done.text.count("NV4 · 2024, bước 3:") == 1
