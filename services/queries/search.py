"""Search across what a person may know of: units, people, key tasks, steps, document numbers and files, blind to case and accents."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from engine.access import Actor
from engine.alphabet import alphabetical
from engine.definition import Text
from engine.instants import Now
from engine.people import known_units, managed_units, manages_everyone
from engine.vietnamese import fold, words_of
from models.database import Database
from models.reading import plans as plan_sql
from models.reading import search as sql
from models.reading.lines import StepRow
from models.reading.plans import KeyTaskRow
from models.reading.search import Word
from services.definitions import workflow_of
from services.queries.lines import StepLine, step_lines
from services.queries.units import UnitLabel, UnitNames

PER_PAGE = 50
MOST_DOCUMENTS = MOST_PEOPLE = MOST_FILES = 20
LONGEST, MOST_WORDS = 200, 8  # characters and words that are looked at
SHORTEST_NUMBER = 2


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Somebody who works here. ``kept``: the viewer keeps the accounts of one of their units, or all."""

    account_id: int
    login: str
    name: str
    title: str
    units: tuple[str, ...]
    kept: bool


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of a step, by its attachment's number."""

    id: int
    name: str
    step: StepLine


@dataclass(frozen=True, slots=True)
class SearchPage:
    """``asked`` as typed. ``steps``: page ``number`` of ``pages``, of ``total``. ``documents``: steps by a document's number.

    Of people and files the first are shown, of all that were found.
    """

    asked: str
    units: tuple[UnitLabel, ...] = ()
    key_tasks: tuple[KeyTaskRow, ...] = ()
    steps: tuple[StepLine, ...] = ()
    documents: tuple[StepLine, ...] = ()
    people: tuple[FoundPerson, ...] = ()
    files: tuple[FoundFile, ...] = ()
    all_people: int = 0
    all_files: int = 0
    total: int = 0
    number: int = 1
    pages: int = 1

    @property
    def empty(self) -> bool:
        """Whether nothing was found."""
        return not (self.units or self.key_tasks or self.steps or self.documents or self.people or self.files)


def search_page(db: Database, viewer: Actor, now: Now, asked: str, names: UnitNames, *, number: int = 1) -> SearchPage:
    """What ``viewer`` may know of that holds every word of ``asked``. Nothing is found by nothing."""
    asked = "".join(c for c in unicodedata.normalize("NFC", asked) if c.isprintable()).strip()[:LONGEST]
    words = words_of(asked)[:MOST_WORDS]
    if not words:
        return SearchPage(asked)
    held = (label for label in names.labels.values() if _holds(words, label.code, *both(label.name), *both(label.short)))
    units = tuple(sorted(held, key=lambda label: alphabetical(label.name.vi)))
    with db.read() as connection:
        key_tasks = tuple(row for row in plan_sql.every_key_task(connection, viewer) if _holds(words, row.code, *both(row.title)))
        found = _places(connection, viewer, words, names)
        rows, total, number, pages = _steps(connection, viewer, found, max(number, 1))
        numbered = sql.with_document(connection, viewer, asked, limit=MOST_DOCUMENTS) if len(asked) >= SHORTEST_NUMBER else ()
        steps, documents = step_lines(connection, rows, now), step_lines(connection, numbered, now)
        people, all_people = _people(connection, viewer, words, now)
        holding, all_files = sql.files(connection, viewer, words, limit=MOST_FILES)
        lines = step_lines(connection, [row for row, _, _ in holding], now)
    files = tuple(FoundFile(id_, name, line) for (_, id_, name), line in zip(holding, lines, strict=True))
    return SearchPage(
        asked, units, key_tasks, steps, documents, people, files, all_people, all_files, total, number, pages
    )  # fmt: skip


def _steps(connection: Connection, viewer: Actor, found: list[Word], number: int) -> tuple[tuple[StepRow, ...], int, int, int]:
    """The steps of page ``number``, how many there are in all, the page's number (the last one where there are fewer), and how many pages.

    What stands on one page is counted by itself.
    """
    rows = sql.steps(connection, viewer, found, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
    if number == 1 and len(rows) < PER_PAGE:
        return rows, len(rows), 1, 1
    total = sql.how_many_steps(connection, viewer, found)
    pages = max(1, -(-total // PER_PAGE))
    if number > pages:
        return sql.steps(connection, viewer, found, limit=PER_PAGE, offset=(pages - 1) * PER_PAGE), total, pages, pages
    return rows, total, number, pages


def _people(connection: Connection, viewer: Actor, words: Sequence[str], now: Now) -> tuple[tuple[FoundPerson, ...], int]:
    """The first of those whom ``viewer`` may look up, by name, who is called so before who is by chance, and how many there are."""
    units = known_units(viewer)
    if units is not None and not units:
        return (), 0
    grouped: dict[int, list[Any]] = {}
    for row in sql.people(connection, words, units, now.today):
        grouped.setdefault(row.id, []).append(row)
    ranked = sorted(grouped.values(), key=lambda own: not _begins(words, own[0]))
    first = [(not _begins(words, own[0]), _person(own, viewer)) for own in islice(ranked, MOST_PEOPLE)]
    return tuple(person for _, person in sorted(first, key=lambda one: (one[0], alphabetical(one[1].name)))), len(grouped)


def _begins(words: Iterable[str], row: Any) -> bool:
    """Whether every word begins one of somebody's: “huyen” stands in “chuyen vien” too."""
    parts = words_of(f"{row.login} {row.name} {row.title}")
    return all(any(part.startswith(word) for part in parts) for word in words)


def _person(rows: Sequence[Any], viewer: Actor) -> FoundPerson:
    first, units = rows[0], tuple(row.unit for row in rows if row.unit is not None)
    kept = manages_everyone(viewer) or not managed_units(viewer).isdisjoint(units)
    return FoundPerson(first.id, first.login, first.name, first.title, units, kept)


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
