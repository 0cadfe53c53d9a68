"""The API's own description, OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse

from engine.access import Policy
from web.api.models import Problem
from web.policy import allow, api

router = api()

ABOUT = """
The same actions, rules and refusals as the pages. Sign in with `POST /api/v1/session`; send the answer's `csrf` in the header
`X-CSRF-Token` with every request that changes something. Errors are problem+json (RFC 9457) in Vietnamese and English.
An action names the version that was read (`expected_version`) and should carry an `Idempotency-Key`, so that repeating it is harmless.
"""


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
    return schema
