"""An office's units and people, copied into an empty database for trying something out. No password and no secret goes along."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select

from models.tables import account, group_member, membership, unit, unit_name


def copy_office(source: Connection, target: Connection) -> None:
    """Copy units with their names and groups, and accounts without passwords."""
    units = {row["code"]: dict(row) for row in source.execute(select(unit)).mappings()}
    added: set[str] = set()
    while len(added) < len(units):  # a parent before its children
        ready = [row for code, row in units.items() if code not in added and (row["parent"] is None or row["parent"] in added)]
        _add(target, unit, ready)
        added |= {row["code"] for row in ready}
    for table in (unit_name, group_member):
        _add(target, table, [dict(row) for row in source.execute(select(table)).mappings()])
    people = [{**row, "password_hash": ""} for row in source.execute(select(account)).mappings()]
    _add(target, account, people)


def copy_places(source: Connection, target: Connection) -> None:
    """Copy who works where, as far as ``target`` has the units."""
    known = set(target.execute(select(unit.c.code)).scalars())
    _add(target, membership, [dict(row) for row in source.execute(select(membership)).mappings() if row["unit"] in known])


def _add(target: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        target.execute(insert(table), rows)
