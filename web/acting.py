"""Acting on a step, the same for pages and API: one action through its service, files stored before the action that names them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.datastructures import UploadFile

from engine.definition import Text
from engine.errors import Invalid, Refused
from engine.transitions import Action
from services.act import ActionResult, act
from services.attachments import store
from services.queries.step_page import step_page
from web.visit import Visit


def take_action(
    visit: Visit, step_id: int, action: str, payload: dict[str, Any], *, version: int | None = None, key: str | None = None
) -> ActionResult:
    """Take ``action`` for the visitor at the present instant. Raises what `services.act.act` raises."""
    return act(
        visit.db,
        actor=visit.actor,
        step_id=step_id,
        action=action,
        payload=payload,
        expected_version=version,
        key=key,
        now=visit.now,
        calendar=visit.context.calendar(),
    )


def attach_files(visit: Visit, step_id: int, chosen: Sequence[tuple[str, UploadFile]], *, key: str | None = None) -> ActionResult:
    """Store the ``chosen`` files (evidence code, upload) and attach them to the draft: an act of its own, whatever follows.

    Raises `Refused` before a byte is kept for somebody who may not attach, `Invalid` for a file that is not accepted.
    """
    if not chosen:
        raise Invalid(Text("Chưa chọn tệp.", "Choose a file."), code="missing", field="files")
    page = step_page(visit.db, visit.actor, step_id, visit.now, visit.units)
    if page.offers is None or Action.ATTACH not in page.offers.elsewhere:
        raise Refused(Text("Bạn không đính kèm được vào bước này.", "You cannot attach files to this step."), code="attach")
    folder = visit.context.settings.attachments_folder
    stored = [store(folder, upload.file, name=upload.filename or "", evidence=code) for code, upload in chosen]
    return take_action(visit, step_id, Action.ATTACH, {"files": [file.as_payload() for file in stored]}, key=key)
