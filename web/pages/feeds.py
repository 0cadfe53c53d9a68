"""The calendar feed. Its address is the secret: calendar programs cannot sign in."""

from __future__ import annotations

from email.utils import format_datetime

from fastapi import Request, Response

from engine.access import Policy
from services.feeds import feed_of
from web.policy import allow, pages
from web.visit import visit_of

router = pages()


@router.get("/feeds/{token}.ics")
@allow(Policy.PUBLIC)
def feed(request: Request, token: str) -> Response:
    """The feed; 304 where the program has it already. Only the tag decides: within a second, or while the clock stands, dates cannot."""
    visit = visit_of(request)
    found = feed_of(visit.db, token, now=visit.now, base_url=visit.context.settings.public_url)
    headers = {"ETag": f'"{found.tag}"', "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}
    if found.changed_at:
        headers["Last-Modified"] = format_datetime(found.changed_at, usegmt=True)
    if found.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = 'inline; filename="don-doc.ics"'
    return Response(found.body, media_type="text/calendar; charset=utf-8", headers=headers)
