"""What surrounds every page: where one can go, what day it is, what was just done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import Request

from engine.access import Policy, may_use
from engine.definition import Text
from engine.instants import local_day
from services.acting_for import ActingFor, acting_for
from services.clock import target
from services.queries.counts import overdue_count
from services.queries.inbox import unread_count
from web.notes import Note, note_of
from web.visit import Visit


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the navigation. ``label`` is a message id; ``count`` stands beside it, 0 for none."""

    path: str
    label: str
    current: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class Simulated:
    """The banner of the simulated clock. ``towards``: the day it is advancing to, None while it stands."""

    today: date
    towards: date | None


@dataclass(frozen=True, slots=True)
class Shell:
    """``here``: path and query of the page, for coming back to it. ``unread``: notices that the visitor has not read.

    ``stand_ins``: the absent persons for whom the visitor may act today. ``others_title``: the word behind which ``others`` stand.
    """

    places: tuple[Place, ...]
    others: tuple[Place, ...]
    simulated: Simulated | None
    note: Note | None
    here: str
    unread: int
    stand_ins: tuple[ActingFor, ...]
    others_title: Text


OTHERS_TITLE = Text("Thêm", "More")  # not a template's own word: there "Thêm" is "Add"
PLACES = (
    ("/", "Việc của tôi"),
    ("/overview", "Tổng quan"),
    ("/overdue", "Quá hạn"),
    ("/plans", "Kế hoạch"),
    ("/figures", "Số liệu"),
    ("/assign", "Giao việc"),
)
OTHERS = (  # not every day's: behind one word, so that the bar stays short
    ("/brief", "Bản tin sáng"),
    ("/escalations", "Chuyển cấp trên"),
    ("/units", "Đơn vị"),
    ("/people", "Nhân sự"),
    ("/admin/accounts", "Tài khoản"),
    ("/calendar", "Lịch"),
    ("/reports", "Báo cáo"),
    ("/admin/calendar", "Ngày nghỉ"),
    ("/admin/outbox", "Thư đi"),
    ("/admin/webhooks", "Webhook"),
    ("/admin/files", "Tệp đề nghị xóa"),
    ("/journal/anchors", "Nhật ký"),
    ("/mailbox", "Hộp thư"),
    ("/preferences", "Tùy chọn"),
)


def shell_of(request: Request, visit: Visit) -> Shell:
    """The shell around the page that ``request`` asks for. A place is shown if its page exists and may be opened."""
    policies: dict[str, Policy] = request.app.state.policies
    path = request.url.path
    simulated = visit.context.simulated
    actor = visit.person.actor if visit.person else None
    late = overdue_count(visit.db, actor, visit.now) if actor else 0

    def open_to(listed: tuple[tuple[str, str], ...]) -> tuple[Place, ...]:
        return tuple(
            Place(to, label, is_under(path, to), late if to == "/overdue" else 0)
            for to, label in listed
            if actor is not None and (policy := policies.get(f"GET {to}")) and may_use(policy, actor, simulated=simulated)
        )

    here = f"{path}?{request.url.query}" if request.url.query else path
    unread = unread_count(visit.db, actor) if actor else 0
    stand_ins = acting_for(visit.db, actor.account_id, visit.now.today) if actor else ()
    clock = banner(visit) if simulated else None
    return Shell(open_to(PLACES), open_to(OTHERS), clock, note_of(request, visit), here, unread, stand_ins, OTHERS_TITLE)


def banner(visit: Visit) -> Simulated:
    """The banner of the simulated clock, standing or moving."""
    towards = target(visit.db)
    return Simulated(visit.now.today, local_day(towards) if towards else None)


def is_under(path: str, place: str) -> bool:
    """Whether ``path`` belongs to the entry ``place`` of the navigation."""
    return path == place if place == "/" else path == place or path.startswith(f"{place}/")
