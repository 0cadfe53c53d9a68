"""Anchors of the journal, for those who keep them elsewhere: a list, a page to print, a file to compare with later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from engine.access import Policy
from engine.anchor import Anchor
from services.anchors import anchors, one_anchor
from web.policy import allow, pages
from web.render import render
from web.visit import visit_of

router = pages()


@dataclass(frozen=True, slots=True)
class AnchorView:
    """An anchor as it is shown. ``at`` is business time."""

    anchor: Anchor
    at: datetime


@router.get("/journal/anchors")
@allow(Policy.SUPERVISION)
def index(request: Request) -> Response:
    """Every anchor, newest first."""
    return render(request, "anchors.html", page=tuple(_view(anchor) for anchor in reversed(anchors(visit_of(request).db))))


@router.get("/journal/anchors/{number}")
@allow(Policy.SUPERVISION)
def show(request: Request, number: int) -> Response:
    """One anchor, to print and keep."""
    return render(request, "anchor.html", page=_view(one_anchor(visit_of(request).db, number)))


@router.get("/journal/anchors/{number}/file")
@allow(Policy.SUPERVISION)
def download(request: Request, number: int) -> Response:
    """The anchor as the file that `dondoc journal verify --anchor` takes."""
    anchor = one_anchor(visit_of(request).db, number)
    name = {"Content-Disposition": f'attachment; filename="neo-{anchor.number}.json"'}
    return JSONResponse(anchor.as_file(), headers=name)


def _view(anchor: Anchor) -> AnchorView:
    return AnchorView(anchor, datetime.fromisoformat(anchor.body["at"]))
