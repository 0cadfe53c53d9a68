"""Every invariant holds after a played season, and each is seen to fail on a fault planted by hand."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.instants import Now, at_local
from models.database import Database, sqlite_url
from services.invariants import INVARIANTS, Checker, violations
from tests.factories import CALENDAR
from tests.simulation.small import DAY, fresh, lived, mail

AT = at_local(DAY, 9)

LAST_APPROVED = "(SELECT max(id) FROM notice WHERE kind = 'approved')"
SAME = "kind, step_id, step_code, stream, seq, audience"
USED = '{"figures": ["so"], "units": {"huyen-01": {"round": 1, "figures": {"so": VALUE}}}, "missing": [], "sums": {"so": VALUE}}'
BASIS = f"""'{{"consolidated": {{"bao-cao": {USED}}}}}'"""
MISSING = '["huyen-01"]'
DEPUTY, DAYS = "account_id, deputy_id, unit, from_on, to_on, ended, set_by, recorded_at", "'2024-05-01', '2024-05-09', 0, 1, '2024-05-01'"
BEHALF = "UPDATE journal_entry SET body = json_set(body, '$.for', 7) WHERE stream = 'workflow:1' AND seq = 5"
YEARS_AGO = "UPDATE journal_entry SET body = json_set(body, '$.at', '2023-01-01T01:00:00+00:00') WHERE stream = 'workflow:1' AND seq = 5"
FAULTS = (
    ("no-step-lost", "DELETE FROM step WHERE code = 'luu'"),
    ("one-lead", "UPDATE step SET lead = 'mttq' WHERE code = 'luu'"),
    ("one-lead", "UPDATE step SET lead = 'nobody' WHERE code = 'luu'"),
    ("lead-exists", "UPDATE plan_version SET body = json_set(body, '$.units[1].ends_on', '2024-09-01')"),
    ("one-state", "UPDATE step SET done_on = NULL WHERE code = 'ke-hoach'"),
    ("one-state", "UPDATE step SET opened_on = NULL WHERE code = 'bao-cao' AND status = 'open'"),
    ("status-as-journal", "UPDATE step SET status = 'in-progress' WHERE code = 'tong-hop'"),
    ("counters", """UPDATE workflow SET counts = json_set(counts, '$."bao-cao".done', 4)"""),
    ("finished", "UPDATE workflow SET finished_at = opened_at"),
    ("closing", "UPDATE step SET closed_on = '2024-09-01' WHERE code = 'luu'"),
    ("closing", "UPDATE workflow SET closed_at = opened_at"),
    ("order", "UPDATE step SET status = 'open' WHERE code = 'quyet-dinh'"),
    ("nothing-stuck", "UPDATE step SET status = 'waiting' WHERE code = 'bao-cao' AND status = 'open'"),
    ("ledger", "UPDATE step SET due_on = '2024-09-30' WHERE code = 'tong-hop'"),
    ("ledger", "UPDATE step SET due_version = due_version + 1 WHERE code = 'bao-cao' AND status = 'open'"),
    ("ledger", "UPDATE step SET extensions = 1 WHERE code = 'luu'"),
    ("rounds", "DELETE FROM round WHERE step_id = (SELECT id FROM step WHERE code = 'ke-hoach')"),
    ("figures", f"UPDATE step SET draft = {BASIS.replace('VALUE', '99999')} WHERE code = 'tong-hop'"),
    ("figures", f"UPDATE step SET draft = {BASIS.replace('VALUE', '1').replace('huyen-01', 'huyen-99')} WHERE code = 'tong-hop'"),
    ("figures", f"UPDATE step SET draft = {BASIS.replace('VALUE', '1').replace('[]', MISSING)} WHERE code = 'tong-hop'"),
    ("columns", "UPDATE step SET clock_holder = 'mttq' WHERE code = 'bao-cao' AND status = 'open'"),
    ("columns", "UPDATE step SET soon_at = NULL WHERE code = 'bao-cao' AND status = 'open'"),
    ("next-look", "UPDATE step SET next_rung_at = NULL WHERE code = 'bao-cao' AND status = 'open'"),
    ("as-of", "UPDATE step SET submitted_on = '2024-05-01' WHERE code = 'ke-hoach'"),
    ("as-of", "UPDATE deadline SET at = '2030-01-01 00:00:00.000000' WHERE step_id = (SELECT id FROM step WHERE code = 'tong-hop')"),
    ("journal", "UPDATE journal_entry SET body = json_set(body, '$.account', 7) WHERE stream = 'workflow:1' AND seq = 5"),
    ("journal", "UPDATE journal_entry SET body = json_set(body, '$.account', 7) WHERE stream = 'plan:1'"),
    ("journal", "DELETE FROM journal_entry WHERE stream = 'workflow:1' AND seq = 7"),
    ("forward", YEARS_AGO),
    ("notices", "DELETE FROM notice WHERE kind = 'approved' AND step_id = (SELECT id FROM step WHERE code = 'ke-hoach')"),
    ("notices", f"UPDATE notice SET key = 'workflow:1:999:0:approved' WHERE id = {LAST_APPROVED}"),
    ("once", f"UPDATE notice SET ({SAME}) = (SELECT {SAME} FROM notice WHERE id = 1) WHERE id = 2"),
    ("rungs", "DELETE FROM notice WHERE rung IS NOT NULL AND step_id = (SELECT id FROM step WHERE code = 'bao-cao' AND status = 'open')"),
    ("overdue", "UPDATE step SET due_at = NULL WHERE code = 'bao-cao' AND status = 'open'"),
    ("carried", "DELETE FROM message_notice WHERE notice_id = (SELECT min(notice_id) FROM message_notice)"),
    ("carried", "INSERT INTO delivery (message_id, at, outcome, detail) SELECT min(id), created_at, 'sent', '' FROM message"),
    ("left", "UPDATE account SET left_on = '2024-05-01' WHERE id = (SELECT min(account_id) FROM message)"),
    ("deputies", f"INSERT INTO deputy ({DEPUTY}) VALUES (1, 2, 'mttq', {DAYS}), (2, 3, 'mttq', {DAYS})"),
    ("behalf", BEHALF),
    ("handlers", "UPDATE step SET handler = (SELECT account_id FROM membership WHERE unit <> step.lead) WHERE code = 'luu'"),
)  # fmt: skip


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A season's database: most is done, one report is late, the rest waits."""
    folder = tmp_path_factory.mktemp("season")
    db = fresh(folder)
    lived(db, post=mail())
    db.close()
    return folder / "dondoc.sqlite"


@pytest.fixture
def played(season: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(season, tmp_path / "copy.sqlite")
    db = Database(sqlite_url(tmp_path / "copy.sqlite"), durable=False)
    yield db
    db.close()


def plant(db: Database, statement: str) -> None:
    """Change stored data by hand, past every rule and guard."""
    assert db.file
    with closing(sqlite3.connect(db.file)) as connection, connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        assert connection.execute(statement).rowcount > 0


def found(db: Database) -> dict[str, str]:
    """What the checks find: a finding by invariant."""
    return {broken.invariant: str(broken) for broken in violations(db, now=Now(AT, AT), calendar=CALENDAR)}


def test_all_holds_after_a_season(played: Database):
    assert found(played) == {}


def test_every_invariant_has_a_fault_to_find():
    assert list(dict.fromkeys(invariant for invariant, _ in FAULTS)) == list(INVARIANTS)


@pytest.mark.parametrize(("invariant", "statement"), FAULTS)
def test_a_planted_fault_is_found(played: Database, invariant: str, statement: str):
    plant(played, statement)
    assert invariant in found(played)


def test_a_finding_says_where(played: Database):
    plant(played, "UPDATE step SET clock_holder = 'mttq' WHERE code = 'bao-cao' AND status = 'open'")
    with played.read() as connection:
        step = connection.execute(text("SELECT id FROM step WHERE code = 'bao-cao' AND status = 'open'")).scalar_one()
    assert found(played)["columns"].startswith("columns: bao-cao huyen-") and f"step {step})" in found(played)["columns"]


def test_a_checker_that_has_seen_all_looks_only_at_what_changed(played: Database):
    checker = Checker(played, CALENDAR)
    assert checker.check(AT) == [] and checker.check_rungs(AT) == []
    plant(played, "UPDATE step SET status = 'in-progress' WHERE code = 'luu'")
    assert checker.check(AT) == []  # no journal entry came: nobody looked
    assert {b.invariant for b in checker.check(AT, full=True)} >= {"status-as-journal"}
    plant(played, "UPDATE workflow SET seq = seq + 1")
    assert {b.invariant for b in checker.check(AT)} >= {"journal", "status-as-journal"}


def test_the_checks_hold_on_either_database(db: Database):
    lived(db, post=mail())
    assert found(db) == {}
