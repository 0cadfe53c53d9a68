"""Accounts from a spreadsheet: all or nothing, every problem at its cell, the same file again makes nothing twice."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from benchmarks.counting import counted
from engine.access import SYSTEM
from engine.errors import Invalid, Refused
from models.database import Database
from models.tables import account, membership
from services.accounts import everyone
from services.import_accounts import Imported, account_template, import_accounts
from services.password_links import set_by_code
from services.sheets import read_sheet
from tests.services.test_invitations import ADMINISTRATOR, HEAD, actions, office
from tests.services.test_password_links import CHOSEN, HERE, SITE, later, tokens

__all__ = ["office"]
HEAD_ROW = "Tên đăng nhập;Họ tên;Chức danh;Địa chỉ thư;Mã đơn vị;Vai trò;Quyền chung"
TWO = f"""{HEAD_ROW}
dau-moi;Nguyễn Văn Đầu;Chuyên viên;dau-moi@example.vn;loc-ninh;cán bộ;
chi-huy;Trần Thị Chỉ;;;loc-ninh;LÃNH ĐẠO;giám sát; cơ quan thường trực
trong;;;;loc-ninh;cán bộ;
"""


def taken(db: Database, text: str, *, invites: bool = False, keep: bool = True) -> Imported:
    return import_accounts(db, ADMINISTRATOR, text.encode(), now=later(), site=SITE, invites=invites, keep=keep)


def accounts(db: Database) -> int:
    with db.read() as connection:
        return int(connection.execute(select(func.count()).select_from(account)).scalar_one())


def test_rows_with_a_name_become_accounts_with_their_place_and_roles(office: Database):
    text = TWO.replace("giám sát; cơ quan thường trực", '"giám sát; cơ quan thường trực"')
    found = taken(office, text)
    assert (found.made, found.known, found.problems, found.invited) == (("dau-moi", "chi-huy"), (), (), ())
    people = {p.login: p for p in everyone(office)}
    assert people["dau-moi"].title == "Chuyên viên" and people["dau-moi"].actor.units == {"loc-ninh"}
    assert people["chi-huy"].actor.heads == {"loc-ninh"} and people["chi-huy"].actor.roles == {"supervisor", "agency"}
    assert actions(office) == ["create-account"] * 2
    again = taken(office, text)
    assert (again.made, again.known) == ((), ("dau-moi", "chi-huy"))
    assert actions(office) == ["create-account"] * 2


def test_looking_first_writes_nothing(office: Database):
    before = accounts(office)
    assert taken(office, TWO.replace(";giám sát; cơ quan thường trực", ";"), keep=False).made == ("dau-moi", "chi-huy")
    assert accounts(office) == before and actions(office) == []


def test_one_wrong_cell_and_nobody_is_made(office: Database):
    before = accounts(office)
    rows = (
        "dau-moi;Nguyễn Văn Đầu;;dau-moi@example.vn;loc-ninh;cán bộ;", "dau-moi;Người khác;;;loc-ninh;cán bộ;",
        "co cach;Có Cách;;;loc-ninh;;",
        "la-lung;Lạ Lùng;;khong-phai-thu;khong-co;giám đốc;vua", "quan-tri;Quản trị khác;;;;;", ";Không tên;;;;;",
    )  # fmt: skip
    found = taken(office, "\n".join((HEAD_ROW, *rows)))
    places = {problem.place.removeprefix("CSV!"): problem.text.vi for problem in found.problems}
    assert places.keys() == {"A3", "A4", "D5", "E5", "F5", "G5", "A6", "A7"}
    assert (places["A3"], places["A6"]) == ("Trùng với dòng 2.", "Tên đăng nhập này đã có.")
    assert found.made == () and accounts(office) == before and actions(office) == []
    with office.read() as connection:
        assert connection.execute(select(func.count()).where(membership.c.unit == "khong-co")).scalar_one() == 0


def test_who_has_an_address_gets_a_mail_and_who_has_none_a_code(office: Database):
    found = taken(office, TWO.replace(";giám sát; cơ quan thường trực", ";"), invites=True)
    assert [bool(one.code) for one in found.invited] == [False, True]
    assert len(tokens(office)) == 1
    set_by_code(office, {"login": "chi-huy", "code": found.invited[1].code, **CHOSEN}, caller=HERE, now=later())
    assert actions(office) == ["create-account", "invite", "create-account", "give-code", "change-password"]
    assert found.invited[1].code not in repr(found)


def test_the_template_has_every_unit_and_makes_nobody_until_it_is_filled_in(office: Database):
    template = account_template(office, later())
    rows = [row.cells for row in read_sheet(template).rows]
    assert [row[4:7] for row in rows[1:]] == [("loc-ninh", "Lộc Ninh", "cán bộ"), ("loc-ninh", "Lộc Ninh", "lãnh đạo")]
    assert import_accounts(office, SYSTEM, template, now=later(), site=None, invites=False, keep=True) == Imported()


def test_only_who_manages_everyone_and_only_a_spreadsheet(office: Database):
    with pytest.raises(Refused):
        import_accounts(office, HEAD, TWO.encode(), now=later(), site=None, invites=False, keep=True)
    with pytest.raises(Invalid):
        taken(office, "\0")
    assert [p.text.vi for p in taken(office, "Tên;Tuổi\na;1").problems][-1].startswith("Thiếu cột: Tên đăng nhập, Họ tên")


def test_who_is_known_and_which_units_there_are_is_asked_once_whatever_the_number_of_rows(office: Database):
    rows = [f"moi-{n};Người mới {n};;;loc-ninh;cán bộ;" for n in range(12)]
    with counted(office) as making:
        assert len(taken(office, "\n".join((HEAD_ROW, *rows))).made) == 12
    assert sum("FROM unit_name" in statement for statement in making.statements) == 1
    costs = []
    for some in (rows[:2], rows):
        with counted(office) as again:
            assert len(taken(office, "\n".join((HEAD_ROW, *some))).known) == len(some)
        costs.append(len(again.statements))
    assert costs == [2, 2]
