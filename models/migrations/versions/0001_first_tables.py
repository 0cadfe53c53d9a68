"""First tables: units, accounts, plans, workflows, steps, the journal, the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
INSTANT = sa.DateTime(timezone=True)
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("roles", JSON, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("login", name="uq_account_login"),
    )
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_calendar_day"),
    )
    op.create_table(
        "clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("target", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clock"),
    )
    op.create_table(
        "delivery",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("message_id", BIG_ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
    )
    op.create_index("ix_delivery_message_id", "delivery", ["message_id"], unique=False)
    op.create_table(
        "journal_entry",
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("represented_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("salt", sa.String(), nullable=True),
        sa.Column("idem_key", sa.String(), nullable=True),
        sa.Column("idem_hash", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("stream", "seq", name="pk_journal_entry"),
    )
    op.create_index("ix_journal_entry_step", "journal_entry", ["step_id"], unique=False)
    op.create_index(
        "ux_journal_entry_key",
        "journal_entry",
        ["account_id", "idem_key"],
        unique=True,
        postgresql_where=sa.text("idem_key IS NOT NULL"),
        sqlite_where=sa.text("idem_key IS NOT NULL"),
    )
    op.create_table(
        "journal_stream",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_journal_stream"),
    )
    op.create_table(
        "message_notice",
        sa.Column("notice_id", BIG_ID, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("message_id", BIG_ID, nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("notice_id", "account_id", name="pk_message_notice"),
    )
    op.create_index("ix_message_notice_message_id", "message_notice", ["message_id"], unique=False)
    op.create_table(
        "unit",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("official_code", sa.String(), nullable=False),
        sa.Column("parent", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["parent"], ["unit.code"], name="fk_unit_parent"),
        sa.PrimaryKeyConstraint("code", name="pk_unit"),
    )
    op.create_table(
        "group_member",
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name="fk_group_member_unit"),
        sa.PrimaryKeyConstraint("group", "unit", "from_on", name="pk_group_member"),
    )
    op.create_table(
        "membership",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_membership_account_id"),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name="fk_membership_unit"),
        sa.PrimaryKeyConstraint("account_id", "unit", name="pk_membership"),
    )
    op.create_index("ix_membership_unit", "membership", ["unit"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("business_at", INSTANT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.Column("next_try_at", INSTANT, nullable=False),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_message_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("key", name="uq_message_key"),
    )
    op.create_index("ix_message_account_id", "message", ["account_id"], unique=False)
    op.create_index(
        "ix_message_unsent",
        "message",
        ["next_try_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('pending', 'sending', 'ambiguous')"),
        sqlite_where=sa.text("state IN ('pending', 'sending', 'ambiguous')"),
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("title_vi", sa.String(), nullable=False),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("tracked_from", sa.Date(), nullable=False),
        sa.Column("standing_agency", sa.String(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["standing_agency"], ["unit.code"], name="fk_plan_standing_agency"),
        sa.PrimaryKeyConstraint("id", name="pk_plan"),
        sa.UniqueConstraint("number", name="uq_plan_number"),
    )
    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("csrf", sa.String(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_sign_in_account_id"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sign_in"),
    )
    op.create_index("ix_sign_in_account_id", "sign_in", ["account_id"], unique=False)
    op.create_table(
        "unit_name",
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("name_vi", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("short_vi", sa.String(), nullable=False),
        sa.Column("short_en", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name="fk_unit_name_unit"),
        sa.PrimaryKeyConstraint("unit", "from_on", name="pk_unit_name"),
    )
    op.create_table(
        "key_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title_vi", sa.String(), nullable=False),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("lead", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["lead"], ["unit.code"], name="fk_key_task_lead"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_key_task_plan_id"),
        sa.PrimaryKeyConstraint("id", name="pk_key_task"),
        sa.UniqueConstraint("plan_id", "code", name="uq_key_task_plan_id_code"),
    )
    op.create_table(
        "plan_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_plan_version_plan_id"),
        sa.PrimaryKeyConstraint("id", name="pk_plan_version"),
        sa.UniqueConstraint("plan_id", "version", name="uq_plan_version_plan_id_version"),
    )
    op.create_table(
        "workflow",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("key_task", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("cycle", sa.String(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("anchor_on", sa.Date(), nullable=True),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("lead", sa.String(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("wake", sa.Integer(), nullable=False),
        sa.Column("woken", sa.Integer(), nullable=False),
        sa.Column("woken_at", INSTANT, nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("flow_run_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["lead"], ["unit.code"], name="fk_workflow_lead"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_workflow_plan_id"),
        sa.ForeignKeyConstraint(["version_id"], ["plan_version.id"], name="fk_workflow_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_workflow"),
        sa.UniqueConstraint("plan_id", "key_task", "code", "cycle", name="uq_workflow_plan_id_key_task_code_cycle"),
    )
    op.create_table(
        "notice",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("workflow_id", sa.Integer(), nullable=True),
        sa.Column("step_id", sa.Integer(), nullable=True),
        sa.Column("step_code", sa.String(), nullable=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("rung", sa.String(), nullable=True),
        sa.Column("due_version", sa.Integer(), nullable=True),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("business_at", INSTANT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflow.id"], name="fk_notice_workflow_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint("key", name="uq_notice_key"),
    )
    op.create_index(
        "ix_notice_pending",
        "notice",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
        sqlite_where=sa.text("state = 'pending'"),
    )
    op.create_index("ix_notice_step_id", "notice", ["step_id"], unique=False)
    op.create_table(
        "step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workflow_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("lead", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("opened_at", INSTANT, nullable=True),
        sa.Column("opened_seq", sa.Integer(), nullable=True),
        sa.Column("not_before", sa.Date(), nullable=True),
        sa.Column("original_due_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("due_version", sa.Integer(), nullable=False),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("previous_due_on", sa.Date(), nullable=True),
        sa.Column("extension", JSON, nullable=True),
        sa.Column("window_first", sa.Date(), nullable=True),
        sa.Column("window_last", sa.Date(), nullable=True),
        sa.Column("choose_by", sa.Date(), nullable=True),
        sa.Column("chosen_on", sa.Date(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("link", sa.Integer(), nullable=False),
        sa.Column("link_approved", JSON, nullable=False),
        sa.Column("accepted_by", sa.Integer(), nullable=True),
        sa.Column("submitted_by", sa.Integer(), nullable=True),
        sa.Column("submitted_for", sa.Integer(), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("submitted_at", INSTANT, nullable=True),
        sa.Column("approval_due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("suspended_on", sa.Date(), nullable=True),
        sa.Column("resume_to", sa.String(), nullable=True),
        sa.Column("draft", JSON, nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("soon_at", INSTANT, nullable=True),
        sa.Column("approval_due_at", INSTANT, nullable=True),
        sa.Column("clock_holder", sa.String(), nullable=True),
        sa.Column("next_rung_at", INSTANT, nullable=True),
        sa.Column("changed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["lead"], ["unit.code"], name="fk_step_lead"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_step_plan_id"),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflow.id"], name="fk_step_workflow_id"),
        sa.PrimaryKeyConstraint("id", name="pk_step"),
        sa.UniqueConstraint("workflow_id", "code", "slot", name="uq_step_workflow_id_code_slot"),
    )
    op.create_index(
        "ix_step_approval_due",
        "step",
        ["approval_due_at"],
        unique=False,
        postgresql_where=sa.text("status NOT IN ('done', 'cancelled', 'not-applicable', 'prior')"),
        sqlite_where=sa.text("status NOT IN ('done', 'cancelled', 'not-applicable', 'prior')"),
    )
    op.create_index(
        "ix_step_due",
        "step",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("status NOT IN ('done', 'cancelled', 'not-applicable', 'prior')"),
        sqlite_where=sa.text("status NOT IN ('done', 'cancelled', 'not-applicable', 'prior')"),
    )
    op.create_index(
        "ix_step_lead_due",
        "step",
        ["lead", "due_at"],
        unique=False,
        postgresql_where=sa.text("status NOT IN ('done', 'cancelled', 'not-applicable', 'prior')"),
        sqlite_where=sa.text("status NOT IN ('done', 'cancelled', 'not-applicable', 'prior')"),
    )
    op.create_index(
        "ix_step_not_before",
        "step",
        ["not_before"],
        unique=False,
        postgresql_where=sa.text("status = 'waiting'"),
        sqlite_where=sa.text("status = 'waiting'"),
    )
    op.create_index("ix_step_plan_id", "step", ["plan_id"], unique=False)
    op.create_index(
        "ix_step_rung",
        "step",
        ["next_rung_at"],
        unique=False,
        postgresql_where=sa.text("status NOT IN ('done', 'cancelled', 'not-applicable', 'prior')"),
        sqlite_where=sa.text("status NOT IN ('done', 'cancelled', 'not-applicable', 'prior')"),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name="fk_attachment_step_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
    )
    op.create_index("ix_attachment_sha256", "attachment", ["sha256"], unique=False)
    op.create_index("ix_attachment_step_id", "attachment", ["step_id"], unique=False)
    op.create_table(
        "deadline",
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("due_version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name="fk_deadline_step_id"),
        sa.PrimaryKeyConstraint("step_id", "due_version", name="pk_deadline"),
    )
    op.create_table(
        "participation",
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name="fk_participation_step_id"),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name="fk_participation_unit"),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflow.id"], name="fk_participation_workflow_id"),
        sa.PrimaryKeyConstraint("unit", "step_id", "relation", name="pk_participation"),
    )
    op.create_index("ix_participation_workflow_unit", "participation", ["workflow_id", "unit"], unique=False)
    op.create_table(
        "round",
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("represented_id", sa.Integer(), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("recorded", sa.Boolean(), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name="fk_round_step_id"),
        sa.PrimaryKeyConstraint("step_id", "number", name="pk_round"),
    )
