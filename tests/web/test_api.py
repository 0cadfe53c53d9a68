"""The API: the same actions and refusals as the pages, as JSON, described by itself."""

import re

from tests.web.office import PASSWORD, Office

PDF = b"%PDF-1.7\n"


def version(office: Office, code: str, slot: str = "") -> int:
    return int(office.plan.step(code, slot)["version"])


def test_a_step_comes_with_what_can_be_done_to_it(office: Office):
    step = office.step_id("gop-y", "huyen-01")
    answer = office.browser("huyen-01").get(f"/api/v1/steps/{step}").json()
    assert (answer["status"], answer["timeliness"], answer["due_on"]) == ("open", "within", "2024-07-31")
    offered = {o["action"]: o for o in answer["actions"]}
    assert offered["accept"]["allowed"] and offered["accept"]["label"] == {"vi": "Nhận việc", "en": "Accept"}
    assert not offered["approve"]["allowed"] and offered["approve"]["why"]["en"]


def test_who_does_not_read_a_step_in_full_gets_its_head(office: Office):
    answer = office.browser("huyen-02").get(f"/api/v1/steps/{office.step_id('gop-y', 'huyen-01')}").json()
    assert answer["status"] == "open" and answer["version"] is None and answer["actions"] is None


def test_an_action_moves_the_step(office: Office):
    step = office.step_id("ke-hoach")
    evidence = {"kh": {"number": "12/KH", "date": "2024-06-05"}}
    body = {"expected_version": version(office, "ke-hoach"), "payload": {"evidence": evidence, "note": "Kính trình"}}
    answer = office.browser("thuong-truc").api("POST", f"/steps/{step}/actions/submit", json=body)
    assert answer.status_code == 200
    assert answer.json()["status"] == office.plan.status("ke-hoach") == "submitted"
    assert [fact["kind"] for fact in answer.json()["facts"]] == ["step.submitted"]


def test_repeating_a_request_with_its_key_does_nothing_twice(office: Office):
    browser, step = office.browser("huyen-01"), office.step_id("gop-y", "huyen-01")
    body = {"expected_version": version(office, "gop-y", "huyen-01")}
    send = {"json": body, "headers": {"Idempotency-Key": "k1"}}
    first, again = (browser.api("POST", f"/steps/{step}/actions/accept", **send) for _ in range(2))
    assert (first.status_code, first.json()["replayed"]) == (200, False)
    assert (again.status_code, again.json()["replayed"]) == (200, True)
    assert {k: v for k, v in first.json().items() if k != "replayed"}.items() >= {"seq": again.json()["seq"], "version": 3}.items()


def test_a_key_used_for_another_request_is_refused(office: Office):
    browser, step = office.browser("huyen-01"), office.step_id("gop-y", "huyen-01")
    headers = {"Idempotency-Key": "k1"}
    for text, status in (("một", 200), ("hai", 422)):
        answer = browser.api("POST", f"/steps/{step}/actions/comment", json={"payload": {"text": text}}, headers=headers)
        assert answer.status_code == status
    assert answer.json()["code"] == "key-reused"


def test_who_read_an_older_version_is_told_what_changed(office: Office):
    browser, step = office.browser("huyen-01"), office.step_id("gop-y", "huyen-01")
    old = version(office, "gop-y", "huyen-01")
    browser.act(step, "accept")
    answer = browser.api("POST", f"/steps/{step}/actions/submit", json={"expected_version": old})
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert [change["action"] for change in answer.json()["changed"]] == ["accept"]


def test_errors_are_problems_in_both_languages(office: Office):
    browser, step = office.browser("huyen-02"), office.step_id("gop-y", "huyen-01")
    body = {"expected_version": version(office, "gop-y", "huyen-01")}
    refused = browser.api("POST", f"/steps/{step}/actions/accept", json=body).json()
    assert refused["code"] == "relation" and refused["text"] == {"vi": "Chỉ dành cho đơn vị chủ trì.", "en": "Only for the lead unit."}
    missing = browser.api("POST", f"/steps/{step}/actions/accept", json={})
    assert (missing.status_code, missing.json()["field"]) == (422, "expected_version")
    unknown = browser.api("POST", f"/steps/{step}/actions/comment", json={"payload": {"txet": "x"}})
    assert unknown.json()["errors"][0]["field"] == "payload.txet"
    assert browser.api("POST", f"/steps/{step}/actions/explode", json={}).json()["code"] == "action"
    assert browser.api("GET", "/steps/999999").json()["code"] == "not-found"
    assert browser.api("GET", "/no-such-thing").headers["content-type"] == "application/problem+json"


def test_a_file_is_attached_by_its_bytes(office: Office):
    browser, step = office.browser("thuong-truc"), office.step_id("ke-hoach")
    answer = browser.api("POST", f"/steps/{step}/attachments", files={"file": ("kh.pdf", PDF)}, data={"evidence": "kh"})
    assert answer.status_code == 200
    assert "kh.pdf" in browser.get(f"/steps/{step}").text


def test_a_program_signs_in_and_out(office: Office):
    program = office.browser()
    answer = program.send("POST", "/api/v1/session", json={"login": "co-mat-khau", "password": PASSWORD})
    assert answer.json()["units"] == ["huyen-03"] and answer.json()["csrf"]
    assert program.get("/api/v1/session").status_code == 200
    assert program.api("DELETE", "/session").status_code == 204
    assert program.get("/api/v1/session").status_code == 401
    wrong = program.send("POST", "/api/v1/session", json={"login": "co-mat-khau", "password": "sai"})
    assert wrong.status_code == 403 and "sai" not in wrong.text


def test_lists_follow_what_the_caller_may_know(office: Office):
    agency, stranger = office.browser("thuong-truc"), office.browser("nguoi-la")
    plan = agency.get("/api/v1/plans").json()[0]
    key_task = agency.get(f"/api/v1/plans/{plan['id']}").json()["key_tasks"][0]
    workflow = key_task["workflows"][0]
    assert key_task["code"] == "NV4" and workflow["steps"]["within"] > 0
    assert len(agency.get(f"/api/v1/workflows/{workflow['id']}").json()["steps"]) == 17
    assert agency.get(f"/api/v1/key-tasks/{key_task['id']}").json()["source"] == "Tổ chức Ngày hội"
    assert stranger.get("/api/v1/plans").json() == []
    for path in (f"plans/{plan['id']}", f"workflows/{workflow['id']}", f"key-tasks/{key_task['id']}"):
        assert stranger.get(f"/api/v1/{path}").status_code == 404
    mine = office.browser("huyen-01").get("/api/v1/my-work").json()
    assert {step["lead"] for group in mine for step in group["steps"]} == {"huyen-01"}


def test_the_description_covers_every_route_and_every_refusal(office: Office):
    description = office.browser().get("/api/v1/openapi.json").json()
    routes = {name.partition(" ")[2] for name in office.app.state.policies if " /api/" in name} - {"/api/v1/openapi.json"}
    assert set(description["paths"]) == routes
    schemas = set(description["components"]["schemas"])
    named = set(re.findall(r"#/components/schemas/(\w+)", office.browser().get("/api/v1/openapi.json").text))
    assert named <= schemas and "HTTPValidationError" not in schemas
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            assert operation.get("description"), (method, path)
            assert "401" in operation["responses"], (method, path)
            assert "HTTPValidationError" not in str(operation), (method, path)
