"""Deadlines as iCalendar (RFC 5545): each as a task with a due day and as an all-day event, so that every calendar program shows one.

The same steps give the same bytes: nothing in it depends on when it was asked for, so programs that ask every hour get "not modified".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event, Todo

from notifications.keys import DOMAIN

PRODUCT = "-//Don Doc//Deadlines//VI"
EVERY = timedelta(hours=1)
ALARM_DAYS = (3, 1)
ALARM_HOUR = timedelta(hours=8)  # an all-day entry begins at midnight; nobody wants to be woken then


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One thing that a person's units have to do. ``uid`` stays for as long as it is the same thing; ``sequence`` grows with its day.

    ``due_on``: None for a step without a date, which has no event. ``begun``: whether somebody has taken it on. ``changed_at``: aware.
    """

    uid: str
    sequence: int
    summary: str
    description: str
    url: str
    due_on: date | None
    begun: bool
    changed_at: datetime


def calendar_of(entries: Iterable[FeedEntry], name: str) -> bytes:
    """The calendar ``name`` with ``entries``, in their order."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        calendar.add_component(_todo(entry))
        if entry.due_on:
            calendar.add_component(_event(entry, entry.due_on))
    return bytes(calendar.to_ical())


def _todo(entry: FeedEntry) -> Todo:
    todo = Todo()
    _common(todo, entry, "todo")
    todo.add("status", "IN-PROCESS" if entry.begun else "NEEDS-ACTION")
    if entry.due_on:
        todo.add("due", entry.due_on)
        _alarms(todo, entry, related="END")
    return todo


def _event(entry: FeedEntry, day: date) -> Event:
    event = Event()
    _common(event, entry, "day")
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")  # a deadline does not make its day busy
    _alarms(event, entry, related="START")
    return event


def _common(component: Todo | Event, entry: FeedEntry, part: str) -> None:
    component.add("uid", f"{entry.uid}-{part}@{DOMAIN}")
    component.add("dtstamp", entry.changed_at)
    component.add("last-modified", entry.changed_at)
    component.add("sequence", entry.sequence)
    component.add("summary", entry.summary)
    component.add("description", entry.description)
    component.add("url", entry.url)


def _alarms(component: Todo | Event, entry: FeedEntry, *, related: str) -> None:
    """In the morning of the day three days before, and of the day before."""
    for days in ALARM_DAYS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", entry.summary)
        alarm.add("trigger", ALARM_HOUR - timedelta(days=days), parameters={"RELATED": related})
        component.add_component(alarm)
