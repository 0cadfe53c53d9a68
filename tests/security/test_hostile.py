"""Hostile texts in every form, every body and every address, some of them each; all of them: `python -m tests.security.hostility`."""

from __future__ import annotations

import time

import pytest

from engine.errors import Invalid
from services.sheets import read_sheet
from tests.security.asking import Cell
from tests.security.hostile import SHEET, workbook
from tests.security.hostility import run
from tests.security.world import World

pytestmark = pytest.mark.xdist_group("access")


def test_hostile_texts_are_refused_or_kept_as_text(world: World, cells: list[Cell]) -> None:
    report = run(world, cells, each=1)
    assert report.findings == []
    assert report.routes > 50 and report.forms > 60 and report.sent > 500
    assert report.changed > 20 and report.bodies > 300 and report.addresses > 90


def test_a_workbook_whose_entities_would_grow_to_a_gigabyte_is_refused_at_once() -> None:
    began = time.process_time()
    with pytest.raises(Invalid) as refused:
        read_sheet(workbook(SHEET))
    assert refused.value.code == "no-workbook" and time.process_time() - began < 5
