"""The sweep as Prefect tasks: what time brings, and the tables in which supervisors see it."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE

from services.sweep import SweepResult
from tasks import duties
from tasks.app import app
from tasks.artifacts import show_markdown, show_table
from tasks.overdue_report import overdue_report
from tasks.plan_report import plan_reports


@task(name="sweep", retries=2, retry_delay_seconds=2, cache_policy=NO_CACHE, persist_result=False)
def sweep() -> SweepResult:
    """Open the steps whose day has come; note what is due soon or overdue; put reminders into the outbox."""
    return duties.sweep_deadlines(app())


@task(name="show-overdue", retries=2, retry_delay_seconds=2, cache_policy=NO_CACHE, persist_result=False)
def show_overdue() -> int:
    """Bring the table `overdue` up to date; how many steps are overdue."""
    report = overdue_report(app())
    show_table("overdue", report.rows, report.description, at=app().now().system)
    return report.steps


@task(name="show-plans", retries=2, retry_delay_seconds=2, cache_policy=NO_CACHE, persist_result=False)
def show_plans() -> int:
    """Bring the page of each plan up to date; how many plans there are."""
    reports = plan_reports(app())
    for report in reports:
        show_markdown(report.key, report.markdown, report.description, at=app().now().system)
    return len(reports)
