"""Whether an amendment can be taken back: only the last one, and only while nobody has done anything under it."""

from __future__ import annotations

from sqlalchemy import Connection

from engine.definition import Text
from engine.errors import NotFound, Refused
from models import amending as sql


def still_undoable(connection: Connection, plan_id: int, amendment_id: int) -> None:
    """Raises Refused with the reason where ``amendment_id`` cannot be taken back, NotFound where the plan has none such."""
    row, last = sql.by_id(connection, amendment_id), sql.latest(connection, plan_id)
    if row is None or row["plan_id"] != plan_id:
        raise NotFound()
    if last is None or last["id"] != amendment_id or row["undoes"] is not None:
        raise _refused(Text("Chỉ hoàn tác được lần điều chỉnh cuối cùng.", "Only the last amendment can be taken back."))
    if row["finished_at"] is None:
        raise _refused(Text("Các quy trình đang chuyển sang bản mới.", "Workflows are still moving to it."))
    if done := sql.done_since(connection, row["to_version_id"]):
        raise _refused(Text(f"Đã có người làm tiếp trong {len(done)} quy trình.", f"People have gone on in {len(done)} workflow(s) since."))
    if opened := sql.opened_under(connection, row["to_version_id"]):
        raise _refused(Text(f"Đã mở {len(opened)} quy trình theo bản này.", f"{len(opened)} workflow(s) have opened under it."))


def _refused(reason: Text) -> Refused:
    hint = Text("Điều chỉnh thêm một lần nữa.", "Amend the plan once more instead.")
    return Refused(reason, code="not-undoable", hint=hint)
