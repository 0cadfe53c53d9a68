"""What time brings, as plain functions: Prefect tasks wrap them, the simulated clock calls them, `dondoc sweep` and `deliver` do by hand.

Each asks only what is due at business now, so each may run late, twice, or after days away.
"""

from __future__ import annotations

from engine.anchor import Anchor
from services.amend_settle import settle_amendments
from services.anchors import take_anchor
from services.backup import Backup, daily_backup
from services.brief_mail import send_briefs
from services.calendar_settle import settle
from services.deliver import DeliverySummary, deliver, keep
from services.digest import gather
from services.due_mail import mail_is_due
from services.expand import expand
from services.heartbeats import ANCHOR, BACKUP, DELIVER, SWEEP, beat
from services.inbox import post
from services.open_cycles import open_cycles
from services.open_due import open_all_due
from services.stored_files import sweep_orphans
from services.sweep import SweepResult, sweep
from services.unit_settle import settle_units
from services.unreachable import watch_units
from services.webhook_deliver import WebhookSummary, deliver_webhooks, webhooks_wait
from services.webhook_events import collect
from wiring.context import AppContext
from wiring.mail import mail_leaves, mail_rules, site_of, transport_of
from wiring.webhooks import webhook_way


def sweep_deadlines(app: AppContext) -> SweepResult:
    """Open the steps whose day has come, then note what is due soon or overdue and put reminders into the outbox; tell of units
    that nobody can reach.

    First of all units are brought to where they stand today, dates go where the calendar says and workflows follow their plan, if any of
    these was changed and that is not through.
    """
    now, calendar = app.now(), app.calendar()
    settle_units(app.db, now=now)
    settle(app.db, now=now, calendar=calendar)
    settle_amendments(app.db, now=now, calendar=calendar)
    open_all_due(app.db, now=now, calendar=calendar)
    watch_units(app.db, now=now)
    result = sweep(app.db, now=now, calendar=calendar)
    beat(app.db, SWEEP, now)
    return result


def open_what_is_due(app: AppContext) -> list[int]:
    """Create the workflows of cycles that open, and sweep; the ids of the new workflows."""
    made = open_cycles(app.db, now=app.now(), calendar=app.calendar())
    sweep_deadlines(app)
    return made


def deliver_messages(app: AppContext) -> DeliverySummary:
    """Post what is new to the inboxes, make messages of the notices that may leave now, and send what may leave now; without a mail server
    they are kept.
    """
    now, rules = app.now(), mail_rules(app.settings, app.calendar())
    post(app.db, now=now)
    expand(app.db, now=now, hours=rules.hours, site=rules.site)
    if mail_leaves(app.settings, simulated=app.simulated):
        transport = transport_of(app.settings, simulated=app.simulated)
        summary = deliver(app.db, now=now, transport=transport, rules=rules, stopping=app.stopping)
    else:
        summary = keep(app.db)
    tell_webhooks(app)
    if not summary.unreachable:
        beat(app.db, DELIVER, now)
    return summary


def tell_webhooks(app: AppContext) -> WebhookSummary:
    """Make events of what has happened for the webhooks that subscribe to it, and send what may leave now; at any hour, for programs."""
    now = app.now()
    collect(app.db, now=now, source=app.settings.public_url)
    return deliver_webhooks(app.db, now=now, way=webhook_way(app.settings)) if webhooks_wait(app.db, now=now) else WebhookSummary()


def gather_and_deliver(app: AppContext) -> DeliverySummary:
    """Gather the day's reminders into one mail a person, once a day, make the briefs of supervisors, then send.

    It sweeps first: rungs fall at the very minute at which the day's mail is gathered, and must not wait for the next one.
    """
    sweep_deadlines(app)
    rules = mail_rules(app.settings, app.calendar())
    gather(app.db, now=app.now(), hours=rules.hours, site=rules.site)
    send_briefs(app.db, now=app.now(), hours=rules.hours, site=rules.site)
    return deliver_messages(app)


def mail_waits(app: AppContext) -> bool:
    """Whether `deliver_messages` would find anything to do now."""
    now = app.now()
    hours, leaves = mail_rules(app.settings, app.calendar()).hours, mail_leaves(app.settings, simulated=app.simulated)
    return mail_is_due(app.db, now=now, hours=hours, leaves=leaves) or webhooks_wait(app.db, now=now)


def anchor_journal(app: AppContext) -> Anchor | None:
    """Anchor what the journal has got since the last anchor, and mail that to the auditors; None if there is nothing new."""
    now = app.now()
    found = take_anchor(app.db, now=now, site=site_of(app.settings))
    beat(app.db, ANCHOR, now)
    return found


def back_up(app: AppContext) -> Backup | None:
    """The day's backup, and the end of the oldest ones; None if the day has one. Before it, files that nobody speaks of go.

    Nights are also when the database sees how it has grown.
    """
    settings, now = app.settings, app.now()
    app.db.gather_statistics()
    sweep_orphans(app.db, settings.attachments_folder, at=now.system)
    made = daily_backup(app.db, settings.data, settings.backups, keep=settings.backup_keep, at=now.system)
    beat(app.db, BACKUP, now)
    return made
