"""Search finds by every word, without accents, and only what one may know of."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from engine.access import Actor
from engine.definition import Text
from models.database import Database
from models.purging import forget
from models.tables import account, attachment, step
from services.queries.search import SearchPage, search_page
from services.queries.units import unit_names
from tests.factories import OFFICER, at, district, festival, person
from tests.services.foreign import STRANGER, SUPERVISOR
from tests.services.played import Played

DAY = date(2024, 6, 10)
TITLE = Text("Lời nhận xét của đơn vị", "Remarks of the unit")
ADMIN = person(303, roles=("administrator",))


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


def test_unfinished_steps_stand_by_their_dates_before_the_finished_ones(played: Played):
    done = played.act(OFFICER, "submit", "ke-hoach", payload={"evidence": {"kh": {"number": "45/KH-BCĐ", "date": "2024-06-10"}}}).step_id
    with played.db.write() as connection:
        connection.execute(step.update().where(step.c.id == done).values(status="done"))
    lines = search(played, "NV4").steps
    dates = [line.day or date.max for line in lines if line.id != done]
    assert lines[-1].id == done and len(set(dates)) > 2 and dates == sorted(dates)


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


def attach(played: Played, name: str, *, actor: Actor = OFFICER, code: str = "ke-hoach", slot: str = "") -> None:
    file = {"evidence": "", "name": name, "media_type": "application/pdf", "size": 1, "sha256": name}
    played.act(actor, "attach", code, slot, payload={"files": [file]})


def test_people_are_found_by_who_may_look_them_up(played: Played):
    lan = replace(person(301, "huyen-01"), name="Nguyễn Thị Đoan Lan")
    other = replace(person(302, "huyen-02"), name="Trần Đoàn Lan")
    played.people(lan, other, replace(SUPERVISOR, name="Lê Lan"))
    everybody = ["Lê Lan", "Nguyễn Thị Đoan Lan", "Trần Đoàn Lan"]
    for viewer, names in (
        (OFFICER, everybody), (SUPERVISOR, everybody), (ADMIN, everybody), (district(1), [lan.name]), (district(3), []), (STRANGER, []),
    ):  # fmt: skip
        assert [p.name for p in search(played, "LAN", viewer).people] == names, viewer
    assert [p.name for p in search(played, "doan nguyen").people] == [lan.name]
    assert [(p.login, p.units, p.kept) for p in search(played, "thi đoan lan", ADMIN).people] == [("a301", ("huyen-01",), True)]
    assert not search(played, "a301", district(2)).people and search(played, "a301", district(1)).people


def test_who_no_longer_works_here_is_not_found_and_all_are_counted(played: Played, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("services.queries.search.MOST_PEOPLE", 1)
    by_chance = replace(person(300, "huyen-01"), name="Alan")  # stands after who is called so
    played.people(by_chance, *(replace(person(n, "huyen-01"), name=f"Lan {n}") for n in (301, 302, 303)))
    with played.db.write() as connection:
        connection.execute(account.update().where(account.c.id == 302).values(left_on=played.day))
    found = search(played, "lan")
    assert ([p.account_id for p in found.people], found.all_people) == ([301], 3)


def test_files_are_found_by_their_name_by_who_reads_their_step_in_full(played: Played, monkeypatch: pytest.MonkeyPatch):
    attach(played, "Kế hoạch Đại hội.PDF")
    attach(played, "Góp ý đại hội.docx", actor=district(1), code="gop-y", slot="huyen-01")
    found = search(played, "dai hoi")
    assert [(f.name, f.step.code) for f in found.files] == [("Góp ý đại hội.docx", "gop-y"), ("Kế hoạch Đại hội.PDF", "ke-hoach")]
    assert [f.name for f in search(played, "hoi GOP", district(1)).files] == ["Góp ý đại hội.docx"]
    for stranger in (district(2), STRANGER):
        assert search(played, "dai hoi", stranger).files == ()
    assert search(played, "dai_hoi").files == ()  # no sign means anything to the database
    monkeypatch.setattr("services.queries.search.MOST_FILES", 1)
    found = search(played, "dai hoi")
    assert (len(found.files), found.all_files) == (1, 2)


def test_a_purged_file_is_found_no_more_nor_stands_its_name_anywhere(played: Played):
    attach(played, "chuyện kín.pdf")
    with played.db.write() as connection:
        forget(connection, "chuyện kín.pdf", at(played.day).system)
        assert [tuple(row) for row in connection.execute(select(attachment.c.name, attachment.c.folded))] == [("", "")]
    assert search(played, "chuyen kin").files == ()


def test_files_of_confidential_work_stand_on_its_own_pages_alone(sqlite: Database):
    plan = festival(2)
    key_task = replace(plan.key_tasks[0], workflows=(replace(plan.key_tasks[0].workflows[0], confidential=True),))
    played = Played(sqlite, DAY, replace(plan, key_tasks=(key_task,)))
    attach(played, "chuyện kín.pdf")
    assert search(played, "chuyen kin", OFFICER).files == ()
