"""Killing what runs, and wiping Prefect's database: no work is lost and all of it is shown again."""

from __future__ import annotations

import os
import shutil
import signal

import pytest

from tests.journeys.people import browser_page, sign_in
from tests.journeys.stack import Stack, until
from tests.journeys.test_a_unit_and_its_agency import AGENCY, press, rows

pytestmark = [pytest.mark.prefect, pytest.mark.browser, pytest.mark.xdist_group("stack")]


def dirty(stack: Stack) -> int:
    return int(rows(stack, "SELECT count(*) AS n FROM workflow WHERE wake > woken")[0]["n"])


def test_an_orchestrator_killed_while_people_act(stack: Stack) -> None:
    until("nothing is left to wake", lambda: dirty(stack) == 0, seconds=120)
    query = "SELECT id FROM step WHERE status IN ('open', 'in-progress') GROUP BY workflow_id ORDER BY id LIMIT 3"
    chosen = [row["id"] for row in rows(stack, query)]
    with browser_page(stack.base) as page:
        sign_in(page, AGENCY)
        os.kill(stack.child("orchestrate"), signal.SIGKILL)
        for step_id in chosen:
            press(page, step_id, "suspend", reason="Chờ ý kiến.")
    assert [rows(stack, "SELECT status FROM step WHERE id = ?", s)[0]["status"] for s in chosen] == ["suspended"] * 3
    until("all three were woken", lambda: dirty(stack) == 0, seconds=90)
    notices = f"SELECT count(*) AS n FROM notice WHERE kind = 'suspended' AND step_id IN ({','.join('?' * 3)})"
    assert rows(stack, notices, *chosen)[0]["n"] == 3


def test_a_wiped_prefect_database_loses_nothing(stack: Stack) -> None:
    before = {run["name"] for run in until("runs wait", stack.waiting, seconds=60)}
    steps = rows(stack, "SELECT id, status, version FROM step ORDER BY id")
    assert stack.stop() == []
    shutil.rmtree(stack.data / "prefect")
    stack.start()
    until("the same workflows wait again", lambda: {run["name"] for run in stack.waiting()} >= before, seconds=120)
    assert rows(stack, "SELECT id, status, version FROM step ORDER BY id") == steps
