"""The web application: every router found in `web.pages` and `web.api`, behind the gate."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from fastapi import APIRouter, FastAPI
from starlette.staticfiles import StaticFiles

import web.api
import web.pages
from services.queries.live import look
from web import errors
from web.headers import SecurityHeaders
from web.identity_provider import IdentityProvider
from web.limits import BESIDE, BodyLimits
from web.policy import check_routes
from web.pulse import Pulse
from web.rates import Rates
from web.request_log import RequestLog
from wiring.context import AppContext

STATIC = Path(__file__).parent / "static"


def create_app(context: AppContext) -> FastAPI:
    """The application over ``context``. Raises `web.policy.UnguardedRoute` if any route names no policy, and `engine.errors.Invalid` for
    an identity provider's secret that cannot be read."""
    app = FastAPI(title="Đôn Đốc", version="1", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.context = context
    app.state.provider = IdentityProvider(context.settings) if context.settings.oidc_issuer else None
    app.state.rates = Rates(context.settings.writes_per_minute)
    app.state.pulse = Pulse(lambda: look(context.db))
    for router in routers():
        app.router.routes.extend(router.routes)  # flat, so that one walk sees every route
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.state.policies = check_routes(app.router.routes)
    errors.install(app)
    app.add_middleware(BodyLimits, largest=context.settings.attachment_limit_mb * 1024 * 1024 + BESIDE)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestLog, enabled=context.settings.access_log)
    return app


def routers() -> Iterator[APIRouter]:
    """The ``router`` of every module in `web.pages` and `web.api`, in the order of their names."""
    for package in (web.pages, web.api):
        for module in modules(package):
            router = getattr(module, "router", None)
            if isinstance(router, APIRouter):
                yield router


def modules(package: ModuleType) -> Iterator[ModuleType]:
    """The modules of ``package``, imported."""
    for found in pkgutil.iter_modules(package.__path__):
        yield import_module(f"{package.__name__}.{found.name}")
