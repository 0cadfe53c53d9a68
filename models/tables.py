"""Every table under a short name, for queries written as SQLAlchemy Core statements."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlmodel import SQLModel

from models.accounts import Account, Deputy, Feed, MembershipRow, Preference, SignIn, UnreachableUnit
from models.amendments import Amendment
from models.base import metadata
from models.credentials import ApiToken, Identity, RecoveryCode, SecondFactor, SignInChallenge
from models.journal import JournalEntry, JournalStream
from models.notices import Delivery, InboxEntry, Message, MessageNotice, Notice
from models.office import CalendarChange, CalendarDay, ClockRow, Heartbeat
from models.password_links import PasswordLink
from models.plans import KeyTask, Plan, PlanVersion
from models.proposals import PriorResult, Proposed
from models.purges import Purge
from models.steps import Attachment, Deadline, Round, Step
from models.throttles import Throttle
from models.units import GroupMember, Unit, UnitChangeRow, UnitNameRow, UnitSuccession
from models.webhooks import Webhook, WebhookMark, WebhookMessage
from models.workflows import AssignmentRow, Participation, Workflow


def _table(model: type[SQLModel]) -> Table:
    found: Any = vars(model)["__table__"]
    assert isinstance(found, Table)
    return found


account, membership, sign_in = _table(Account), _table(MembershipRow), _table(SignIn)
api_token, identity = _table(ApiToken), _table(Identity)
recovery_code, second_factor, sign_in_challenge = _table(RecoveryCode), _table(SecondFactor), _table(SignInChallenge)
journal_entry, journal_stream = _table(JournalEntry), _table(JournalStream)
deputy, unreachable_unit = _table(Deputy), _table(UnreachableUnit)
feed, inbox_entry, preference = _table(Feed), _table(InboxEntry), _table(Preference)
delivery, message, message_notice, notice = _table(Delivery), _table(Message), _table(MessageNotice), _table(Notice)
calendar_change, calendar_day, clock = _table(CalendarChange), _table(CalendarDay), _table(ClockRow)
heartbeat = _table(Heartbeat)
amendment = _table(Amendment)
prior_result, proposed = _table(PriorResult), _table(Proposed)
key_task, plan, plan_version = _table(KeyTask), _table(Plan), _table(PlanVersion)
attachment, deadline, round_, step = _table(Attachment), _table(Deadline), _table(Round), _table(Step)
purge = _table(Purge)
password_link, throttle = _table(PasswordLink), _table(Throttle)
group_member, unit, unit_name = _table(GroupMember), _table(Unit), _table(UnitNameRow)
assignment, participation, workflow = _table(AssignmentRow), _table(Participation), _table(Workflow)
unit_change, unit_succession = _table(UnitChangeRow), _table(UnitSuccession)
webhook, webhook_mark, webhook_message = _table(Webhook), _table(WebhookMark), _table(WebhookMessage)

__all__ = ["metadata"]
