"""No route without a policy; nobody without a session gets past one that is not public."""

import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from engine.access import Policy
from tests.web.office import Office
from web.policy import GuardedRoute, UnguardedRoute, allow, check_routes, pages


def test_every_route_of_the_application_names_a_policy(office: Office):
    table = check_routes(office.app.router.routes)
    assert len(table) > 20
    assert table["GET /steps/{step_id}"] is Policy.SIGNED_IN
    assert table["POST /clock"] is Policy.DEMONSTRATION


def test_a_page_without_a_policy_cannot_even_be_made():
    router = pages()
    with pytest.raises(UnguardedRoute, match="/secret"):

        @router.get("/secret")
        def secret() -> str:
            return "secret"


def test_nor_can_one_whose_address_names_nobody_knows_what():
    router = pages()
    with pytest.raises(UnguardedRoute, match="secret_id"):

        @router.get("/secrets/{secret_id}")
        @allow(Policy.SIGNED_IN)
        def secret(secret_id: int) -> str:
            return str(secret_id)


def test_an_application_with_a_planted_route_does_not_start():
    def planted(request: object) -> PlainTextResponse:
        return PlainTextResponse("secret")

    for route in (Route("/planted", planted), Route("/marked", allow(Policy.PUBLIC)(planted)), Mount("/files", FastAPI())):
        with pytest.raises(UnguardedRoute):
            check_routes([route])


def test_who_has_not_signed_in_is_sent_to_do_so_or_told(office: Office):
    visitor = office.browser()
    for name, policy in office.app.state.policies.items():
        method, _, path = name.partition(" ")
        if policy in (Policy.PUBLIC, Policy.WATCH) or method == "*":
            continue
        address = path.replace("{action}", "accept").replace("{mail_id}", "x")
        for parameter in ("step_id", "attachment_id", "workflow_id", "plan_id", "key_task_id", "deputy_id", "account_id", "code"):
            address = address.replace(f"{{{parameter}}}", "1")
        answer = visitor.send(method, address)
        assert answer.status_code == (401 if path.startswith(("/api/", "/prefect/api/")) else 303), name
        if answer.status_code == 303:
            assert answer.headers["location"].startswith("/sign-in"), name


def test_the_way_to_sign_in_remembers_where_one_wanted_to_go(office: Office):
    assert office.browser().get("/steps/7?x=1").headers["location"] == "/sign-in?next=%2Fsteps%2F7%3Fx%3D1"
    assert office.browser().get("/").headers["location"] == "/sign-in"


def test_what_belongs_to_the_demonstration_does_not_exist_elsewhere(real_office: Office):
    browser = real_office.browser()
    assert browser.post("/sign-in", login="co-mat-khau", password="mật khẩu thử 123").status_code == 303
    assert browser.get("/mailbox").status_code == 404
    assert browser.post("/clock", step="day").status_code == 404


def test_every_guarded_route_is_of_our_own_kind(office: Office):
    assert all(isinstance(route, GuardedRoute | Mount) for route in office.app.router.routes)
