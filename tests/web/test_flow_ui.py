"""Prefect's interface through our sign-in: who sees it, what it may ask, and that nothing it does changes anything."""

import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from services.wakes import next_generation, record_run
from tests.web.office import Office, words
from web.flow_ui import file_of, may_read
from wiring.settings import Settings

READS = [
    ("GET", "health"), ("GET", "flow_runs/1b"), ("GET", "flow_runs/1b/graph-v2"), ("GET", "deployments/name/a/b"),
    ("GET", "artifacts/overdue/latest"), ("GET", "collections/views/aggregate-worker-metadata"), ("HEAD", "version"),
    ("POST", "flow_runs/filter"), ("POST", "flow_runs/count"), ("POST", "flow_runs/history"), ("POST", "flow_runs/lateness"),
    ("POST", "deployments/paginate"), ("POST", "artifacts/latest/filter"), ("POST", "logs/filter"), ("POST", "events/filter"),
    ("POST", "events/count-by/day"), ("POST", "ui/flow_runs/history"), ("POST", "ui/task_runs/dashboard/counts"),
]  # fmt: skip
CHANGES = [
    ("POST", "flow_runs/1b/set_state"), ("POST", "flow_runs/1b/resume"), ("DELETE", "flow_runs/1b"), ("PATCH", "flow_runs/1b"),
    ("POST", "flow_runs/"), ("POST", "flow_runs"), ("POST", "deployments/1b/create_flow_run"), ("POST", "deployments/1b/pause_deployment"),
    ("POST", "deployments/get_scheduled_flow_runs"), ("POST", "work_pools/default/get_scheduled_flow_runs"),
    ("POST", "admin/database/clear"), ("POST", "flow_runs/%2e%2e/filter"),
    ("PUT", "automations/1b"), ("POST", "block_documents/filter"), ("GET", "block_documents/1b"), ("GET", "variables/name/a"),
    ("POST", "variables/filter"), ("GET", "admin/settings"), ("POST", "flow_runs/filter/../1b/set_state"),
    ("POST", "flow_runs/1b/set_state/filter/x"), ("GET", "flow_runs//x"), ("TRACE", "health"), ("POST", "logs/"), ("POST", "bulk/filterx"),
    ("POST", "flow_runs/filter\n"),
]  # fmt: skip


@dataclass
class Server:
    """Something that answers as Prefect would, and keeps what it was asked."""

    url: str = ""
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def prefect() -> Iterator[Server]:
    found = Server()

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            found.asked.append((self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            content = json.dumps({"asked": self.path}).encode()
            self.send_response(200)
            for name, value in (("Content-Type", "application/json"), ("Set-Cookie", "a=b"), ("Content-Length", str(len(content)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = do_PATCH = do_PUT = answer

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_address[1]}/api"
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def shown(office: Office, prefect: Server) -> Office:
    """The office beside a Prefect with its own credential."""
    settings = Settings(_env_file=None, data=office.folder, prefect_api_url=prefect.url, prefect_api_auth="dondoc:mat khau")
    object.__setattr__(office.context, "settings", settings)
    return office


@pytest.mark.parametrize(("method", "path"), READS)
def test_what_reads_goes_through(method: str, path: str):
    assert may_read(method, path)


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_what_changes_or_may_hold_secrets_does_not(method: str, path: str):
    assert not may_read(method, path)


def test_supervisors_agency_and_auditors_see_it_and_nobody_else(shown: Office):
    for login in ("giam-sat", "thuong-truc"):
        page = shown.browser(login).get("/prefect/runs?tag=overdue")
        assert page.status_code == 200 and "/prefect/assets/" in page.text and "PLACEHOLDER" not in page.text
        assert "connect-src 'self'" in page.headers["content-security-policy"]
    for login in ("huyen-01", "quan-tri", "nguoi-la"):
        assert shown.browser(login).get("/prefect/").status_code == 403
        assert shown.browser(login).send("POST", "/prefect/api/flow_runs/filter", json={}).status_code == 403
    assert shown.browser().get("/prefect/").headers["location"].startswith("/sign-in")
    assert shown.browser().send("POST", "/prefect/api/flow_runs/filter", json={}).status_code == 401


def test_a_question_is_handed_on_with_prefect_s_credential_and_none_of_ours(shown: Office, prefect: Server):
    answer = shown.browser("giam-sat").send("POST", "/prefect/api/flow_runs/filter?x=1", json={"limit": 3})
    assert answer.json() == {"asked": "/api/flow_runs/filter?x=1"} and "set-cookie" not in answer.headers
    ((method, path, headers, body),) = prefect.asked
    assert (method, path, json.loads(body)) == ("POST", "/api/flow_runs/filter?x=1", {"limit": 3})
    assert headers["authorization"].startswith("Basic ") and "cookie" not in headers and "origin" not in headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_cancelling_is_refused_with_the_reason_in_both_languages(shown: Office, prefect: Server, method: str):
    answer = shown.browser("thuong-truc").send(method, "/prefect/api/flow_runs/1b/set_state", json={"state": {"type": "CANCELLED"}})
    assert answer.status_code == 403 and answer.json()["code"] == "flow-ui-reads"
    assert "chỉ xem" in answer.json()["text"]["vi"] and "reading only" in answer.json()["text"]["en"]
    assert prefect.asked == []


def test_another_site_cannot_ask(shown: Office, prefect: Server):
    headers = {"Origin": "https://evil.example"}
    assert shown.browser("giam-sat").send("POST", "/prefect/api/flow_runs/filter", json={}, headers=headers).status_code == 403
    assert prefect.asked == []


def test_the_interface_finds_its_api_below_our_address(shown: Office):
    settings = shown.browser("giam-sat").get("/prefect/ui-settings").json()
    assert settings["api_url"] == "/prefect/api" and settings["available_uis"] == ["v1"]
    of_server = shown.browser("giam-sat").get("/prefect/api/admin/settings").json()
    assert of_server == {"PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": False}


def test_while_prefect_is_away_there_is_a_page_of_ours(office: Office):
    settings = Settings(_env_file=None, data=office.folder, prefect_api_url="http://127.0.0.1:9/api")
    object.__setattr__(office.context, "settings", settings)
    page = office.browser("giam-sat").get("/prefect/")
    assert page.status_code == 503 and "Prefect chưa trả lời" in words(page) and "Tổng quan" in words(page)
    call = office.browser("giam-sat").send("POST", "/prefect/api/flow_runs/filter", json={})
    assert (call.status_code, call.json()["code"]) == (503, "prefect-away")


def test_files_are_those_of_the_interface_alone(shown: Office):
    browser = shown.browser("giam-sat")
    asset = next(part for part in browser.get("/prefect/").text.split('"') if part.startswith("/prefect/assets/") and part.endswith(".js"))
    file = browser.get(asset)
    assert file.status_code == 200 and "immutable" in file.headers["cache-control"] and "javascript" in file.headers["content-type"]
    for path in ("/prefect/assets/none.js", "/prefect/..%2f..%2f__init__.py", "/prefect/assets/..%2f..%2f..%2f__init__.py"):
        assert browser.get(path).status_code == 404, path
    assert file_of("flow-run/1").media_type == "text/html"


def test_the_page_of_a_workflow_leads_there(shown: Office):
    generation = next_generation(shown.db, shown.plan.workflow_id)
    record_run(shown.db, shown.plan.workflow_id, generation, UUID(int=7))
    page = shown.browser("giam-sat").get(f"/workflows/{shown.plan.workflow_id}").text
    assert f'href="/prefect/runs/flow-run/{UUID(int=7)}"' in page
