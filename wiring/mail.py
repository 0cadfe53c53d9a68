"""Which way mail goes: a real server where one is set, in the demonstration the small mailbox, else none, and mail is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.calendar import WorkCalendar
from notifications.channels.email import Email, Server
from notifications.channels.transport import NoWayOut, Transport
from notifications.hours import OfficeHours
from notifications.mailbox import Mailbox
from notifications.render import Site
from services.deliver import MailRules
from wiring.secret_key import secret_key
from wiring.settings import Settings

LOOPBACK = "127.0.0.1"


def mailbox_folder(settings: Settings) -> Path:
    """Where the small mailbox keeps its mails and the number of its port."""
    return settings.data / "mailbox"


def mailbox_of(settings: Settings) -> Mailbox:
    """The small mailbox, for reading."""
    return Mailbox(mailbox_folder(settings))


def site_of(settings: Settings) -> Site:
    """Where links in mails lead, and who sends them."""
    return Site(settings.public_url, settings.smtp_from)


def sealing_site(settings: Settings) -> Site:
    """`site_of` with the office's key, which makes links whole that open an account: for what sends them, never for a page that shows a
    mail."""
    return replace(site_of(settings), seal=secret_key(settings))


def mail_leaves(settings: Settings, *, simulated: bool) -> bool:
    """Whether mail reaches people: by a server, or into the mailbox that everybody sees in the demonstration."""
    return bool(settings.smtp_host) or simulated


def mail_rules(settings: Settings, calendar: WorkCalendar) -> MailRules:
    """Hours, pace and what is done about a lost acknowledgement."""
    hours = OfficeHours(calendar, settings.quiet_from, settings.quiet_to)
    return MailRules(hours, sealing_site(settings), settings.smtp_rate, settings.resend_ambiguous)


def transport_of(settings: Settings, *, simulated: bool) -> Transport:
    """The way out; none without a server or, in the demonstration, the small mailbox: what reaches nobody is not sent."""
    if not mail_leaves(settings, simulated=simulated):
        return NoWayOut("no mail server is set", "no-server")
    if not settings.smtp_host:
        port = settings.mailbox_port or _port_in(mailbox_folder(settings))
        if port is None:
            return NoWayOut("the small mailbox is not running")
        return Email(Server(LOOPBACK, port, sender=settings.smtp_from, timeout=settings.smtp_timeout))
    return Email(
        Server(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_security.value,
            settings.smtp_user,
            settings.smtp_password.get_secret_value(),
            settings.smtp_from,
            settings.smtp_ca_file,
            settings.smtp_timeout,
        )
    )


def _port_in(folder: Path) -> int | None:
    try:
        return int((folder / "port").read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None
