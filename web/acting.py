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
from services.scan import scanner
from web.metrics import timed
from web.proof import require_proof
from web.visit import Visit

MEGABYTE = 1024 * 1024


def take_action(
    visit: Visit, step_id: int, action: str, payload: dict[str, Any], *, version: int | None = None, key: str | None = None
) -> ActionResult:
    """Take ``action`` for the visitor at the present instant. Raises what `services.act.act` raises, and `Refused` for an
    approval that asks its person for a proof first."""
    require_proof(visit, action, payload)
    with timed(action):
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
    return take_action(visit, step_id, Action.ATTACH, {"files": stored_files(visit, step_id, Action.ATTACH, chosen)}, key=key)


def stored_files(visit: Visit, step_id: int, action: Action, chosen: Sequence[tuple[str, UploadFile]]) -> list[dict[str, Any]]:
    """The ``chosen`` files kept in the store, as ``action`` wants them. Raises `Refused` before a byte is kept for who may not take it."""
    offers = step_page(visit.db, visit.actor, step_id, visit.now, visit.units).offers
    if offers is None or action not in offers.elsewhere | {offer.action for offer in offers.can}:
        raise Refused(Text("Bạn không đính kèm được vào bước này.", "You cannot attach files to this step."), code="attach")
    settings = visit.context.settings
    folder, largest, scan = settings.attachments_folder, settings.attachment_limit_mb * MEGABYTE, scanner(settings.scan_command)
    return [
        store(folder, upload.file, name=upload.filename or "", evidence=code, largest=largest, scan=scan).as_payload()
        for code, upload in chosen
    ]
