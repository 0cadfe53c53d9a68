"""Every page that the route table knows, for everybody who may open it, in every state that the office has.

A route that takes something the office knows (a step, a unit …) is visited for each of them. A new page therefore comes under test by
itself, or `addresses` raises `NotVisited`: give its parameter in `PARAMETERS`, or say in `NO_PAGES` why it is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from models.database import Database
from models.tables import account, attachment, message, step
from tests.browser.served import Serves
from tests.web.office import Browser, Office
from tests.web.test_assign import FORM as ASSIGNMENT
from tests.web.test_unit_changes import MERGER

LOGINS = ("thuong-truc", "huyen-01", "giam-sat", "quan-tri", "ban-chi-dao", "nguoi-la", "huyen-03", "h1-hai", "")
NO_PAGES = (  # files, streams, other programs' pages: beginnings of their routes
    "/api/", "/prefect", "/live", "/healthz", "/readyz", "/metrics", "/feeds/", "/static", "/attachments/{attachment_id}$",
    "/journal/anchors/{number}/file", "/plans/new/steps.csv", "/plans/new/mails.csv", "/plans/{plan_id}/pack.zip",
    "/plans/{plan_id}/prior.", "/figures/{workflow_id}/{code}/table.", "/mailbox/{mail_id}/html",
)  # fmt: skip
MORE = {  # states of a page that its address chooses
    "/overview": ("?as_of=12/06/2024", "?as_of=99/99/2024"), "/workflows/{workflow_id}/as-of": ("?as_of=12/06/2024",),
    "/search": ("?q=huyen", "?q=khong-co-gi"), "/bulk": ("?action=chase&step=1&step=2", "?action=grant-extension&workflow=1"),
    "/overdue": ("?unit=huyen-02",), "/sign-in": ("?next=/steps/1",), "/steps/{step_id}": ("?did=comment",),
}  # fmt: skip

ANSWERS: tuple[tuple[str, str, dict[str, Any]], ...] = (  # what comes of forms that are wrong, and previews
    ("", "/sign-in", {"login": "ai-do", "password": "sai"}),
    ("thuong-truc", "/assign/preview", {}), ("thuong-truc", "/assign/preview", {**ASSIGNMENT, "due_on": "30/09/2024"}),
    ("thuong-truc", "/bulk", {"action": "cancel", "step": "1", "key": "k", "reason": ""}),
    ("thuong-truc", "/workflows/1/close", {}), ("thuong-truc", "/plans/1/close", {"reason": ""}),
    ("thuong-truc", "/steps/1/actions/correct", {"field": "submitted_on", "value": "32/13/2024", "reason": ""}),
    ("huyen-01", "/steps/13/actions/progress", {"text": ""}), ("huyen-01", "/absence", {"from": "1", "to": "2"}),
    ("quan-tri", "/admin/calendar/preview", {"what": "add"}),
    ("quan-tri", "/admin/calendar/preview", {"what": "add", "off_from": "30/09/2024", "document": "Thông báo 1"}),
    ("quan-tri", "/admin/units/change/preview", {}), ("quan-tri", "/admin/units/change/preview", {**MERGER, "on": "01/10/2024"}),
    ("quan-tri", "/admin/webhooks", {"url": "http://169.254.169.254/"}), ("quan-tri", "/people", {"login": "khong-co"}),
    ("quan-tri", "/people/3/hand-over", {"successor": "mttq", "first_away": "01/10/2024"}),
    ("thuong-truc", "/plans/1/edit", {"workflow": "NV4/ngay-hoi", "due.gop-y": "cuối tháng"}),
    ("thuong-truc", "/plans/1/edit", {"workflow": "NV4/ngay-hoi", "due.gop-y": "07/08", "evidence.gop-y": "Công văn | số"}),
)  # fmt: skip


class NotVisited(AssertionError):
    """A page of the route table is looked at by no test."""


@dataclass(frozen=True, slots=True)
class Seen:
    """``login`` asked for ``path`` (of ``route``) and got ``html``."""

    login: str
    route: str
    path: str
    html: str

    def __str__(self) -> str:
        return f"{self.path} as {self.login or 'a visitor'}"


def routes(office: Serves) -> list[str]:
    """The paths of all pages."""
    found = (name.partition(" ")[2] for name in office.app.state.policies if name.startswith("GET "))
    return [path for path in found if not any(f"{path}$".startswith(beginning) for beginning in NO_PAGES)]


def addresses(route: str, known: dict[str, list[str]]) -> list[str]:
    """Where ``route`` is visited. Raises `NotVisited` for a parameter that ``known`` has no value for."""
    paths = [route]
    for name in re.findall(r"{(\w+)}", route):
        if name not in known:
            raise NotVisited(f"{route}: say in tests/browser/every_page.py what {{{name}}} can be")
        paths = [path.replace(f"{{{name}}}", value) for path in paths for value in known[name]]
    return [path + more for path in paths for more in ("", *MORE.get(route, ()))][: None if route == "/steps/{step_id}" else 6]


def parameters(db: Database) -> dict[str, list[str]]:
    """What routes can be asked for: a step of each kind and in each status, and everything else that there are few of."""
    with db.read() as connection:
        steps = connection.execute(select(step.c.id, step.c.code, step.c.status)).all()
        messages = [str(i) for i in connection.execute(select(message.c.id).order_by(message.c.id)).scalars()]
        accounts = [str(i) for i in connection.execute(select(account.c.id).where(account.c.login == "huyen-01")).scalars()]
        files = [str(i) for i in connection.execute(select(attachment.c.id)).scalars()]
    return {
        "step_id": list(dict.fromkeys({**{s.code: str(s.id) for s in steps}, **{s.status: str(s.id) for s in steps}}.values())),
        "workflow_id": ["1", "2"], "plan_id": ["1"], "key_task_id": ["1"], "account_id": accounts,
        "attachment_id": files, "message_id": messages[:1] + messages[-1:], "number": ["1"], "mail_id": ["1"], "link": ["khong-co"],
    }  # fmt: skip


def codes(route: str) -> list[str]:
    """What ``{code}`` means depends on the route."""
    return ["bao-cao"] if route.startswith("/figures") else ["huyen-01", "cong-an-tinh"]


def everything(office: Office) -> list[Seen]:
    """Each page as each of `LOGINS` gets it, then what comes of `ANSWERS`, and errors."""
    browsers = {login: office.browser(login) for login in LOGINS if login in _accounts(office)}
    known = parameters(office.db)
    found = [seen for route in routes(office) for seen in _of_route(office, browsers, route, {**known, "code": codes(route)})]
    for login, path, fields in ANSWERS:
        answer = browsers[login].post(path, **fields)
        if answer.status_code != 404:  # an office without a plan
            found.append(Seen(login, f"POST {path}", path, answer.text))
    return [*found, *(Seen("huyen-01", path, path, browsers["huyen-01"].get(path).text) for path in ("/khong-co", "/assign"))]


def _of_route(office: Office, browsers: dict[str, Browser], route: str, known: dict[str, list[str]]) -> Iterator[Seen]:
    barred: set[str] = set()
    for path in addresses(route, known):
        for login, browser in browsers.items():
            if login in barred:
                continue
            answer = browser.get(path)
            if answer.status_code in (303, 403):
                barred.add(login)
            elif answer.status_code in (200, 422):
                assert answer.headers["content-type"].startswith("text/html"), f"{path} is no page: name it in NO_PAGES"
                yield Seen(login, route, path, answer.text)


def _accounts(office: Office) -> set[str]:
    with office.db.read() as connection:
        return {"", *connection.execute(select(account.c.login)).scalars()}
