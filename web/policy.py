"""Every route names its policy, or it cannot be made.

``@allow(Policy.X)`` writes the policy on the endpoint; `GuardedRoute` asks for it when the route is made and passes every request through
`web.gate` before anything of the body is read; `check_routes` walks the finished application once more, mounts included.

An address with parameters names a thing, for which `engine.reach` says for whom it exists: `NAMES` tells it by the first parameter,
``@allow(Policy.X, Thing.Y)`` where the page shows more of it. The services keep to it; the access matrix of tests/security tries each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount

from engine.access import Policy
from engine.reach import Thing
from web.forms import close_form

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")

OPEN_MOUNTS = {"/static": Policy.PUBLIC}
NAMES = {
    "plan_id": Thing.PLAN,
    "key_task_id": Thing.KEY_TASK,
    "workflow_id": Thing.WORKFLOW,
    "step_id": Thing.STEP,
    "attachment_id": Thing.FILE,
    "message_id": Thing.MESSAGE,
    "notice_id": Thing.NOTICE,
    "account_id": Thing.ACCOUNT,
    "deputy_id": Thing.ABSENCE,
    "token_id": Thing.API_TOKEN,
    "code": Thing.UNIT,
    "token": Thing.SECRET,
    "link": Thing.SECRET,
    "webhook_id": Thing.OFFICE,
    "purge_id": Thing.OFFICE,
    "number": Thing.OFFICE,  # of an anchor, of a change of units
    "mail_id": Thing.OFFICE,  # in the demonstration's mailbox, which everybody of the demonstration reads
    "path": Thing.OFFICE,  # of Prefect's interface
}


class UnguardedRoute(RuntimeError):
    """A route names no policy: the application does not start."""


def allow(policy: Policy, thing: Thing | None = None) -> Callable[[Endpoint], Endpoint]:
    """Mark an endpoint with who may use it, and with the ``thing`` that its address names where `NAMES` does not say it.

    Stands under the router's own decorator.
    """

    def mark(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, "__policy__", policy)  # noqa: B010  (a plain assignment does not type-check)
        setattr(endpoint, "__thing__", thing)  # noqa: B010
        return endpoint

    return mark


class GuardedRoute(APIRoute):
    """A route that lets a request in only if its policy does. Raises `UnguardedRoute` when made without one."""

    def get_route_handler(self) -> Handler:
        """The handler behind the gate."""
        policy = policy_of(self)
        thing_of(self)
        inner = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            from web.gate import admit  # the gate renders errors, which needs the pages, which need this module

            try:
                await admit(request, policy)
                return await inner(request)
            finally:
                await close_form(request)  # uploaded files lie in temporary ones until then

        return guarded


def policy_of(route: BaseRoute) -> Policy:
    """The policy of ``route``. Raises `UnguardedRoute` naming the path."""
    if isinstance(route, Mount) and route.path in OPEN_MOUNTS:
        return OPEN_MOUNTS[route.path]
    policy = getattr(getattr(route, "endpoint", None), "__policy__", None)
    if not isinstance(route, GuardedRoute) or not isinstance(policy, Policy):
        raise UnguardedRoute(f"{getattr(route, 'path', route)} names no policy: put @allow(Policy.…) under its router's decorator")
    return policy


def thing_of(route: BaseRoute) -> Thing | None:
    """What the address of ``route`` names; None for one without parameters. Raises `UnguardedRoute` if nobody said it."""
    thing = getattr(getattr(route, "endpoint", None), "__thing__", None)
    named = _PARAMETER.search(getattr(route, "path", ""))
    if thing is None and named and not isinstance(route, Mount):
        thing = NAMES.get(named[1])
        if thing is None:
            raise UnguardedRoute(f"{getattr(route, 'path', route)}: say in web.policy.NAMES, or in its @allow, what {named[0]} names")
    return thing


def check_routes(routes: Iterable[BaseRoute]) -> dict[str, Policy]:
    """``METHOD path`` → policy of every route. Raises `UnguardedRoute` for the first that has none."""
    table: dict[str, Policy] = {}
    for route in routes:
        policy = policy_of(route)
        for method in sorted(getattr(route, "methods", None) or {"*"}):
            table[f"{method} {getattr(route, 'path', '')}"] = policy
    return table


def pages() -> APIRouter:
    """A router for HTML pages: guarded, absent from the API's description."""
    return APIRouter(route_class=GuardedRoute, include_in_schema=False, default_response_class=HTMLResponse)


def api() -> APIRouter:
    """A router for ``/api/v1``: guarded, described."""
    return APIRouter(route_class=GuardedRoute, prefix="/api/v1")
