"""What a webhook can subscribe to: the facts that are offered as events, in groups that people choose by.

An event of a new kind stands in one of `EVENT_GROUPS`; a fact that is none of another program's business in `NOT_OFFERED`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from engine.definition import Text


@dataclass(frozen=True, slots=True)
class EventGroup:
    """Events that somebody would choose together. ``code``: its name for commands; ``about``: what it tells of, in one sentence."""

    code: str
    title: Text
    about: Text
    events: Mapping[str, Text]

    def of(self, kinds: Collection[str]) -> dict[str, Text]:
        """Its events that ``kinds`` names."""
        return {kind: text for kind, text in self.events.items() if kind in kinds}


EVENT_GROUPS: tuple[EventGroup, ...] = (
    EventGroup(
        "assignments",
        Text("Giao việc, nhận việc", "Work assigned and taken up"),
        Text("Việc được giao cho ai, ai nhận, ai từ chối, ai xử lý.", "Who is given work, takes it up, turns it down or handles it."),
        {
            "step.opened": Text("bước được mở, giao việc", "a step opened: work assigned"),
            "step.opened-early": Text("bước được mở sớm", "a step was opened early"),
            "step.waiting-again": Text("bước chờ lại", "a step waits again"),
            "workflow.assigned": Text("giao việc đột xuất", "an assignment by document"),
            "step.accepted": Text("đơn vị nhận việc", "the unit accepted"),
            "step.refused": Text("đơn vị từ chối", "the unit refused"),
            "step.reassigned": Text("giao đơn vị khác", "reassigned"),
            "step.handler-named": Text("giao người xử lý trong đơn vị", "the unit named who handles it"),
            "step.handler-released": Text("không giao riêng ai xử lý nữa", "nobody is named to handle it any more"),
        },
    ),
    EventGroup(
        "deadlines",
        Text("Hạn xử lý", "Deadlines"),
        Text(
            "Sắp đến hạn, quá hạn, gia hạn, chọn ngày; hạn chuyển theo lịch làm việc.",
            "Due soon, overdue, extensions, days that are chosen; dates that move with the calendar.",
        ),
        {
            "step.due-soon": Text("sắp đến hạn", "due soon"),
            "step.overdue": Text("quá hạn", "overdue"),
            "step.approval-overdue": Text("quá hạn xác nhận", "an approval is overdue"),
            "step.extension-requested": Text("xin gia hạn", "an extension was asked for"),
            "step.extension-granted": Text("cho gia hạn", "an extension was granted"),
            "step.extension-refused": Text("không cho gia hạn", "an extension was refused"),
            "step.day-chosen": Text("chọn ngày", "the unit chose its day"),
            "step.due-shifted": Text("hạn chuyển theo lịch", "the due date moved with the calendar"),
            "step.approval-shifted": Text("hạn xác nhận chuyển theo lịch", "the day for confirming moved with the calendar"),
            "calendar.changed": Text("lịch làm việc thay đổi", "the working calendar changed"),
        },
    ),
    EventGroup(
        "chasing",
        Text("Đôn đốc, chuyển lên cấp trên", "Chasing and escalation"),
        Text(
            "Ai bị đôn đốc; việc nào chuyển lên lãnh đạo hay Ban Chỉ đạo.",
            "Who is chased, and what goes up to the leader or the Steering Committee.",
        ),
        {
            "step.chased": Text("đôn đốc", "chased"),
            "step.chase-recorded": Text("ghi nhận đã đôn đốc", "a chase outside was recorded"),
            "step.escalated": Text("chuyển lên lãnh đạo cơ quan thường trực", "taken to the standing agency's leader"),
            "step.escalated-to-committee": Text("chuyển lên Ban Chỉ đạo", "taken to the Steering Committee"),
            "step.escalation-put-off": Text("chưa chuyển lên cấp trên", "an escalation was put off"),
        },
    ),
    EventGroup(
        "approvals",
        Text("Trình duyệt, xác nhận", "Submissions and decisions"),
        Text("Kết quả được trình, duyệt, trả lại, thu hồi, hoàn thành.", "Results submitted, approved, returned, recalled, completed."),
        {
            "step.submitted": Text("trình duyệt", "submitted for approval"),
            "step.recalled": Text("thu hồi", "recalled"),
            "step.approval-given": Text("một đơn vị đã duyệt", "one of the approvers approved"),
            "step.link-approved": Text("qua một cấp duyệt", "one link of the chain approved"),
            "step.approved": Text("phê duyệt xong", "finally approved"),
            "step.returned": Text("trả lại", "returned"),
            "step.completed": Text("hoàn thành, không cần xác nhận", "completed, nobody confirms"),
        },
    ),
    EventGroup(
        "discussion",
        Text("Tiến độ, ý kiến, tệp", "Progress, comments and files"),
        Text("Những gì thêm vào một bước khi đang làm.", "What is added to a step while it is being worked on."),
        {
            "step.progressed": Text("báo tiến độ", "progress was reported"),
            "step.commented": Text("có ý kiến", "a comment"),
            "step.mentioned": Text("ý kiến nhắc đến ai đó", "a comment mentions somebody"),
            "step.attached": Text("đính kèm tệp", "a file was attached"),
            "step.detached": Text("bỏ tệp đính kèm", "a file was taken away"),
            "step.contributed": Text("đơn vị phối hợp đóng góp", "a coordinating unit contributed"),
        },
    ),
    EventGroup(
        "figures",
        Text("Số liệu", "Figures"),
        Text(
            "Số liệu được tổng hợp, hoặc số liệu nguồn được đính chính.",
            "Figures were summed up, or those they were summed up from were corrected.",
        ),
        {
            "step.consolidated": Text("số liệu được tổng hợp", "figures were consolidated"),
            "step.sources-corrected": Text("số liệu nguồn được đính chính", "figures that were summed up were corrected"),
        },
    ),
    EventGroup(
        "interventions",
        Text("Can thiệp vào bước", "Interventions"),
        Text(
            "Tạm dừng, hủy, mở lại, đính chính, chốt không chờ.",
            "Steps suspended, cancelled, reopened, corrected, or no longer waited for.",
        ),
        {
            "step.suspended": Text("tạm dừng", "suspended"),
            "step.resumed": Text("tiếp tục", "resumed"),
            "step.not-applicable": Text("không áp dụng", "marked not applicable"),
            "step.cancelled": Text("hủy bước", "cancelled"),
            "step.reopened": Text("mở lại", "reopened"),
            "step.corrected": Text("đính chính", "corrected"),
            "step.flagged": Text("bước cần xem lại", "a step is to be looked at again"),
            "step.join-closed": Text("chốt, không chờ các đơn vị còn thiếu", "a join was closed without the missing units"),
            "step.prior-recorded": Text("ghi kết quả trước khi theo dõi", "a result from before tracking was recorded"),
        },
    ),
    EventGroup(
        "plans",
        Text("Kế hoạch và sửa đổi", "Plans and amendments"),
        Text("Kế hoạch được ban hành, sửa đổi, và bước nào đổi theo.", "A plan is published or amended, and which steps change with it."),
        {
            "plan.published": Text("ban hành kế hoạch", "a plan was published"),
            "plan.amended": Text("sửa đổi kế hoạch", "a plan was amended"),
            "workflow.amended": Text("quy trình được sửa đổi", "a workflow was amended"),
            "step.added": Text("bước thêm khi sửa đổi kế hoạch", "a step was added by an amendment"),
            "step.removed": Text("bước bỏ khi sửa đổi kế hoạch", "a step was taken out by an amendment"),
            "step.restored": Text("bước có lại khi sửa đổi kế hoạch", "a step was brought back by an amendment"),
            "step.reworded": Text("bước đổi lời khi sửa đổi kế hoạch", "a step was reworded by an amendment"),
            "step.amended": Text("bước được sửa đổi", "a step was amended"),
            "step.due-amended": Text("hạn được sửa đổi", "a due date was amended"),
            "step.lead-amended": Text("đơn vị chủ trì được sửa đổi", "a lead unit was amended"),
        },
    ),
    EventGroup(
        "cycles",
        Text("Quy trình, chu kỳ", "Workflows and cycles"),
        Text(
            "Quy trình được lập, kết thúc, kết sổ, mở lại; bước nào chuyển kỳ.",
            "A workflow is set up, finishes, is closed or reopened; steps that are carried over.",
        ),
        {
            "workflow.opened": Text("lập quy trình", "a workflow was set up"),
            "workflow.finished": Text("quy trình kết thúc", "a workflow has finished"),
            "workflow.closed": Text("kết sổ chu kỳ", "a cycle was closed"),
            "workflow.reopened": Text("mở lại chu kỳ", "a cycle was reopened"),
            "step.carried-over": Text("chuyển tiếp khi kết sổ", "carried over when its cycle was closed"),
            "step.carried-into-next": Text("chuyển sang kỳ sau khi kết sổ", "carried into the next cycle"),
            "step.left-unfinished": Text("kết sổ, chưa hoàn thành", "left unfinished when its cycle was closed"),
            "step.taken-up-again": Text("chạy tiếp khi mở lại chu kỳ", "taken up again when its cycle was reopened"),
        },
    ),
    EventGroup(
        "units",
        Text("Đơn vị", "Units"),
        Text(
            "Sáp nhập, đổi tên, kế thừa; đơn vị không ai nhận được thư.",
            "Mergers, new names, successors; units where nobody can be reached.",
        ),
        {
            "units.planned": Text("sẽ có thay đổi đơn vị", "units will change"),
            "units.changed": Text("đơn vị thay đổi", "units have changed"),
            "step.succeeded": Text("đơn vị kế thừa tiếp nhận", "a successor took it over"),
            "step.approver-succeeded": Text("nơi xác nhận có đơn vị kế thừa", "another unit confirms from now on"),
            "unit.unreachable": Text("đơn vị không ai nhận được thư", "nobody in a unit can be reached"),
        },
    ),
)
EVENTS: dict[str, Text] = {kind: text for group in EVENT_GROUPS for kind, text in group.events.items()}
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
        "webhook.events-chosen",
        "webhook.removed",
        "message.resent",
    }
)
"""What concerns the program itself or single persons."""


def of_groups(codes: Collection[str]) -> tuple[str, ...]:
    """The kinds of event in the groups of these codes; those that there are not are passed over, see `unknown_groups`."""
    return tuple(kind for group in EVENT_GROUPS if group.code in codes for kind in group.events)


def unknown_groups(codes: Collection[str]) -> list[str]:
    """Those of ``codes`` that no group has, in order."""
    return sorted(set(codes) - {group.code for group in EVENT_GROUPS})
