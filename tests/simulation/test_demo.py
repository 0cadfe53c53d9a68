"""The demonstration on its day: something to see for everyone, made once, and whole or not at all."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

import simulation.demo as demo
from engine.access import Actor
from engine.errors import Refused
from engine.instants import Now, at_local
from models.database import Database, sqlite_url
from models.migrate import upgrade
from plans.reader import read_pack
from services.accounts import create_account, everyone
from services.act import ActionResult, act
from services.clock import now_of
from services.invariants import violations
from simulation.demo import DAY, OPENS_AT, prepare
from tests.factories import festival
from wiring.calendar import build_calendar

pytestmark = pytest.mark.xdist_group("demo")  # one worker makes it

PACK = Path(__file__).parents[2] / "plans" / "222-kh-ubnd"
UNFINISHED = "status NOT IN ('done', 'cancelled', 'not-applicable', 'prior')"


def column(db: Database, query: str) -> list[object]:
    with db.read() as connection:
        return list(connection.execute(text(query)).scalars())


def test_the_clock_stands_on_the_morning_of_its_day(shown: Database):
    assert now_of(shown, system=at_local(DAY, 0), simulated=True).business == OPENS_AT


def test_all_seven_key_tasks_are_alive(shown: Database):
    live = column(shown, "SELECT DISTINCT key_task FROM workflow WHERE finished_at IS NULL AND key_task <> '' ORDER BY 1")
    assert live == [f"NV{n}" for n in range(1, 8)]


def test_something_is_late_soon_due_and_waiting_for_approval(shown: Database):
    at = OPENS_AT.strftime("%Y-%m-%d %H:%M:%S")
    assert 5 <= len(column(shown, f"SELECT id FROM step WHERE {UNFINISHED} AND due_at <= '{at}'")) <= 12
    assert len(column(shown, f"SELECT id FROM step WHERE {UNFINISHED} AND soon_at <= '{at}' AND due_at > '{at}'")) >= 2
    assert len(column(shown, "SELECT id FROM step WHERE status = 'submitted'")) >= 3
    assert len(column(shown, "SELECT id FROM step WHERE extension IS NOT NULL AND extension <> 'null'")) >= 1


def test_districts_have_said_who_handles_some_of_their_steps(shown: Database):
    query = f"SELECT a.login FROM step s JOIN account a ON a.id = s.handler WHERE {UNFINISHED.replace('status', 's.status')} ORDER BY 1"
    assert column(shown, query) == ["bu-dop", "bu-dop-lanh-dao", "loc-ninh", "phu-rieng"]


def test_mail_of_the_last_days_waits_for_the_mailbox_and_no_more(shown: Database):
    pending = column(shown, "SELECT business_at FROM message WHERE state = 'pending' ORDER BY business_at")
    assert 10 <= len(pending) <= 80 and str(pending[0]) >= "2024-07-21"


def test_only_who_did_nothing_yet_is_introduced_to_the_first_page(shown: Database):
    new = set(column(shown, "SELECT login FROM account WHERE introduced_on IS NULL"))
    assert {"kiem-tra-vien", "quan-tri"} <= new and not new & {"cong-an-tinh", "loc-ninh", "giam-sat"}
    assert not column(shown, "SELECT id FROM account WHERE introduced_on IS NULL AND id IN (SELECT account_id FROM journal_entry)")


def test_every_invariant_holds(shown: Database):
    calendar = build_calendar(read_pack(PACK, build_calendar).calendar)
    assert not violations(shown, now=Now(OPENS_AT, OPENS_AT), calendar=calendar)


def test_loc_ninh_submits_the_agency_returns_then_approves_and_the_next_step_opens_at_once(lived_in: Database):
    step = column(lived_in, "SELECT id FROM step WHERE lead = 'loc-ninh' AND code = 'san-sang' AND status = 'in-progress'")[0]
    people = {person.login: person.actor for person in everyone(lived_in)}
    unit, agency = people["loc-ninh"], people["cong-an-tinh"]
    evidence = {"evidence": {"danh-muc": {"number": "12/BC-UBND", "date": "2024-07-25"}}}

    def take(actor: Actor, action: str, payload: dict[str, Any]) -> ActionResult:
        now = Now(OPENS_AT, OPENS_AT)
        return act(lived_in, actor=actor, step_id=int(str(step)), action=action, payload=payload, now=now, calendar=build_calendar())

    take(unit, "submit", evidence)
    take(agency, "return", {"reason": "Thiếu danh sách"})
    take(unit, "submit", evidence)
    opened = take(agency, "approve", {}).opened
    assert column(lived_in, f"SELECT code FROM step WHERE id IN ({','.join(map(str, opened))})") == ["kiem-tra"]


def test_what_is_there_is_left_alone(shown: Database):
    before = column(shown, "SELECT count(*) FROM journal_entry")
    assert not prepare(str(shown.url), festival(3))
    assert column(shown, "SELECT count(*) FROM journal_entry") == before


def test_other_data_is_never_overwritten(tmp_path: Path):
    url = sqlite_url(tmp_path / "real.sqlite")
    db = Database(url)
    upgrade(db)
    create_account(db, login="that", name="Quản trị")
    with pytest.raises(Refused):
        prepare(url, festival(3))
    assert [person.login for person in everyone(db)] == ["that"]
    db.close()


def test_a_making_that_is_cut_off_leaves_nothing_and_the_next_one_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path, parts = tmp_path / "dondoc.sqlite", []

    def stop(share: float) -> None:
        parts.append(share)
        if share > 0.1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(sqlite_url(path), festival(3), on_progress=stop)
    db = Database(sqlite_url(path))
    assert not everyone(db)
    db.close()
    monkeypatch.setattr(demo, "OPENS_AT", at_local(DAY.replace(month=3), 9))
    assert prepare(sqlite_url(path), festival(3))
    assert [file.name for file in tmp_path.iterdir()] == ["dondoc.sqlite"] and parts == sorted(parts)
