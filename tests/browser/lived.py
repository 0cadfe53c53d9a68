"""The small office after a summer: steps in every status, a file, an absence, an assignment, mail that went and did not."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import update

from engine.access import Membership
from models.database import Database
from models.tables import account, message
from notifications.hours import OfficeHours
from services.accounts import create_account
from services.anchors import take_anchor
from services.expand import expand
from services.sweep import sweep
from tests.factories import CALENDAR, at
from tests.services.mailing import SITE
from tests.web.office import Browser, Office
from tests.web.test_assign import FORM as ASSIGNMENT
from tests.web.test_assign import hidden

PDF = b"%PDF-1.7\nnoi dung\n"
NUMBERED = {"evidence.kh.number": "12/KH-CAT", "evidence.kh.date": "05/06/2024"}
LATER = date(2024, 9, 20)


def lived_in(db: Database, folder: Path) -> Office:
    """The office on 20/09/2024. Raises AssertionError where somebody could not do what they did."""
    office = Office(db, folder)
    with db.write() as connection:
        connection.execute(update(account).values(address=account.c.login + "@example.vn"))
    Summer(office).pass_by()
    return office


class Summer:
    """What people did, through their pages."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.agency, self.committee, self.keeper = (office.browser(login) for login in ("thuong-truc", "ban-chi-dao", "quan-tri"))
        self.units = {n: office.browser(f"huyen-0{n}") for n in (1, 2)}
        create_account(office.db, login="huyen-03", name="Người huyen-03", memberships=[Membership("huyen-03", "head")])
        self.units[3] = office.browser("huyen-03")

    def pass_by(self) -> None:
        """June, then what time itself brings until September."""
        self.june()
        self.arrangements()
        with self.office.db.write() as connection:  # what was told so far did not arrive
            connection.execute(update(message).values(state="refused", reason="550 unknown user"))
        for day in (date(2024, 6, 20), date(2024, 7, 11), date(2024, 8, 5), date(2024, 9, 10), LATER):
            sweep(self.office.db, now=at(day), calendar=CALENDAR)
        self.office.day = self.office.plan.day = LATER
        expand(self.office.db, now=at(LATER), hours=OfficeHours(CALENDAR), site=SITE)
        take_anchor(self.office.db, now=at(LATER), site=SITE)
        self.act(self.office.browser("thuong-truc"), "chase", "gop-y", "huyen-02", text="Đề nghị gửi ngay", how="call", answer="Mai gửi")

    def june(self) -> None:
        """Steps come into every status."""
        self.act(self.units[1], "attach", "gop-y", "huyen-01", files={"file": ("Góp ý.pdf", PDF)})
        self.act(self.units[1], "submit", "gop-y", "huyen-01", note="Kính gửi")
        self.act(self.units[2], "accept", "gop-y", "huyen-02")
        self.act(self.units[2], "comment", "gop-y", "huyen-02", text="Xin thêm biểu mẫu")
        self.act(self.units[2], "request-extension", "gop-y", "huyen-02", until="15/08/2024", reason="Chờ số liệu của xã")
        self.act(self.units[3], "refuse", "gop-y", "huyen-03", reason="Không phải việc của huyện")
        self.act(self.agency, "submit", "ke-hoach", **NUMBERED)
        self.act(self.committee, "return", "ke-hoach", reason="Thiếu phụ lục")
        self.act(self.agency, "submit", "ke-hoach", **NUMBERED)
        self.act(self.committee, "approve", "ke-hoach")
        self.act(self.units[1], "submit", "ke-hoach-huyen", "huyen-01")
        self.act(self.agency, "approve", "ke-hoach-huyen", "huyen-01")
        self.act(self.units[1], "choose-day", "to-chuc", "huyen-01", day="15/08/2024")
        self.act(self.units[2], "submit", "ke-hoach-huyen", "huyen-02")
        self.act(self.agency, "return", "ke-hoach-huyen", "huyen-02", reason="Chưa có kinh phí")
        self.act(self.agency, "suspend", "ke-hoach-huyen", "huyen-03", reason="Chờ hướng dẫn mới")
        self.act(self.agency, "cancel", "bao-cao", "huyen-03", reason="Gộp vào báo cáo chung")
        self.act(self.agency, "open-early", "bao-cao", "huyen-01", reason="Làm trước")
        self.act(self.agency, "mark-not-applicable", "so-bo", reason="Đã làm cách khác")

    def arrangements(self) -> None:
        """What is arranged beside the plan: an assignment, a deputy, a webhook, units that will merge."""
        assigned = self.agency.post("/assign", **hidden(self.agency.post("/assign/preview", **ASSIGNMENT)))
        assert assigned.status_code == 303
        deputy = create_account(self.office.db, login="h1-hai", name="Người h1-hai", memberships=[Membership("huyen-01")])
        away = {"from": "10/09/2024", "to": "30/09/2024"}
        assert self.units[1].post("/absence", unit="huyen-01", deputy=str(deputy), **away).status_code == 303
        hook = self.keeper.post("/admin/webhooks", name="Trục", url="https://203.0.114.7/hook", kinds=["step.overdue"])
        assert hook.status_code in (200, 303)
        expand(self.office.db, now=at(self.office.day), hours=OfficeHours(CALENDAR), site=SITE)

    def act(self, who: Browser, action: str, code: str, slot: str = "", **fields: Any) -> None:
        """One action on one step's page."""
        answer = who.act(self.office.step_id(code, slot), action, **fields)
        assert answer.status_code == 303, f"{action} {code} {slot}: {answer.status_code}"
