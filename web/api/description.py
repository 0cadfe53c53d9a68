"""The API's own description, OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse

from engine.access import Policy
from engine.scopes import needed
from web.api.models import Problem, problems
from web.gate import SAFE
from web.policy import GuardedRoute, allow, api, policy_of

router = api()

ABOUT = """
The same actions, rules and refusals as the pages. Programs send an API token, made on the page of preferences:
`Authorization: Bearer dd_…`. Or sign in with `POST /api/v1/session`, and send the answer's `csrf` in the header
`X-CSRF-Token` with every request that changes something. Errors are problem+json (RFC 9457) in Vietnamese and English.
An action names the version that was read (`expected_version`) and should carry an `Idempotency-Key`, so that repeating it is harmless.
"""

WAYS_IN = {
    "token": {"type": "http", "scheme": "bearer", "bearerFormat": "dd_…", "description": "An API token; each route names its scope."},
    "session": {"type": "apiKey", "in": "cookie", "name": "dondoc_8000", "description": "The session; its name ends with the port."},
}


# What the gate, the limits and the stores may answer whatever the route is.
ANYWHERE = (403, 414, 431, 503)
CHANGING = (400, 408, 413, 422, 429, 507)


@router.get("/openapi.json", include_in_schema=False)
@allow(Policy.PUBLIC)
def openapi(request: Request) -> JSONResponse:
    """This description."""
    app: FastAPI = request.app
    if app.openapi_schema is None:
        app.openapi_schema = describe(app)
    return JSONResponse(app.openapi_schema)


def describe(app: FastAPI) -> dict[str, Any]:
    """The description of ``app``, with our own error shape in place of the framework's."""
    schema = get_openapi(title=app.title, version=app.version, description=ABOUT.strip(), routes=app.routes)
    models = schema.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        models.pop(name, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    models.update(problem.pop("$defs", {}))
    models["Problem"] = problem
    schema["components"]["securitySchemes"] = WAYS_IN
    for route in app.routes:
        if isinstance(route, GuardedRoute) and route.include_in_schema:
            for method in route.methods or ():
                operation = schema["paths"][route.path_format][method.lower()]
                operation["security"] = ways_in(policy_of(route), method)
                for status, answer in problems(*ANYWHERE, *(() if method in SAFE else CHANGING)).items():
                    operation["responses"].setdefault(str(status), answer)
    return schema


def ways_in(policy: Policy, method: str) -> list[dict[str, list[str]]]:
    """What a route asks for: a session, or a token with the scope; nothing where it is public."""
    if policy is Policy.PUBLIC:
        return []
    return [{"token": [needed(policy, changes=method not in SAFE).value]}, {"session": []}]
