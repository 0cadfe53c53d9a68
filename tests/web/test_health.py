"""What machines that watch are told: alive, ready, late, counted; and who may count."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from engine.access import Policy
from engine.errors import StorageFull
from services.heartbeats import beat, probe
from tests.factories import at
from tests.web.office import DAY, Office
from web.pages import health
from wiring.settings import Settings


@pytest.fixture(autouse=True)
def prefect(monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """Whether Prefect answers; at first it does. No answer is kept."""
    there = {"answers": True}
    monkeypatch.setattr(health, "prefect_answers", lambda _: there["answers"])
    monkeypatch.setattr(health, "KEPT_S", -1.0)
    return there


def migrated(office: Office) -> None:
    """The tables were made for tests without Alembic's own."""
    from models.migrate import newest

    with office.db.write() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num TEXT)"))
        connection.execute(text(f"INSERT INTO alembic_version VALUES ('{newest()}')"))


def test_it_lives_and_is_ready(office: Office):
    migrated(office)
    visitor = office.browser()
    assert visitor.get("/healthz").text == "ok\n"
    answer = visitor.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert answer.json()["checks"]["database"] == {"ok": True, "detail": "writes"}
    assert set(answer.json()["checks"]) == {"schema", "database", "disk", "outbox", "sweep", "deliver", "anchor", "backup", "prefect"}


def test_without_prefect_it_is_degraded_and_pages_go_on(office: Office, prefect: dict[str, bool]):
    migrated(office)
    prefect["answers"] = False
    answer = office.browser().get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["checks"]["prefect"] == {"ok": False, "detail": "unreachable"}
    assert office.browser("huyen-01").get("/").status_code == 200


def test_a_folder_of_backups_that_takes_no_file_is_told_before_a_night_is_lost(office: Office, monkeypatch: pytest.MonkeyPatch):
    migrated(office)
    monkeypatch.setattr(health, "takes_files", lambda folder: folder != office.context.settings.backups)
    answer = office.browser().get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["checks"]["backup"] == {"ok": False, "detail": "its folder takes no file"}


def test_a_real_office_without_a_mail_server_says_so_and_is_not_degraded(real_office: Office):
    migrated(real_office)
    answer = real_office.browser().get("/readyz").json()
    assert (answer["status"], answer["checks"]["outbox"]) == ("ok", {"ok": True, "detail": "no mail server, 0 kept"})


@pytest.mark.parametrize(("duty", "late"), [("sweep", 31), ("deliver", 31), ("anchor", 27 * 60), ("backup", 27 * 60)])
def test_a_duty_that_stands_still_is_told_and_pages_go_on(office: Office, duty: str, late: int):
    migrated(office)
    now = at(DAY)
    beat(office.db, duty, type(now)(now.business, now.system - timedelta(minutes=late)))
    answer = office.browser().get("/readyz")
    checks = answer.json()["checks"]
    assert (answer.status_code, answer.json()["status"], checks[duty]) == (200, "degraded", {"ok": False, "detail": f"{late * 60} s"})
    assert {name for name, check in checks.items() if not check["ok"]} == {duty}
    assert all(checks[other]["detail"] == "not yet" for other in {"sweep", "deliver", "anchor", "backup"} - {duty})


def test_a_duty_that_was_never_done_is_told_once_it_was_waited_for_long_enough(office: Office):
    migrated(office)
    begun = at(DAY)
    probe(office.db, type(begun)(begun.business, begun.system - timedelta(hours=2)))
    for _ in range(2):  # asking again begins nothing anew
        answer = office.browser().get("/readyz").json()
        never = {"ok": False, "detail": "never in 7200 s"}
        assert (answer["status"], answer["checks"]["sweep"], answer["checks"]["deliver"]) == ("degraded", never, never)
        assert answer["checks"]["anchor"] == answer["checks"]["backup"] == {"ok": True, "detail": "not yet"}


def test_mail_that_does_not_leave_for_days_is_told(office: Office, monkeypatch: pytest.MonkeyPatch):
    migrated(office)
    monkeypatch.setattr("models.reading.health.oldest_unsent", lambda _: at(DAY).system - timedelta(days=4, seconds=1))
    answer = office.browser().get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["outbox"]) == (200, {"ok": False, "detail": "345601 s"})


@pytest.mark.parametrize("problem", [OperationalError("insert", {}, Exception("away")), StorageFull()])
def test_a_database_that_takes_no_writes_is_down(office: Office, monkeypatch: pytest.MonkeyPatch, problem: Exception):
    migrated(office)

    def away(*_: object) -> None:
        raise problem

    monkeypatch.setattr("models.heartbeats.beat", away)
    answer = office.browser().get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "down")
    assert answer.json()["checks"]["database"]["ok"] is False


def test_a_newer_schema_is_down(office: Office):
    migrated(office)
    with office.db.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    answer = office.browser().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["schema"] == {"ok": False, "detail": "schema-newer"}


def test_a_disk_that_is_nearly_full_is_down(office: Office, monkeypatch: pytest.MonkeyPatch):
    migrated(office)
    monkeypatch.setattr("services.queries.health.LEAST_ROOM", 10**18)
    answer = office.browser().get("/readyz")
    assert (answer.status_code, answer.json()["status"], answer.json()["checks"]["disk"]["ok"]) == (503, "down", False)


def test_who_asks_again_at_once_gets_the_same_answer(office: Office, monkeypatch: pytest.MonkeyPatch):
    migrated(office)
    monkeypatch.setattr(health, "KEPT_S", 60.0)
    asked: list[object] = []

    def answers(settings: object) -> bool:
        asked.append(settings)
        return True

    monkeypatch.setattr(health, "prefect_answers", answers)
    for _ in range(5):
        assert office.browser().get("/readyz").status_code == 200
    assert len(asked) == 1


def test_numbers_are_counted(office: Office):
    beat(office.db, "sweep", at(DAY))
    office.browser("thuong-truc").act(office.step_id("ke-hoach"), "accept")
    answer = office.browser().get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    gauges = dict(re.findall(r"^(\w+(?:\{.*\})?) ([\d.e+-]+)$", answer.text, re.M))
    assert float(gauges["dondoc_unfinished_steps"]) == 17 and float(gauges["dondoc_journal_entries"]) >= 3
    assert float(gauges['dondoc_steps{status="in-progress"}']) == 1
    assert float(gauges['dondoc_duty_age_seconds{duty="sweep"}']) == 0
    assert float(gauges['dondoc_action_seconds_count{action="accept",outcome="done"}']) >= 1
    assert any(name.startswith('dondoc_http_request_seconds_count{method="GET",route="/steps/{step_id}"') for name in gauges)
    for said in ("huyen-01", "cong-an-tinh", "Người"):
        assert said not in answer.text


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
def test_through_a_proxy_nobody_counts_without_a_token(office: Office, header: str):
    assert office.browser(**{header: "127.0.0.1"}).get("/metrics").status_code in (303, 403)


def test_an_administrator_may_count_and_others_not(office: Office):
    forwarded = {"Via": "1.1 proxy"}
    assert office.browser("quan-tri", **forwarded).get("/metrics").status_code == 200
    assert office.browser("huyen-01", **forwarded).get("/metrics").status_code == 403


def test_a_token_opens_it_and_loopback_no_longer_does(office: Office):
    settings = Settings(_env_file=None, data=office.folder, metrics_token="rất bí mật")
    object.__setattr__(office.context, "settings", settings)
    assert office.browser().get("/metrics").status_code == 303
    for token, status in (("rất bí mật", 200), ("sai", 303), ("", 303)):
        assert office.browser().get("/metrics", headers={"Authorization": f"Bearer {token}".encode()}).status_code == status
    assert office.app.state.policies["GET /metrics"] is Policy.WATCH
