"""The table of units × figures: who sees what, as of which day, and what it costs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.errors import NotFound
from engine.standings import AsOf, Standing
from models.database import Database
from services.queries.figures_list import figures_list
from services.queries.figures_page import FiguresPage, figures_page
from tests.databases import sqlite_database
from tests.factories import OFFICER, at, district, festival, person
from tests.services.foreign import SUPERVISOR
from tests.services.played import Played
from tests.services.test_act import through_plan
from tests.services.test_queries_statements import reading

READY = {"reason": "thử"}


def table(played: Played, viewer: Any = SUPERVISOR, **when: Any) -> FiguresPage:
    return figures_page(played.db, viewer, played.workflow_id, "bao-cao", **when)


def standings(page: FiguresPage) -> list[tuple[str, Standing, Any]]:
    return [(r.slot, r.reported.standing, r.reported.figures.get("so")) for r in page.rows]


@pytest.fixture
def played(db: Database) -> Played:
    """On the 10th the first district reported 4 (approved), on the 12th the second 0 (waiting); the third said nothing."""
    found = Played(db)
    through_plan(found)
    for n in (1, 2, 3):
        found.act(OFFICER, "open-early", "bao-cao", f"huyen-{n:02}", payload=READY)
    found.day = date(2024, 6, 10)
    found.act(district(1), "submit", "bao-cao", "huyen-01", payload={"figures": {"so": "4", "kho_khan": "Mưa"}})
    found.act(OFFICER, "approve", "bao-cao", "huyen-01")
    found.day = date(2024, 6, 12)
    found.act(district(2), "submit", "bao-cao", "huyen-02", payload={"figures": {"so": "0"}})
    return found


def test_a_supervisor_sees_every_unit_and_the_sums(played: Played) -> None:
    page = table(played)
    assert standings(page) == [("huyen-01", Standing.APPROVED, 4), ("huyen-02", Standing.SUBMITTED, 0), ("huyen-03", Standing.NONE, None)]
    assert page.totals is not None
    assert (page.totals[0].sum, page.totals[0].approved, page.totals[0].reported, page.missing) == (
        Decimal(4),
        Decimal(4),
        2,
        ("huyen-03",),
    )
    assert page.said("kho_khan") == (("huyen-01", "Mưa"),)


def test_a_unit_sees_its_own_figures_and_no_sum_of_what_it_does_not_see(played: Played) -> None:
    page = table(played, district(2))
    assert [r.slot for r in page.rows] == ["huyen-02"]
    assert (page.totals, page.hidden, page.missing) == (None, 2, ())


def test_for_who_takes_no_part_there_is_no_such_report(played: Played) -> None:
    with pytest.raises(NotFound):
        table(played, person(77, "so-khac"))
    with pytest.raises(NotFound):
        figures_page(played.db, SUPERVISOR, played.workflow_id, "ke-hoach")
    assert figures_list(played.db, person(77, "so-khac"), at(played.day)) == ()


def test_a_day_is_shown_as_known_then_and_as_corrected(played: Played) -> None:
    played.day = date(2024, 6, 20)
    played.act(OFFICER, "correct", "bao-cao", "huyen-01", payload={"field": "figures.so", "value": "40", "reason": "gõ sai"})
    paper = {"number": "9/BC", "date": "2024-06-09", "signer": "Chủ tịch", "figures": {"so": "5"}}
    played.act(OFFICER, "record", "bao-cao", "huyen-03", payload=paper)
    then, now = (table(played, day=date(2024, 6, 11), as_of=how) for how in (AsOf.KNOWN, AsOf.CORRECTED))
    assert [value for _, _, value in standings(then)] == [4, None, None]
    assert [value for _, _, value in standings(now)] == [40, None, 5]
    assert then.totals and now.totals and (then.totals[0].sum, now.totals[0].sum) == (Decimal(4), Decimal(45))
    assert now.rows[0].reported.old == {"so": 4}
    assert now.rows[2].reported.recorded


def test_whoever_used_the_sums_is_named_and_told_apart_once_they_change(played: Played) -> None:
    played.act(OFFICER, "consolidate", "tong-hop")
    assert [u.changed for u in table(played).used_by] == [False]
    played.act(OFFICER, "approve", "bao-cao", "huyen-02")
    assert [u.changed for u in table(played).used_by] == [False]  # approved or waiting, the value is the same
    played.act(OFFICER, "correct", "bao-cao", "huyen-02", payload={"field": "figures.so", "value": "1", "reason": "gõ sai"})
    assert [u.changed for u in table(played).used_by] == [True]


def test_the_list_names_the_latest_cycle_of_each_report(played: Played) -> None:
    found = {line.code: (line.handed_in, line.expected) for line in figures_list(played.db, SUPERVISOR, at(played.day))}
    assert found == {"bao-cao": (2, 3), "tong-hop": (0, 1)}
    own = {line.code: (line.handed_in, line.expected) for line in figures_list(played.db, district(1), at(played.day))}
    assert own == {"bao-cao": (1, 1)}


@pytest.mark.parametrize("units", [2, 30])
def test_the_table_costs_the_same_few_statements_however_many_units(tmp_path: Any, units: int) -> None:
    with sqlite_database(tmp_path) as db:
        played = Played(db, definition=festival(units))
        through_plan(played)
        for n in range(1, units + 1):
            played.act(OFFICER, "open-early", "bao-cao", f"huyen-{n:02}", payload=READY)
            played.act(district(n), "submit", "bao-cao", f"huyen-{n:02}", payload={"figures": {"so": n}})
        table(played)
        with reading(db) as statements:
            assert len(table(played).rows) == units
        assert len(statements) == 5
        with reading(db) as statements:
            figures_list(db, SUPERVISOR, at(played.day))
        assert len(statements) == 1
