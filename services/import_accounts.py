"""Accounts from a spreadsheet: everything is checked first, and while anything is wrong nothing is written.

An account that is there already under the same name is passed over, so that a spreadsheet may grow and come again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import Connection

from engine.access import Actor
from engine.definition import Text
from engine.errors import InvalidFields
from engine.instants import Now
from models import people
from models.database import Database
from models.unit_rows import names_on
from notifications.render import Site
from services.account_sheet import HEADINGS, SPARE, AccountRow, read_accounts, template_xlsx
from services.invitations import Added, Invited, add, hand_out_first, must_manage
from services.sheet_table import CellProblem, SheetTable
from services.sheets import read_sheet
from services.unit_list import units_on


@dataclass(frozen=True, slots=True)
class Imported:
    """What a spreadsheet led to, or would lead to. ``made``: sign-in names. ``known``: were there before. ``invited``: see `Invited`."""

    made: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    problems: tuple[CellProblem, ...] = ()
    invited: tuple[Invited, ...] = field(default=(), repr=False)  # holds codes


class _Only(Exception):
    """Takes a transaction back that was only to be looked at."""


def account_template(db: Database, now: Now) -> bytes:
    """The XLSX to fill in, with every unit of today."""
    return template_xlsx([(unit.code, unit.name) for unit in units_on(db, now.today)])


def import_accounts(
    db: Database, actor: Actor, data: bytes, *, now: Now, site: Site | None, invites: bool, keep: bool
) -> Imported:  # fmt: skip
    """Make the accounts of the spreadsheet ``data``, all in one transaction; without ``keep`` only say what would be made.

    ``invites``: each gets a mail, or a code for paper where there is no ``site`` or no address. Raises Invalid where ``data`` is no
    spreadsheet, and `Refused` to whoever does not manage everyone.
    """
    must_manage(actor)
    table = SheetTable(read_sheet(data), HEADINGS, spare=SPARE)
    made: list[str] = []
    known: list[str] = []
    invited: list[Invited] = []
    try:
        with db.write() as connection:
            before, units = people.names_by_login(connection), {row.code for row in names_on(connection, now.today)}
            for found in list(read_accounts(table)):
                login = found.form["login"]
                if before.get(login) == found.form["name"]:
                    known.append(login)
                elif (added := _make(connection, actor, table, found, units, now)) is not None:
                    made.append(login)
                    if invites:
                        invited.append(hand_out_first(connection, actor, added, now=now, site=site))
            if table.problems or not keep:
                raise _Only
    except _Only:
        return Imported(() if table.problems else tuple(made), tuple(known), tuple(table.problems))
    return Imported(tuple(made), tuple(known), (), tuple(invited))


def _make(
    connection: Connection, actor: Actor, table: SheetTable, found: AccountRow, units: Collection[str], now: Now
) -> Added | None:  # fmt: skip
    """The new account; None, with problems noted at their cells, where something is wrong."""
    try:
        return add(connection, actor, found.form, now=now, units=units)
    except InvalidFields as wrong:
        for name, text in wrong.problems.items():
            hint = Text(f"{HEADINGS[name]}: {text.vi}", f"{name}: {text.en}") if name not in table.columns else text
            table.wrong(found.row, name, hint)
        return None
