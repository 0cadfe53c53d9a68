"""Finding workflows, steps and documents by what they are called; only what the reader may know of."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, String, and_, case, cast, exists, false, func, or_, select, tuple_

from engine.access import Actor
from models.reading.accounts import works
from models.reading.lines import StepRow, fetch, step_lines
from models.reading.marks import UNFINISHED
from models.tables import account, attachment, membership, round_, step, workflow
from models.visible import STEPS_OF_WORKFLOWS, in_full, visible


@dataclass(frozen=True, slots=True)
class Word:
    """Where one word was found: ``steps`` as (key task, workflow, step), ``units``; ``text`` itself is looked for in cycles."""

    text: str
    steps: frozenset[tuple[str, str, str]] = frozenset()
    units: frozenset[str] = frozenset()


def definitions(connection: Connection, actor: Actor) -> Sequence[Row[Any]]:
    """(version_id, key_task, code) of every definition by which a workflow runs that ``actor`` may know of."""
    query = select(workflow.c.version_id, workflow.c.key_task, workflow.c.code).distinct()
    return connection.execute(visible(query, actor)).all()


def steps(connection: Connection, actor: Actor, words: Sequence[Word], *, limit: int, offset: int) -> tuple[StepRow, ...]:
    """Steps in which every word was found: unfinished ones, what is late the longest first; then the others, the latest first."""
    query = step_lines(actor).where(*(_found(word, actor) for word in words))
    on = func.coalesce(step.c.due_on, step.c.planned_on)
    first = (case((UNFINISHED, 0), else_=1), case((UNFINISHED, on)).asc().nulls_last())
    ordered = query.order_by(*first, on.desc().nulls_last(), step.c.id)
    return fetch(connection, ordered.limit(limit).offset(offset))


def how_many_steps(connection: Connection, actor: Actor, words: Sequence[Word]) -> int:
    """How many steps `steps` gives without a limit."""
    query = select(func.count()).select_from(step.join(workflow, workflow.c.id == step.c.workflow_id))
    return int(connection.execute(visible(query.where(*(_found(word, actor) for word in words)), actor)).scalar_one())


def with_document(connection: Connection, actor: Actor, text: str, *, limit: int) -> tuple[StepRow, ...]:
    """Steps with a document whose number holds ``text`` (ASCII letters in any case), read in full by ``actor``; the latest first."""
    pattern = f'%"number": "%{_escaped(text, ascii_only=connection.dialect.name == "sqlite")}%'
    has = exists().where(round_.c.step_id == step.c.id, cast(round_.c.body, String).ilike(pattern, escape="\\"))
    return fetch(connection, step_lines(actor).where(in_full(actor), has).order_by(step.c.id.desc()).limit(limit))


def people(connection: Connection, words: Sequence[str], units: Collection[str] | None, today: date) -> Sequence[Row[Any]]:
    """(id, login, name, title, unit) of who works here on ``today`` and whose name holds every word, once for each of their units; of
    ``units`` alone, if given. ``words`` are folded."""
    columns = (account.c.id, account.c.login, account.c.name, account.c.title, membership.c.unit)
    query = select(*columns).outerjoin(membership, membership.c.account_id == account.c.id).where(works(today))
    query = query.where(*(or_(_holds(account.c.folded, word), _holds(account.c.login, word)) for word in words))
    if units is not None:
        query = query.where(membership.c.unit.in_(sorted(units)))
    return connection.execute(query.order_by(account.c.folded, account.c.id, membership.c.unit)).all()


def files(connection: Connection, actor: Actor, words: Sequence[str], *, limit: int) -> tuple[list[tuple[StepRow, int, str]], int]:
    """(step, id, name) of the files whose name holds every word, the latest first, and how many there are; of steps that ``actor`` reads in
    full, and none of confidential work: its names stand on its own pages alone."""
    narrow = select(attachment.c.id, attachment.c.step_id, attachment.c.name, func.count().over().label("total"))
    narrow = narrow.where(*(_holds(attachment.c.folded, word) for word in words))  # of a purged file nothing stands there any more
    open_work = STEPS_OF_WORKFLOWS.select().where(step.c.id == attachment.c.step_id, workflow.c.confidential == false())
    narrow = visible(narrow.where(open_work.with_only_columns(step.c.id).correlate(attachment).exists()), actor)
    narrow = narrow.order_by(attachment.c.id.desc()).limit(limit)
    file = narrow.subquery("file")  # of the many that are counted only the few that are shown are read as lines
    query = step_lines(actor).add_columns(file.c.id, file.c.name, file.c.total).join(file, file.c.step_id == step.c.id)
    rows = connection.execute(query.order_by(file.c.id.desc())).all()
    return [(StepRow._make(row[:-3]), int(row[-3]), str(row[-2])) for row in rows], int(rows[0][-1]) if rows else 0


def _holds(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    return column.contains(word, autoescape=True)


def _found(word: Word, actor: Actor) -> ColumnElement[bool]:
    """A title of confidential work is found only by who may read it in full: a hit would tell what it is."""
    places: list[ColumnElement[bool]] = [workflow.c.cycle.contains(word.text, autoescape=True)]
    if word.steps:
        titled = tuple_(workflow.c.key_task, workflow.c.code, step.c.code).in_(sorted(word.steps))
        places.append(and_(titled, or_(workflow.c.confidential == false(), in_full(actor))))
    if word.units:
        places.append(step.c.lead.in_(sorted(word.units)))
    return or_(*places)


def _escaped(text: str, *, ascii_only: bool) -> str:
    """``text`` for LIKE as the stored JSON holds it: SQLite's has ASCII alone, PostgreSQL's every letter as it is."""
    written = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
    for special in ("\\", "%", "_"):
        written = written.replace(special, f"\\{special}")
    return written
