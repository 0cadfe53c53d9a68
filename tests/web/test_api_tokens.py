"""Programs act as an account by a token: within its scopes, over the API only, until it ends."""

import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import delete, select, update

from engine.access import Actor
from engine.scopes import Scope, within
from models.tables import account, api_token, journal_entry
from services.account_states import disable, enable
from services.accounts import actor_of, id_of
from services.verify_journal import verify
from tests.factories import at
from tests.web.office import PASSWORD, Browser, Office, words

TOKENS = "/preferences/tokens"


def made(browser: Browser, *scopes: str, name: str = "Trục liên thông", days: str = "30") -> str:
    """A new token, as the page shows it once."""
    page = browser.post(TOKENS, name=name, scopes=list(scopes), days=days)
    found = re.search(r"dd_[\w-]{43}", page.text)
    assert page.status_code == 200 and found, words(page)
    return found[0]


def call(office: Office, token: str, method: str, path: str, **more: object) -> httpx.Response:
    """One request of a program: no cookie, no other token."""
    return office.browser().send(method, path, headers={"Authorization": f"Bearer {token}"}, **more)


def test_a_token_reads_as_its_account(office: Office):
    token = made(office.browser("huyen-01"), "read")
    answer = call(office, token, "GET", "/api/v1/session")
    assert (answer.status_code, answer.json()["login"], answer.json()["csrf"]) == (200, "huyen-01", "")
    mine = call(office, token, "GET", "/api/v1/my-work").json()
    assert mine == office.browser("huyen-01").get("/api/v1/my-work").json()


def test_it_is_shown_once_and_kept_as_a_hash(office: Office):
    browser = office.browser("huyen-01")
    token = made(browser, "read")
    assert token not in browser.get(TOKENS).text and "Trục liên thông" in words(browser.get(TOKENS))
    with office.db.read() as connection:
        row = connection.execute(select(api_token)).mappings().one()
        entries = connection.execute(select(journal_entry.c.body).where(journal_entry.c.action == "make-token")).all()
    assert token not in str(dict(row)) and len(row["token_hash"]) == 64
    assert len(entries) == 1 and token not in str(entries) and "Trục" not in str(entries)


def test_it_acts_without_anything_beside_it_and_the_journal_names_account_and_token(office: Office):
    token, step = made(office.browser("huyen-01"), "act"), office.step_id("gop-y", "huyen-01")
    body = {"expected_version": int(office.plan.step("gop-y", "huyen-01")["version"])}
    answer = call(office, token, "POST", f"/api/v1/steps/{step}/actions/accept", json=body)
    assert (answer.status_code, answer.json()["status"]) == (200, "in-progress")
    person = office.browser("huyen-01")
    person.act(step, "progress", text="tự tay")
    columns = (journal_entry.c.action, journal_entry.c.account_id, journal_entry.c.body)
    with office.db.read() as connection:
        (number,) = connection.execute(select(api_token.c.id)).scalars()
        found = {row.action: row for row in connection.execute(select(*columns).where(journal_entry.c.step_id == step))}
    assert {row.account_id for row in found.values()} == {id_of(office.db, "huyen-01")}
    assert found["accept"].body["token"] == number and "token" not in found["progress"].body
    assert verify(office.db).faults == ()
    told = "Người huyen-01 (qua mã truy cập “Trục liên thông”)"
    pages = [words(person.get(path)) for path in (f"/steps/{step}", f"/workflows/{found['accept'].body['stream'].partition(':')[2]}")]
    assert [page.count(told) for page in pages] == [1, 1]
    with office.db.write() as connection:
        connection.execute(delete(api_token))
    assert f"(qua mã truy cập “#{number}”)" in words(person.get(f"/steps/{step}"))


def test_a_scope_only_takes_away(office: Office):
    step, everyone = office.step_id("gop-y", "huyen-01"), ("thuong-truc", "huyen-01")
    reads, acts = (made(office.browser(login), scope) for login, scope in zip(everyone, ("read", "act"), strict=True))
    refused = call(office, reads, "POST", f"/api/v1/steps/{step}/actions/comment", json={"payload": {"text": "x"}})
    assert (refused.status_code, refused.json()["code"]) == (403, "scope")
    assert call(office, acts, "GET", "/api/v1/my-work").json()["code"] == "scope"
    assert call(office, acts, "POST", "/api/v1/assignments", json={}).json()["code"] == "policy"  # the account may not either
    withdraw = "/api/v1/unit-changes/1/withdraw"
    assert call(office, made(office.browser("thuong-truc"), "act", name="b"), "POST", withdraw).json()["code"] == "scope"
    assert call(office, made(office.browser("thuong-truc"), "admin", name="c"), "POST", withdraw).status_code == 404


def test_without_its_scope_a_token_acts_without_the_administrators_role():
    actor = Actor(1, "Quản trị", roles=frozenset({"administrator", "agency"}))
    assert within(actor, frozenset({Scope.READ, Scope.ACT})).roles == {"agency"}
    assert within(actor, frozenset({Scope.ADMIN})).roles == actor.roles


def test_who_administers_nothing_is_offered_no_such_scope(office: Office):
    browser = office.browser("huyen-01")
    assert 'value="admin"' not in browser.get(TOKENS).text
    answer = browser.post(TOKENS, name="x", scopes=["read", "admin"], days="30")
    assert answer.status_code == 422 and 'href="#t-scopes"' in answer.text


@pytest.mark.parametrize("path", ["/", "/preferences", TOKENS, "/prefect/", "/prefect/api/health"])
def test_it_opens_no_page(office: Office, path: str):
    token = made(office.browser("thuong-truc"), "read", "act", "admin")
    with_it, without = call(office, token, "GET", path), office.browser().get(path)
    assert (with_it.status_code, with_it.headers.get("location")) == (without.status_code, without.headers.get("location"))
    assert with_it.status_code in (303, 401, 403)


def test_unknown_expired_and_revoked_look_the_same(office: Office):
    browser = office.browser("huyen-01")
    revoked, expired, left = (made(browser, "read", name=name) for name in ("a", "b", "c"))
    with office.db.write() as connection:
        numbers = {row.name: row.id for row in connection.execute(select(api_token))}
        past = at(office.day).system - timedelta(seconds=1)
        connection.execute(update(api_token).where(api_token.c.name == "b").values(expires_at=past))
    assert browser.post(f"{TOKENS}/{numbers['a']}/revoke").status_code == 303
    answers = [call(office, token, "GET", "/api/v1/my-work") for token in (revoked, expired, "dd_" + "x" * 43, "", "dd_" + "y" * 900)]
    with office.db.write() as connection:
        connection.execute(update(account).where(account.c.login == "huyen-01").values(active=False))
    answers += [call(office, left, "GET", "/api/v1/my-work"), call(office, left, "GET", "/api/v1/openapi.json")]
    assert {(a.status_code, a.text, a.headers["www-authenticate"], a.headers["content-type"]) for a in answers} == {
        (401, answers[0].text, 'Bearer realm="dondoc", error="invalid_token"', "application/problem+json")
    }  # fmt: skip
    assert "bearer realm" in office.browser().get("/api/v1/my-work").headers["www-authenticate"].lower()


def test_a_wrong_token_is_refused_even_beside_a_session(office: Office):
    browser = office.browser("huyen-01")
    assert browser.get("/api/v1/my-work", headers={"Authorization": "Bearer dd_wrong"}).status_code == 401
    assert browser.get("/api/v1/my-work", headers={"Authorization": "Basic eDp5"}).status_code == 401


def test_a_disabled_account_and_its_tokens_do_not_come_back_together(office: Office):
    token = made(office.browser("huyen-01"), "read")
    administrator, account_id = actor_of(office.db, id_of(office.db, "quan-tri")), id_of(office.db, "huyen-01")
    disable(office.db, administrator, account_id, now=at(office.day))
    enable(office.db, administrator, account_id, now=at(office.day))
    assert call(office, token, "GET", "/api/v1/my-work").status_code == 401
    assert "Chưa có mã nào." in words(office.browser("huyen-01").get(TOKENS))


def test_another_password_ends_them(office: Office):
    browser = office.browser()
    assert browser.post("/sign-in", login="co-mat-khau", password=PASSWORD).status_code == 303
    token = made(browser, "read")
    assert browser.post("/preferences/password", present=PASSWORD, password="khac han 4721", again="khac han 4721").status_code == 303
    assert call(office, token, "GET", "/api/v1/my-work").status_code == 401


def test_every_wrong_field_is_named_and_what_was_typed_comes_back(office: Office):
    browser = office.browser("huyen-01")
    answer = browser.post(TOKENS, name="", scopes=[], days="366")
    assert answer.status_code == 422 and 'value="366"' in answer.text
    for field in ("name", "scopes", "days"):
        assert f'href="#t-{field}"' in answer.text
    for days in ("0", "-1", "1.5", "mười", "9" * 30, "٣"):
        assert browser.post(TOKENS, name="x", scopes=["read"], days=days).status_code == 422
    for name in ("x" * 81, "a\x00b", "a\rb"):
        assert browser.post(TOKENS, name=name, scopes=["read"], days="1").status_code == 422, name
    made(browser, "read", name="Một")
    assert browser.post(TOKENS, name="một", scopes=["read"], days="1").status_code == 422
    assert len(browser.get("/api/v1/tokens").json()) == 1


def test_a_token_of_another_cannot_be_revoked_and_does_not_show(office: Office):
    token = made(office.browser("huyen-01"), "read")
    with office.db.read() as connection:
        number = connection.execute(select(api_token.c.id)).scalar_one()
    other = office.browser("quan-tri")
    assert other.post(f"{TOKENS}/{number}/revoke").status_code == 404
    assert other.api("DELETE", f"/tokens/{number}").status_code == 404 and other.get("/api/v1/tokens").json() == []
    assert call(office, token, "GET", "/api/v1/session").status_code == 200


def test_the_api_makes_and_ends_them_but_a_token_makes_no_other(office: Office):
    browser = office.browser("huyen-01")
    answer = browser.api("POST", "/tokens", json={"name": "Kho số liệu", "scopes": ["read", "act"]})
    assert answer.status_code == 201
    token, number = answer.json()["token"], answer.json()["id"]
    assert answer.json()["expires_at"][:10] == (at(office.day).system + timedelta(days=90)).date().isoformat()
    assert call(office, token, "POST", "/api/v1/tokens", json={"name": "y"}).json()["code"] == "session-only"
    other = browser.api("POST", "/tokens", json={"name": "khác"}).json()["id"]
    assert call(office, token, "DELETE", f"/api/v1/tokens/{other}").json()["code"] == "session-only"
    (line,) = [line for line in call(office, token, "GET", "/api/v1/tokens").json() if line["id"] == number]
    assert line["seen_on"] == at(office.day).system.date().isoformat() and token not in str(line)
    assert call(office, token, "DELETE", f"/api/v1/tokens/{number}").status_code == 204
    assert call(office, token, "GET", "/api/v1/tokens").status_code == 401
    assert browser.api("POST", "/tokens", json={"name": "z", "days": 0}).json()["errors"][0]["field"] == "days"


def test_every_route_of_the_api_takes_a_token_and_says_so(office: Office):
    paths = office.browser().get("/api/v1/openapi.json").json()
    assert paths["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    token = made(office.browser("thuong-truc"), "read", "act", "admin")
    for path, methods in paths["paths"].items():
        for method, route in methods.items():
            if path == "/api/v1/session" and method == "post":
                assert route["security"] == []
                continue
            scopes = next(way["token"] for way in route["security"] if "token" in way)
            assert scopes and set(scopes) <= {"read", "act", "admin"}, path
            address = re.sub(r"\{\w+\}", "999", path)
            assert office.browser().send(method.upper(), address).status_code == 401, path
            answer = call(office, token, method.upper(), address, json={} if method == "post" else None)
            assert answer.status_code in (200, 204, 403, 404, 422), path
            assert not re.search(r'"code":"(csrf|sign-in|scope|token)"', answer.text), path
