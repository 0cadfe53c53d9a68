"""What a webhook can subscribe to, and an event as it leaves: CloudEvents 1.0 in JSON, without a word that somebody wrote.

An event is a fact of the journal. Facts hold no free text and no names; what belongs to a confidential workflow leaves without its title
and without the fact's details.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from engine.definition import Text

PREFIX = "dondoc."
TRIAL = "trial"

EVENTS: dict[str, Text] = {
    "step.opened": Text("bước được mở, giao việc", "a step opened: work assigned"),
    "step.opened-early": Text("bước được mở sớm", "a step was opened early"),
    "step.join-closed": Text("chốt, không chờ các đơn vị còn thiếu", "a join was closed without the missing units"),
    "step.waiting-again": Text("bước chờ lại", "a step waits again"),
    "step.flagged": Text("bước cần xem lại", "a step is to be looked at again"),
    "step.accepted": Text("đơn vị nhận việc", "the unit accepted"),
    "step.refused": Text("đơn vị từ chối", "the unit refused"),
    "step.progressed": Text("báo tiến độ", "progress was reported"),
    "step.handler-named": Text("giao người xử lý trong đơn vị", "the unit named who handles it"),
    "step.handler-released": Text("không giao riêng ai xử lý nữa", "nobody is named to handle it any more"),
    "step.submitted": Text("trình duyệt", "submitted for approval"),
    "step.completed": Text("hoàn thành, không cần xác nhận", "completed, nobody confirms"),
    "step.recalled": Text("thu hồi", "recalled"),
    "step.approval-given": Text("một đơn vị đã duyệt", "one of the approvers approved"),
    "step.link-approved": Text("qua một cấp duyệt", "one link of the chain approved"),
    "step.approved": Text("phê duyệt xong", "finally approved"),
    "step.returned": Text("trả lại", "returned"),
    "step.reassigned": Text("giao đơn vị khác", "reassigned"),
    "step.suspended": Text("tạm dừng", "suspended"),
    "step.resumed": Text("tiếp tục", "resumed"),
    "step.not-applicable": Text("không áp dụng", "marked not applicable"),
    "step.prior-recorded": Text("ghi kết quả trước khi theo dõi", "a result from before tracking was recorded"),
    "step.cancelled": Text("hủy bước", "cancelled"),
    "step.reopened": Text("mở lại", "reopened"),
    "step.corrected": Text("đính chính", "corrected"),
    "step.commented": Text("có ý kiến", "a comment"),
    "step.mentioned": Text("ý kiến nhắc đến ai đó", "a comment mentions somebody"),
    "step.attached": Text("đính kèm tệp", "a file was attached"),
    "step.detached": Text("bỏ tệp đính kèm", "a file was taken away"),
    "step.contributed": Text("đơn vị phối hợp đóng góp", "a coordinating unit contributed"),
    "step.day-chosen": Text("chọn ngày", "the unit chose its day"),
    "step.extension-requested": Text("xin gia hạn", "an extension was asked for"),
    "step.extension-granted": Text("cho gia hạn", "an extension was granted"),
    "step.extension-refused": Text("không cho gia hạn", "an extension was refused"),
    "step.chased": Text("đôn đốc", "chased"),
    "step.chase-recorded": Text("ghi nhận đã đôn đốc", "a chase outside was recorded"),
    "step.due-soon": Text("sắp đến hạn", "due soon"),
    "step.overdue": Text("quá hạn", "overdue"),
    "step.approval-overdue": Text("quá hạn xác nhận", "an approval is overdue"),
    "step.due-shifted": Text("hạn chuyển theo lịch", "the due date moved with the calendar"),
    "step.approval-shifted": Text("hạn xác nhận chuyển theo lịch", "the day for confirming moved with the calendar"),
    "step.escalated": Text("chuyển lên lãnh đạo cơ quan thường trực", "taken to the standing agency's leader"),
    "step.escalated-to-committee": Text("chuyển lên Ban Chỉ đạo", "taken to the Steering Committee"),
    "step.escalation-put-off": Text("chưa chuyển lên cấp trên", "an escalation was put off"),
    "step.succeeded": Text("đơn vị kế thừa tiếp nhận", "a successor took it over"),
    "step.approver-succeeded": Text("nơi xác nhận có đơn vị kế thừa", "another unit confirms from now on"),
    "units.planned": Text("sẽ có thay đổi đơn vị", "units will change"),
    "units.changed": Text("đơn vị thay đổi", "units have changed"),
    "step.consolidated": Text("số liệu được tổng hợp", "figures were consolidated"),
    "step.sources-corrected": Text("số liệu nguồn được đính chính", "figures that were summed up were corrected"),
    "step.added": Text("bước thêm khi sửa đổi kế hoạch", "a step was added by an amendment"),
    "step.removed": Text("bước bỏ khi sửa đổi kế hoạch", "a step was taken out by an amendment"),
    "step.restored": Text("bước có lại khi sửa đổi kế hoạch", "a step was brought back by an amendment"),
    "step.reworded": Text("bước đổi lời khi sửa đổi kế hoạch", "a step was reworded by an amendment"),
    "step.amended": Text("bước được sửa đổi", "a step was amended"),
    "step.due-amended": Text("hạn được sửa đổi", "a due date was amended"),
    "step.lead-amended": Text("đơn vị chủ trì được sửa đổi", "a lead unit was amended"),
    "workflow.amended": Text("quy trình được sửa đổi", "a workflow was amended"),
    "workflow.opened": Text("lập quy trình", "a workflow was set up"),
    "workflow.assigned": Text("giao việc đột xuất", "an assignment by document"),
    "workflow.finished": Text("quy trình kết thúc", "a workflow has finished"),
    "workflow.closed": Text("kết sổ chu kỳ", "a cycle was closed"),
    "workflow.reopened": Text("mở lại chu kỳ", "a cycle was reopened"),
    "step.carried-over": Text("chuyển tiếp khi kết sổ", "carried over when its cycle was closed"),
    "step.carried-into-next": Text("chuyển sang kỳ sau khi kết sổ", "carried into the next cycle"),
    "step.left-unfinished": Text("kết sổ, chưa hoàn thành", "left unfinished when its cycle was closed"),
    "step.taken-up-again": Text("chạy tiếp khi mở lại chu kỳ", "taken up again when its cycle was reopened"),
    "plan.published": Text("ban hành kế hoạch", "a plan was published"),
    "unit.unreachable": Text("đơn vị không ai nhận được thư", "nobody in a unit can be reached"),
    "plan.amended": Text("sửa đổi kế hoạch", "a plan was amended"),
    "calendar.changed": Text("lịch làm việc thay đổi", "the working calendar changed"),
}
NOT_OFFERED = frozenset(
    {
        "step.rung",
        "step.draft-saved",
        "file.purge-proposed",
        "file.purge-refused",
        "file.purged",
        "journal.anchored",
        "account.erased",
        "account.password-changed",
        "account.created",
        "account.invited",
        "account.code-given",
        "account.disabled",
        "account.enabled",
        "account.provider-linked",
        "account.provider-unlinked",
        "account.second-factor-on",
        "account.second-factor-off",
        "account.recovery-code-used",
        "account.recovery-codes-renewed",
        "token.made",
        "token.revoked",
        "calendar.kept",
        "workflow.units-changed",
        "plan.units-changed",
        "units.withdrawn",
        "people.deputy-named",
        "people.deputy-ended",
        "people.handed-over",
        "people.joined",
        "people.left-unit",
        "webhook.added",
        "webhook.removed",
        "message.resent",
    }
)
"""What concerns the program itself or single persons."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One fact with what surrounds it. ``stream``, ``seq``, ``number``: where it stands in the journal; ``workflow`` and ``step``: what it
    is about, as plain JSON, None where it is about none."""

    kind: str
    stream: str
    seq: int
    number: int
    at: datetime
    details: Mapping[str, Any]
    plan: str = ""
    workflow: Mapping[str, Any] | None = None
    step: Mapping[str, Any] | None = None
    confidential: bool = False

    @property
    def id(self) -> str:
        """Its identity; the same whoever is told, and however often."""
        return f"{self.stream}:{self.seq}:{self.number}"


def cloud_event(what: Happening, source: str) -> dict[str, Any]:
    """The event as JSON. ``source``: the address of this installation."""
    data: dict[str, Any] = {"plan": what.plan} if what.plan else {}
    data |= {"workflow": dict(what.workflow)} if what.workflow else {}
    data |= {"step": dict(what.step)} if what.step else {}
    data |= {"details": dict(what.details)} if what.details and not what.confidential else {}
    subject = f"steps/{what.step['id']}" if what.step else f"workflows/{what.workflow['id']}" if what.workflow else what.stream
    return {
        "specversion": "1.0",
        "id": what.id,
        "source": source,
        "type": PREFIX + what.kind,
        "subject": subject,
        "time": what.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": data,
    }


def body_of(event: Mapping[str, Any]) -> bytes:
    """The bytes that leave and are signed: the same for every attempt."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
