"""People keep working while a mail server says nothing: pages answer, and an action is taken."""

from __future__ import annotations

import time
from threading import Thread

import pytest
from sqlalchemy import select, update

from models.tables import account, message
from notifications.channels.email import Email, Server
from notifications.hours import OfficeHours
from notifications.render import Site
from services.deliver import DeliverySummary, MailRules, deliver
from services.expand import expand
from tests.factories import CALENDAR, at
from tests.notifications.smtp_double import Double, Fault
from tests.web.office import Office

SILENCE = 30.0  # seconds that the server is waited for; it falls silent for good, and the test ends that
RULES = MailRules(OfficeHours(CALENDAR), Site("http://dondoc.test", "dondoc@example.vn"))


@pytest.mark.parametrize("phase", ["banner", "data", "acknowledgement"])
def test_pages_answer_and_actions_are_taken_while_the_server_hangs(office: Office, phase: str) -> None:
    with office.db.write() as connection:
        connection.execute(update(account).values(address=account.c.login + "@example.vn"))
    expand(office.db, now=at(office.day), hours=RULES.hours, site=RULES.site)
    agency, unit = office.browser("thuong-truc"), office.browser("huyen-01")
    found: list[DeliverySummary] = []
    with Double([Fault(phase, None, times=9)]) as server:
        way = Email(Server("127.0.0.1", server.port, sender="dondoc@example.vn", timeout=SILENCE))
        sending = Thread(target=lambda: found.append(deliver(office.db, now=at(office.day), transport=way, rules=RULES)))
        sending.start()
        while not server.connections:
            time.sleep(0.01)
        started = time.monotonic()
        for path in ("/", "/overview", "/overdue", "/admin/outbox"):
            assert agency.get(path).status_code == 200
        assert unit.act(office.step_id("gop-y", "huyen-01"), "accept").status_code == 303
        assert sending.is_alive() and time.monotonic() - started < SILENCE / 2  # nothing above has waited for it
    sending.join()
    assert office.plan.status("gop-y", "huyen-01") == "in-progress"
    assert sum(s.sent for s in found) == 0
    with office.db.read() as connection:
        states = set(connection.execute(select(message.c.state)).scalars())
    assert states <= {"pending", "ambiguous"}
