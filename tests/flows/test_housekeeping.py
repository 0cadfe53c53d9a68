"""Housekeeping flows on a real server: what they do, what they are called, what supervisors see of it."""

import json
from datetime import date, timedelta

import pytest
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey, FlowRunFilter, FlowRunFilterTags
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.sorting import ArtifactSort
from sqlalchemy import select, text

from models.tables import message
from notifications.keys import digest_key
from runtime.cleanup import delete_old_runs
from runtime.due import hand_over_due
from runtime.mailbox import MailboxServer
from services.backup import backups_in
from tests.factories import MEMBER, OFFICER, district
from wiring.clock import system_now
from wiring.mail import mailbox_folder, mailbox_of

pytestmark = pytest.mark.prefect

LATE_DAY = date(2024, 7, 22)


def artifact(client, key):
    """The newest version of an artifact."""
    chosen = ArtifactFilter(key=ArtifactFilterKey(any_=[key]))
    return client.read_artifacts(artifact_filter=chosen, sort=ArtifactSort.CREATED_DESC, limit=1)[0]


def rungs_told(played, account, day):
    """(rung, days to the due day) of the reminders in somebody's digest of a day."""
    query = select(message.c.data).where(message.c.key == digest_key(account, day))
    with played.plan.db.read() as connection:
        return [(item["rung"], item["days"]) for item in connection.scalar(query)["items"] if "rung" in item]


def test_the_sweep_shows_what_is_overdue(played):
    played.day = LATE_DAY

    run = played.run_deployment("sweep-deadlines")

    assert run.state_type is StateType.COMPLETED
    assert run.state_name.startswith("Quá hạn ")
    assert run.name.startswith("Quét thời hạn · ")
    table = artifact(played.client, "overdue")
    assert "quá hạn, tính đến 22/07/2024" in table.description
    rows = json.loads(table.data)
    assert rows[0]["Hạn"] == "20/06/2024"
    assert f"/workflows/{played.plan.workflow_id})" in rows[0]["Quy trình"]
    assert "quá hạn (năm 2024)" in artifact(played.client, f"plan-{played.plan.plan_id}").description


def test_sweeping_again_changes_the_day_s_version_in_place(played):
    played.day = LATE_DAY
    played.run_deployment("sweep-deadlines")
    first = artifact(played.client, "overdue")
    played.day += timedelta(days=1)

    run = played.run_deployment("sweep-deadlines")

    assert run.state_type is StateType.COMPLETED
    second = artifact(played.client, "overdue")
    assert second.id == first.id
    assert "23/07/2024" in second.description


def test_mail_is_sent_and_counted(played):
    played.plan.people(OFFICER, MEMBER, district(1))
    with MailboxServer(mailbox_folder(played.settings)):
        run = played.run_deployment("deliver-messages")

        assert run.state_name.startswith("Gửi ")
        assert mailbox_of(played.settings).count() > 0


def test_the_digest_of_the_due_day_says_so_though_nothing_swept_before_it(played):
    played.plan.people(district(1))
    played.day = date(2024, 7, 31)

    run = played.run_deployment("daily-digest")

    assert run.state_type is StateType.COMPLETED
    assert rungs_told(played, 201, played.day) == [("D", 0)]


def test_a_mail_server_that_is_down_is_no_failure(played):
    played.plan.people(OFFICER, MEMBER, district(1))

    run = played.run_deployment("deliver-messages")

    assert run.state_type is StateType.COMPLETED
    assert "không trả lời" in run.state_name


def test_the_journal_is_anchored_and_nothing_new_is_no_anchor(played):
    run = played.run_deployment("anchor-journal")
    assert (run.state_type, run.state_name) == (StateType.COMPLETED, "Neo số 1")
    assert played.run_deployment("anchor-journal").state_name == "Không có gì mới"


def test_the_day_s_backup_is_made_once(played):
    with played.plan.db.write() as connection:
        connection.execute(text("CREATE TABLE alembic_version AS SELECT '0001' AS version_num"))
    run = played.run_deployment("backup")
    assert run.state_type is StateType.COMPLETED and "mục nhật ký" in run.state_name
    assert len(backups_in(played.settings.backups)) == 1
    assert played.run_deployment("backup").state_name == "Hôm nay đã có bản sao lưu"


def test_of_several_late_runs_the_latest_is_run(played):
    sweep = played.registered.ids["sweep-deadlines"]
    runs = [played.client.create_flow_run_from_deployment(sweep) for _ in range(3)]

    handed_over = hand_over_due(played.client, played.registered, played.due.append, held=frozenset(), now=system_now())

    assert handed_over == 1
    states = [played.run(run.id).state_type for run in runs]
    assert states == [StateType.CANCELLED, StateType.CANCELLED, StateType.SCHEDULED]


def test_finished_housekeeping_is_deleted_after_a_month(played):
    run = played.run_deployment("open-cycles")
    assert "system" in run.tags

    delete_old_runs(played.client, system_now() + timedelta(days=29))
    assert played.run(run.id)
    delete_old_runs(played.client, system_now() + timedelta(days=31))

    system = FlowRunFilter(tags=FlowRunFilterTags(all_=["system"]))
    assert run.id not in {each.id for each in played.client.read_flow_runs(flow_run_filter=system)}
