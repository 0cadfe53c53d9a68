"""The demonstration's people."""

from datetime import date
from pathlib import Path

from plans.reader import read_pack
from simulation.people import DOMAIN, employ, parts
from tests.factories import AGENCY, festival
from tests.simulation.small import fresh, lived

PACK = Path(__file__).parents[2] / "plans" / "222-kh-ubnd"
DAY = date(2024, 7, 25)


def test_accounts_are_named_by_role_and_reachable_nowhere():
    found = {p.login: p for p in parts(read_pack(PACK), DAY)}
    assert found["loc-ninh"].name == "Đầu mối huyện Lộc Ninh"
    assert found["loc-ninh-lanh-dao"].name == "Lãnh đạo UBND huyện Lộc Ninh"
    assert found["chon-thanh"].name == "Đầu mối thị xã Chơn Thành"
    assert found["ban-chi-dao"].name == "Thư ký Ban Chỉ đạo"
    assert found["cong-an-tinh-2"].roles == ("agency",)
    assert all(p.address == f"{p.login}@{DOMAIN}" for p in found.values())


def test_every_group_of_users_is_there():
    roles = {role for p in parts(read_pack(PACK), DAY) for role in p.roles}
    assert roles == {"agency", "supervisor", "auditor", "administrator"}


def test_every_unit_has_two_people_so_that_nobody_confirms_their_own_work(tmp_path: Path):
    db = fresh(tmp_path)
    lived(db, until=None)
    staff = employ(db, festival(4), DAY)
    assert all(len(staff.of(unit.code)) >= 2 for unit in festival(4).units)
    assert all("agency" in person.roles for person in staff.of(AGENCY))
    db.close()


def test_employing_twice_adds_nobody(tmp_path: Path):
    db = fresh(tmp_path)
    lived(db)
    before = [a.account_id for a in employ(db, festival(4), DAY).of(AGENCY)]
    assert [a.account_id for a in employ(db, festival(4), DAY).of(AGENCY)] == before
    db.close()
