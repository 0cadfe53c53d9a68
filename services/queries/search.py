"""Search across what a person may know of: units, key tasks, steps and document numbers, blind to case and accents."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from engine.access import Actor
from engine.alphabet import alphabetical
from engine.definition import Text
from engine.instants import Now
from engine.vietnamese import fold, words_of
from models.database import Database
from models.reading import plans as plan_sql
from models.reading import search as sql
from models.reading.plans import KeyTaskRow
from models.reading.search import Word
from services.definitions import workflow_of
from services.queries.lines import StepLine, step_lines
from services.queries.units import UnitLabel, UnitNames

PER_PAGE = 50
MOST_DOCUMENTS = 20
LONGEST, MOST_WORDS = 200, 8  # characters and words that are looked at
SHORTEST_NUMBER = 2


@dataclass(frozen=True, slots=True)
class SearchPage:
    """``asked`` as typed. ``steps``: page ``number`` of ``pages``, of ``total``. ``documents``: steps by a document's number."""

    asked: str
    units: tuple[UnitLabel, ...] = ()
    key_tasks: tuple[KeyTaskRow, ...] = ()
    steps: tuple[StepLine, ...] = ()
    documents: tuple[StepLine, ...] = ()
    total: int = 0
    number: int = 1
    pages: int = 1

    @property
    def empty(self) -> bool:
        """Whether nothing was found."""
        return not (self.units or self.key_tasks or self.steps or self.documents)


def search_page(db: Database, viewer: Actor, now: Now, asked: str, names: UnitNames, *, number: int = 1) -> SearchPage:
    """What ``viewer`` may know of that holds every word of ``asked``. Nothing is found by nothing."""
    asked = "".join(c for c in unicodedata.normalize("NFC", asked) if c.isprintable()).strip()[:LONGEST]
    words = words_of(asked)[:MOST_WORDS]
    if not words:
        return SearchPage(asked)
    held = (label for label in names.labels.values() if _holds(words, label.code, *both(label.name), *both(label.short)))
    units = tuple(sorted(held, key=lambda label: alphabetical(label.name.vi)))
    with db.read() as connection:
        key_tasks = tuple(
            row for plan in plan_sql.plans(connection, viewer) for row in plan_sql.key_tasks(connection, viewer, plan.id)
            if _holds(words, row.code, *both(row.title))
        )  # fmt: skip
        found = _places(connection, viewer, words, names)
        total = sql.how_many_steps(connection, viewer, found)
        pages = max(1, -(-total // PER_PAGE))
        number = min(max(number, 1), pages)
        rows = sql.steps(connection, viewer, found, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
        numbered = sql.with_document(connection, viewer, asked, limit=MOST_DOCUMENTS) if len(asked) >= SHORTEST_NUMBER else ()
        steps, documents = step_lines(connection, rows, now), step_lines(connection, numbered, now)
    return SearchPage(asked, units, key_tasks, steps, documents, total, number, pages)


def _places(connection: Connection, viewer: Actor, words: Iterable[str], names: UnitNames) -> list[Word]:
    """Where each word stands: in the titles of steps with those of their workflow, in names of units."""
    titles: dict[tuple[str, str, str], str] = {}
    for row in sql.definitions(connection, viewer):
        compiled = workflow_of(connection, row._mapping)
        above = (row.key_task, *both(compiled.definition.title))
        for code, step in compiled.steps.items():
            titles[row.key_task, row.code, code] = fold(" ".join((*above, *both(step.title))))
    units = {code: fold(" ".join((*both(label.name), *both(label.short)))) for code, label in names.labels.items()}
    return [
        Word(word, frozenset(k for k, text in titles.items() if word in text), frozenset(c for c, text in units.items() if word in text))
        for word in words
    ]  # fmt: skip


def _holds(words: Iterable[str], *texts: str) -> bool:
    folded = fold(" ".join(texts))
    return all(word in folded for word in words)


def both(text: Text) -> tuple[str, str]:
    """The text in both languages."""
    return text.vi, text.en
