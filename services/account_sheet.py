"""The spreadsheet of accounts: the template that an office fills in, and reading it back as forms with every problem at its cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engine.definition import Text
from engine.people import OFFICE_ROLES, ROLES
from services.sheet_table import SheetTable, plain, workbook
from services.sheets import SheetRow

HEADINGS = {
    "login": "Tên đăng nhập", "name": "Họ tên", "title": "Chức danh", "address": "Địa chỉ thư", "unit": "Mã đơn vị",
    "unit_name": "Tên đơn vị", "role": "Vai trò", "roles": "Quyền chung",
}  # fmt: skip
SPARE = ("title", "address", "unit_name", "roles")
WIDTHS = (22, 30, 24, 32, 16, 40, 12, 26)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A row as the form of an account (see `services.invitations`)."""

    row: SheetRow
    form: dict[str, Any]


def template_xlsx(units: Sequence[tuple[str, str]]) -> bytes:
    """The template: for each of ``units`` (code, name) a row for its focal point and one for its head, names left to fill in."""
    rows = [list(HEADINGS.values())]
    for code, name in units:
        rows.append([code, "", "", "", code, name, ROLES["officer"].vi, ""])
        rows.append([f"{code}-lanh-dao", "", "", "", code, name, ROLES["head"].vi, ""])
    return workbook("Tài khoản", rows, WIDTHS)


def read_accounts(table: SheetTable) -> Iterator[AccountRow]:
    """Every row whose name is filled in: the others are the template's, and nobody is there yet. Problems stay with ``table``."""
    seen: dict[str, int] = {}
    for row in table.rows:
        if not table.text(row, "name"):
            continue
        login = table.text(row, "login")
        if login in seen:
            first = seen[login]
            table.wrong(row, "login", Text(f"Trùng với dòng {first}.", f"The same as row {first}."))
            continue
        seen[login] = row.number
        form: dict[str, Any] = {name: table.text(row, name) for name in ("login", "name", "title", "address", "unit")}
        yield AccountRow(row, form | {"role": _role(table.text(row, "role")), "roles": _roles(table.text(row, "roles"))})


def _role(text: str) -> str:
    """The code of a role in a unit, given by its word or its code; what is neither stays as it is, to be refused."""
    return _by_word(ROLES, text) if text else "officer"


def _roles(text: str) -> list[str]:
    return [_by_word(OFFICE_ROLES, part) for part in text.replace(",", ";").split(";") if part.strip()]


def _by_word(known: dict[str, Text], text: str) -> str:
    wanted = plain(text)
    return next((code for code, word in known.items() if wanted in {code, plain(word.vi), plain(word.en)}), text)
