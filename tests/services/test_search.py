"""Search finds by every word, without accents, and only what one may know of."""

from dataclasses import replace
from datetime import date

import pytest

from engine.definition import Text
from models.database import Database
from services.queries.search import SearchPage, search_page
from services.queries.units import unit_names
from tests.factories import OFFICER, at, district, festival
from tests.services.played import Played

DAY = date(2024, 6, 10)
TITLE = Text("Lời nhận xét của đơn vị", "Remarks of the unit")


@pytest.fixture
def played(db: Database) -> Played:
    """The festival with a title that has accents in it, on both databases."""
    plan = festival(3)
    workflow = plan.key_tasks[0].workflows[0]
    steps = tuple(replace(s, title=TITLE) if s.code == "gop-y" else s for s in workflow.steps)
    key_task = replace(plan.key_tasks[0], workflows=(replace(workflow, steps=steps),))
    return Played(db, DAY, replace(plan, key_tasks=(key_task,)))


def search(played: Played, asked: str, actor=OFFICER) -> SearchPage:
    return search_page(played.db, actor, at(played.day), asked, unit_names(played.db, played.day))


def leads(page: SearchPage) -> list[str]:
    return [line.lead for line in page.steps]


def test_accents_and_case_do_not_matter(played: Played):
    assert leads(search(played, "LOI nhan xet don vi")) == ["huyen-01", "huyen-02", "huyen-03"]
    assert leads(search(played, "Lời nhận xét")) == ["huyen-01", "huyen-02", "huyen-03"]


def test_every_word_must_be_found_somewhere(played: Played):
    assert leads(search(played, "nhan xet huyen-02")) == ["huyen-02"]
    assert leads(search(played, "nhan xet huyen-02 2024")) == ["huyen-02"]
    assert search(played, "nhan xet huyen-02 2023").empty


def test_a_document_is_found_by_its_number_by_who_may_read_it(played: Played):
    found = played.act(OFFICER, "submit", "ke-hoach", payload={"evidence": {"kh": {"number": "45/KH-BCĐ", "date": "2024-06-10"}}})
    assert [line.id for line in search(played, "45/KH-BCĐ").documents] == [found.step_id]
    assert [line.id for line in search(played, "45/kh").documents] == [found.step_id]
    assert not search(played, "46/KH").documents
    assert not search(played, "45/KH-BCĐ", district(1)).documents


def test_signs_that_mean_something_to_the_database_mean_nothing_here(played: Played):
    for asked in ("%", "_", "\\", "'", '"', "%%%", "a" * 500, "\x00"):
        assert not search(played, asked).documents


def test_nothing_is_found_by_nothing(played: Played):
    assert search(played, "   ").empty


def test_confidential_titles_are_found_by_those_alone_who_may_read_them(sqlite: Database):
    plan = festival(2)
    workflow = replace(plan.key_tasks[0].workflows[0], confidential=True)
    steps = tuple(replace(s, title=Text(f"chuyện kín {s.code}")) for s in workflow.steps)
    key_task = replace(plan.key_tasks[0], workflows=(replace(workflow, steps=steps),))
    played = Played(sqlite, DAY, replace(plan, key_tasks=(key_task,)))
    assert search(played, "chuyen kin", OFFICER).total > 0
    assert set(leads(search(played, "chuyen kin", district(1)))) == {"huyen-01"}
