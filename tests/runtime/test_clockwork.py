"""Moving the simulated clock lives through every morning and evening in between."""

import threading
from datetime import date
from itertools import pairwise

import pytest

from engine.instants import LOCAL, at_local
from notifications.keys import digest_key
from runtime import clockwork
from runtime.clockwork import Clockwork, Duty, live_through, moments
from services import clock
from tests.factories import CALENDAR
from tests.services.mailing import Mailing
from wiring.clock import system_now
from wiring.context import AppContext
from wiring.settings import Settings

MONDAY = at_local(date(2024, 7, 15), 8)


def local(moment):
    return f"{moment.at.astimezone(LOCAL):%d %H:%M}", moment.duty


def test_one_day_from_eight_to_eight():
    found = [local(moment) for moment in moments(MONDAY, at_local(date(2024, 7, 16), 8))]

    assert found == [
        ("15 18:00", Duty.SWEEP),
        ("16 00:05", Duty.OPEN),
        ("16 00:30", Duty.ANCHOR),
        ("16 07:30", Duty.DIGEST),
        ("16 08:00", Duty.SEND),
    ]


def test_a_month_leaves_no_day_out():
    found = list(moments(MONDAY, at_local(date(2024, 8, 15), 8)))

    assert sum(moment.duty is Duty.OPEN for moment in found) == 31
    assert all(earlier.at < later.at for earlier, later in pairwise(found))


def test_what_is_left_of_a_stopped_advance_is_the_rest():
    target = at_local(date(2024, 7, 20), 8)
    whole = list(moments(MONDAY, target))

    assert list(moments(whole[4].at, target)) == whole[5:]


@pytest.fixture
def app(sqlite, tmp_path):
    clock.start(sqlite, MONDAY)
    settings = Settings(_env_file=None, data=tmp_path)
    now = lambda: clock.now_of(sqlite, system=system_now(), simulated=True)  # noqa: E731
    return AppContext(settings, sqlite, now, lambda: CALENDAR, simulated=True)


@pytest.fixture
def lived(monkeypatch):
    """The duties done, with the business instant at which they were."""
    done = []
    for duty in Duty:
        monkeypatch.setitem(clockwork.DUTIES, duty, lambda app, duty=duty: done.append((duty, app.now().business)))
    return done


def test_the_clock_stands_where_the_duty_is_done(app, lived):
    target = at_local(date(2024, 7, 16), 8)

    for moment in moments(MONDAY, target):
        live_through(app, moment)

    assert lived == [(moment.duty, moment.at) for moment in moments(MONDAY, target)]
    assert clock.target(app.db) is None


def test_an_advance_tells_when_it_has_arrived(app, lived):
    arrived = []
    clock.set_target(app.db, at_local(date(2024, 7, 22), 8))

    Clockwork(app, threading.Event(), lambda: arrived.append(app.now().today)).advance(at_local(date(2024, 7, 22), 8))

    assert arrived == [date(2024, 7, 22)]


def test_a_duty_that_fails_is_done_again_before_the_clock_goes_on(app, lived, monkeypatch):
    monkeypatch.setattr(clockwork, "TRY_AGAIN_S", 0)
    failures = iter([True, True, False, False])
    done = clockwork.DUTIES[Duty.SWEEP]

    def sometimes(app):
        if next(failures):
            raise OSError("disk full")
        return done(app)

    monkeypatch.setitem(clockwork.DUTIES, Duty.SWEEP, sometimes)
    Clockwork(app, threading.Event(), lambda: None).advance(at_local(date(2024, 7, 16), 8))

    assert [duty for duty, _ in lived] == [Duty.SWEEP, Duty.OPEN, Duty.ANCHOR, Duty.DIGEST, Duty.SEND]


def test_the_mail_of_the_due_day_itself_says_so(sqlite, tmp_path):
    due_day = date(2024, 7, 31)
    mailing = Mailing(sqlite)
    mailing.morning(date(2024, 7, 30))
    start, target = at_local(date(2024, 7, 30), 10), at_local(due_day, 8)
    clock.start(sqlite, start)
    settings = Settings(_env_file=None, data=tmp_path)
    now = lambda: clock.now_of(sqlite, system=system_now(), simulated=True)  # noqa: E731
    app = AppContext(settings, sqlite, now, lambda: CALENDAR, simulated=True)

    Clockwork(app, threading.Event(), lambda: None).advance(target)

    (mail,) = mailing.messages(key=digest_key(202, due_day))
    assert [(i["rung"], i["days"]) for i in mail["data"]["items"]] == [("D", 0)]
    assert mail["subject"] == "31/07/2024: 1 việc sắp đến hạn"
