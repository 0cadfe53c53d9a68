"""A year of Plan 222 lived through pages, real mail and the duties of the clock; whoever has no part in the story works on time.

What people do in the story goes through the pages, as forms in a browser; the hundreds of others act through the same services. Mail
goes by SMTP to a real mailbox. Each scene of the story is written down: when, who, what they did, what they saw.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from fastapi import FastAPI
from sqlalchemy import RowMapping, select

from engine.access import SYSTEM, Actor
from engine.action_words import WORDS
from engine.calendar import WorkCalendar
from engine.definition import PlanDefinition
from engine.instants import Now, at_local, local_day
from engine.statuses import UNFINISHED
from models.database import Database, sqlite_url
from models.migrate import upgrade
from models.tables import step, unit, workflow
from plans.reader import read_pack
from runtime.clockwork import live_through, moments
from runtime.mailbox import MailboxServer
from services import clock
from services.accounts import everyone
from services.act import act
from services.definitions import workflow_of
from services.publish import publish
from services.queries.counts import overdue_count
from services.working_days import keep_calendar, office_calendar
from simulation import papers
from simulation.people import Staff, employ
from tasks.duties import open_what_is_due
from tests.browser.conftest import chromium_path
from tests.journeys.hands import Hands, hands
from tests.web.office import Browser, text_of, words
from web.app import create_app
from wiring.calendar import proposed_days
from wiring.clock import system_now
from wiring.context import AppContext
from wiring.mail import mailbox_folder
from wiring.settings import CHECKOUT, Settings

PACK = CHECKOUT / "plans" / "222-kh-ubnd"
WORKING = ("open", "in-progress", "returned")
Key = tuple[str, str, str, str, str]  # key task, workflow, cycle, step, slot
STEP_KEY = (workflow.c.key_task, workflow.c.code, workflow.c.cycle, step.c.code, step.c.slot)


@dataclass(frozen=True, slots=True)
class Scene:
    """One thing that happened. ``saw``: words that stood on the page or in the mail, or that were typed, word for word."""

    chapter: str
    day: date
    who: str
    did: str
    saw: tuple[str, ...]


@dataclass
class Year:
    """``reserved``: steps that belong to the story, by key; nobody else touches them. ``scenes``: what is told of them.

    ``hands``: real browsers; without them forms are filled in and sent as a browser would.
    """

    db: Database
    context: AppContext
    folder: Path
    definition: PlanDefinition
    staff: Staff
    calendar: WorkCalendar
    reserved: set[Key] = field(default_factory=set)
    scenes: list[Scene] = field(default_factory=list)
    chapter: str = ""
    runner: asyncio.Runner = field(default_factory=asyncio.Runner)
    server: MailboxServer = field(init=False)
    app: FastAPI = field(init=False)
    hands: Hands | None = None

    def __post_init__(self) -> None:
        self.app = create_app(self.context)
        self.browsers: dict[str, Browser] = {}
        self.rng = Random(222)

    # ── time ─────────────────────────────────────────────────────────────────

    @property
    def now(self) -> Now:
        """The simulated present."""
        return self.context.now()

    @property
    def day(self) -> date:
        """The local day."""
        return local_day(self.now.business)

    def until(self, day: date, hour: int = 9) -> None:
        """Live to a local day and hour: everything that time brings, and on working days everybody outside the story at ten."""
        target = at_local(day, hour)
        while self.now.business < target:
            noon = at_local(self.day, 10)
            following = noon if self.now.business < noon else at_local(self.day + timedelta(days=1), 10)
            for moment in moments(self.now.business, min(following, target)):
                live_through(self.context, moment)
            if self.now.business == following and self.calendar.is_working(self.day):
                self._everybody_works()

    def _everybody_works(self) -> None:
        self.staff = Staff([person.actor for person in everyone(self.db, self.day)])
        now = self.now
        for row in self._due_steps():
            if tuple(row[c.name if c.table is step else f"of_{c.name}"] for c in STEP_KEY) not in self.reserved:
                self._work_on(row, now)

    def _due_steps(self) -> list[RowMapping]:
        """What somebody has to do by now: hand in three working days before the date, decide a day after."""
        columns = [
            *step.c,
            *(c.label(f"of_{c.name}") for c in (workflow.c.key_task, workflow.c.code, workflow.c.cycle, workflow.c.version_id)),
        ]
        query = select(*columns).join_from(step, workflow).where(step.c.status.in_((*WORKING, "submitted"))).order_by(step.c.id)
        with self.db.read() as connection:
            return list(connection.execute(query).mappings())

    def _work_on(self, row: RowMapping, now: Now) -> None:
        today = now.today
        if row["status"] == "submitted":
            if row["submitted_on"] < today:
                self._decide(row, now)
        elif row["due_on"] is None or self.calendar.add(row["due_on"], -3) <= today:
            with self.db.read() as connection:
                row_of = {name: row[f"of_{name}"] for name in ("version_id", "key_task", "code")}
                definition = workflow_of(connection, row_of).steps[row["code"]]
            self._act(self.staff.officer(row["lead"]), row["id"], "submit", papers.submission(self.rng, definition, today), now)

    def _decide(self, row: RowMapping, now: Now) -> None:
        """Somebody whose turn it is approves: of the unit that holds the clock, not whoever handed in."""
        who = self.staff.other_than(row["clock_holder"], {row["submitted_by"]})
        self._act(who, row["id"], "approve", {"round": row["round"], "link": row["link"]}, now)

    def _act(self, actor: Actor, step_id: int, action: str, payload: dict[str, Any], now: Now) -> None:
        act(self.db, actor=actor, step_id=step_id, action=action, payload=payload, now=now, calendar=self.calendar)

    # ── people ───────────────────────────────────────────────────────────────

    def browser(self, login: str) -> Browser:
        """The browser of a person, signed in; the same one all year, for as long as its session lasts."""
        if login not in self.browsers:
            self.browsers[login] = Browser(self, {})
        browser = self.browsers[login]
        if browser.get("/api/v1/session").status_code != 200:
            assert browser.post("/sign-in", account=login).status_code == 303, login
        return browser

    def step_id(self, *key: str) -> int:
        """The id of a step by its key."""
        query = select(step.c.id).join_from(step, workflow).where(*(c == value for c, value in zip(STEP_KEY, key, strict=True)))
        with self.db.read() as connection:
            return int(connection.execute(query).scalar_one())

    def row(self, step_id: int) -> RowMapping:
        """A step as it is stored."""
        with self.db.read() as connection:
            return connection.execute(select(step).where(step.c.id == step_id)).mappings().one()

    def do(self, login: str, step_id: int, action: str, *, files: Any = None, **fields: str) -> None:
        """Fill in an action's form on the step's page and send it: in a real browser where there is one."""
        browser = self.browser(login)
        if self.hands:
            self.hands.act(login, step_id, action, files, fields)
        else:
            answer = browser.act(step_id, action, files=files, **fields)
            assert answer.status_code == 303, words(answer)[:1500]
        typed = tuple(value for value in fields.values() if value)
        self.scenes.append(Scene(self.chapter, self.day, login, f"“{WORDS[action][0].vi}” on the page of the step", typed))

    def begin(self, chapter: Callable[[Year], None]) -> None:
        """A new chapter, told in its own words."""
        self.chapter = str(chapter.__doc__)

    def scene(self, login: str, did: str, page: str, *saw: str) -> None:
        """Write down what ``login`` did, and that ``page`` then shows every one of ``saw`` to them."""
        browser = self.browser(login)
        shown = text_of(self.hands.look(login, page)) if self.hands else words(browser.get(page))
        self.told(login, did, shown, *saw)

    def leaves_open(self, login: str, page: str) -> None:
        """``login`` opens a page and leaves it open; nothing where there is no real browser."""
        self.browser(login)
        if self.hands:
            self.hands.leave_open(login, page)

    def follows(self, login: str, did: str, saw: str) -> None:
        """The page that ``login`` left open shows ``saw`` by itself."""
        if self.hands:
            self.hands.follows(login, saw)
        self.scenes.append(Scene(self.chapter, self.day, login, did, (saw,)))

    def told(self, login: str, did: str, shown: str, *saw: str) -> None:
        """Write a scene down whose page or mail is at hand."""
        missing = [text for text in saw if text not in shown]
        assert not missing, f"{self.day} {login}: {missing} not in: {shown[:3000]}"
        self.scenes.append(Scene(self.chapter, self.day, login, did, saw))

    def counted(self) -> dict[str, int]:
        """How many steps of the whole plan stand in which status."""
        with self.db.read() as connection:
            return dict(Counter(connection.execute(select(step.c.status)).scalars()))

    def overdue_in_all(self) -> int:
        """How many steps are overdue, as the navigation of a supervisor says."""
        return overdue_count(self.db, self.staff.supervisors[0], self.now)

    def leads_that_ended(self) -> list[tuple[int, str]]:
        """Unfinished steps whose lead unit has ended."""
        query = select(step.c.id, step.c.lead).join(unit, unit.c.code == step.c.lead)
        gone = (unit.c.ends_on <= self.day, step.c.status.in_(sorted(UNFINISHED)))
        with self.db.read() as connection:
            return [(row.id, row.lead) for row in connection.execute(query.where(*gone))]

    def mails(self, login: str, since: date | None = None) -> list[str]:
        """The mails that somebody got, newest first, as "subject: text"; ``since``: dated on or after that local day."""
        box = self.server.mailbox
        box._headers.clear()
        found = []
        for header in box.page(limit=100_000, to=f"{login}@"):
            if since is None or (header.date is not None and local_day(header.date) >= since):
                found.append(f"{header.subject}: {box.read(header.id).text}")
        return found


@contextmanager
def year(folder: Path, publish_on: datetime, change: Callable[[PlanDefinition], PlanDefinition] = lambda plan: plan) -> Iterator[Year]:
    """Plan 222, perhaps changed, published at an instant in an office that has just been set up."""
    settings = Settings(_env_file=None, data=folder)
    db = Database(sqlite_url(folder / "dondoc.sqlite"), durable=False)
    upgrade(db)
    clock.start(db, publish_on)
    now = Now(publish_on, publish_on)
    keep_calendar(db, proposed_days, now=now)
    definition = change(read_pack(PACK))
    publish(db, definition, now=now, actor=SYSTEM)
    context = AppContext(
        settings, db, lambda: clock.now_of(db, system=system_now(), simulated=True), lambda: office_calendar(db, proposed_days), True
    )
    found = Year(db, context, folder, definition, employ(db, definition, local_day(publish_on)), office_calendar(db, proposed_days))
    with MailboxServer(mailbox_folder(settings)) as server, ExitStack() as stack:
        found.server = server
        open_what_is_due(context)
        if chromium_path():
            found.hands = stack.enter_context(hands(found, lambda login: dict(found.browsers[login].client.cookies)))
        try:
            yield found
        finally:
            found.runner.close()
            db.close()


def tracked_from(day: date) -> Callable[[PlanDefinition], PlanDefinition]:
    """The same plan, followed here from ``day`` on only."""
    return lambda plan: replace(plan, tracked_from=day)
