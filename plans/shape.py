"""The shape of a pack's files: which keys stand where. `plans.build` turns it into a definition; docs/plan-packs.md explains it.

Descriptions are for the editor that offers completion from the JSON Schema. Where a short form is allowed (a title without
English is a plain text, a predecessor is a plain code), a validator turns it into the long one.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from engine.definition import Basis, Every, Join, Shift
from plans.fields import AtField, CodeField, DayField, JoinField, RepeatField, RuleField, WordsField, WorkingDaysField
from plans.short_forms import long_predecessor, long_shares, long_text, none_is_empty


class Shape(BaseModel):
    """A mapping of a pack. Of the keys in ``one_of`` exactly one must be given."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    one_of: ClassVar[tuple[str, ...]] = ()


def _most(number: int) -> Any:
    """A list far longer than any plan's is a mistake, and would take long to compare with itself."""
    return Field(max_length=number)


def _doc(vi: str, en: str) -> Any:
    return Field(description=f"{vi} — {en}")


class TextShape(Shape):
    """A text in Vietnamese and English."""

    vi: Annotated[WordsField, _doc("tiếng Việt", "Vietnamese")]
    en: Annotated[WordsField, _doc("tiếng Anh", "English; missing: Vietnamese is shown")] = ""


TextField = Annotated[TextShape, BeforeValidator(long_text, json_schema_input_type=TextShape | str)]


class Marked(Shape):
    """Something whose values come from the source or are ours (`plans.basis`)."""

    basis: Annotated[Basis | None, _doc("nguồn của các giá trị bên dưới", "where the values below come from: source or default")] = None
    sourced: Annotated[list[str], _doc("khóa lấy từ văn bản dù basis là default", "keys from the source although basis is default")] = []
    defaults: Annotated[list[str], _doc("khóa do ta chọn dù basis là source", "keys that are ours although the basis is source")] = []


class RungShape(Shape):
    """One rung of a ladder of reminders."""

    at: Annotated[AtField, _doc("khi nào: D-3wd, D, D+30d, A+1wd", "when: D-3wd, D, D+30d, A+1wd")]
    tell: Annotated[
        Literal["lead", "head", "agency", "approver", "committee"] | None, _doc("nhắc ai; mặc định: người giữ đồng hồ", "who hears")
    ] = None
    propose: Annotated[bool | None, _doc("true: chờ cơ quan thường trực đồng ý", "true: the standing agency is asked first")] = None
    repeat: Annotated[RepeatField, _doc("nhắc lại sau mỗi 7d", "again after every so many days, 7d")] = 0


LadderField = Annotated[
    list[RungShape] | None,
    _most(30),
    BeforeValidator(none_is_empty, json_schema_input_type=list[RungShape] | Literal["none"] | None),
    _doc("các bậc nhắc việc, hoặc none", "ladder of reminders, or none; missing: that of the level above"),
]


class PlanShape(Marked):
    """The plan itself."""

    number: Annotated[WordsField, _doc("số, ký hiệu", "number")]
    title: Annotated[TextField, _doc("trích yếu", "what it is about")]
    issuer: Annotated[TextField, _doc("cơ quan ban hành", "who issued it")]
    issued_on: Annotated[DayField, _doc("ngày ban hành", "day of issue")]
    from_: Annotated[DayField, Field(alias="from"), _doc("ngày bắt đầu", "first day of its period")]
    to: Annotated[DayField, _doc("ngày kết thúc", "last day of its period")]
    tracked_from: Annotated[DayField | None, _doc("theo dõi từ; mặc định: ngày ban hành", "tracking begins; default: issued_on")] = None
    standing_agency: Annotated[CodeField, _doc("cơ quan thường trực", "unit that runs the plan")]
    steering_committee: Annotated[CodeField, _doc("ban chỉ đạo", "unit that confirms what the standing agency does")]
    authority: Annotated[CodeField, _doc("cơ quan quyết định cuối cùng", "unit that issued the plan and decides last")]
    ladder: LadderField = None


class NameShape(Shape):
    """A name that a unit bears from a day on."""

    from_: Annotated[DayField | None, Field(alias="from"), _doc("từ ngày", "from this day on; the first name may leave it out")] = None
    name: Annotated[TextField, _doc("tên đầy đủ", "full name")]
    short: Annotated[TextField | None, _doc("tên ngắn; mặc định: tên đầy đủ", "short name; default: the full one")] = None
    type: Annotated[str, _doc("loại đơn vị", "kind of unit")] = ""


class UnitShape(Shape):
    """A unit: its code never changes, its names may."""

    one_of = ("name", "names")

    code: Annotated[CodeField, _doc("mã cố định", "code that never changes")]
    official_code: Annotated[CodeField, _doc("mã thống kê quốc gia", "national statistics code")] = ""
    parent: Annotated[CodeField | None, _doc("đơn vị cấp trên", "unit above it")] = None
    name: Annotated[TextField | None, _doc("tên đầy đủ (nếu không đổi)", "full name, if it never changed")] = None
    short: Annotated[TextField | None, _doc("tên ngắn", "short name")] = None
    type: Annotated[str, _doc("loại đơn vị", "kind of unit")] = ""
    names: Annotated[list[NameShape], _doc("các tên theo thời gian", "its names, oldest first")] = []
    ends_on: Annotated[DayField | None, _doc("ngày đầu tiên không còn tồn tại", "first day on which it is gone")] = None


class GroupShape(Shape):
    """A group of units, in the order in which they are always shown."""

    code: Annotated[CodeField, _doc("mã nhóm", "code")]
    title: Annotated[TextField, _doc("tên nhóm", "title")]
    include: Annotated[list[CodeField], _most(100), _doc("lấy cả các nhóm này", "all units of these groups, first")] = []
    units: Annotated[list[CodeField], _most(1000), _doc("các đơn vị", "these units, after them")] = []


class ShareShape(Shape):
    """A unit that takes on what another one leaves."""

    unit: Annotated[CodeField, _doc("đơn vị kế thừa", "the successor")]
    steps: Annotated[
        list[WordsField], _most(300), _doc("chỉ các bước này: NV4/ngay-hoi/bao-cao", "these steps, though not the default")
    ] = []


SharesField = Annotated[list[ShareShape], BeforeValidator(long_shares, json_schema_input_type=list[ShareShape | str] | str)]


class ChangePartShape(Shape):
    """One thing that happens to units: a new name, a merger, a split, an end."""

    one_of = ("rename", "merge", "split", "end")

    rename: Annotated[CodeField | None, _doc("đơn vị đổi tên", "the unit that gets another name")] = None
    merge: Annotated[list[CodeField], _doc("các đơn vị sáp nhập", "the units that become one")] = []
    split: Annotated[CodeField | None, _doc("đơn vị chia tách", "the unit that becomes several")] = None
    end: Annotated[CodeField | None, _doc("đơn vị kết thúc", "the unit that ends")] = None
    into: Annotated[SharesField, _doc("các đơn vị kế thừa, mặc định ghi đầu", "the successors, the default one first")] = []
    name: Annotated[TextField | None, _doc("tên mới", "the new name")] = None
    short: Annotated[TextField | None, _doc("tên ngắn mới", "the new short name; default: the full one")] = None
    type: Annotated[str, _doc("loại đơn vị mới", "the new kind of unit")] = ""
    official_code: Annotated[CodeField, _doc("mã thống kê mới", "the new national statistics code")] = ""


class UnitChangeShape(Marked):
    """What a document changes about units from a day on."""

    on: Annotated[DayField, _doc("từ ngày", "from this day on")]
    document: Annotated[WordsField, _doc("văn bản: số, ngày, cơ quan", "the document: number, date, who issued it")]
    new_units: Annotated[list[UnitShape], _most(300), _doc("đơn vị mới", "units that begin then")] = []
    parts: Annotated[list[ChangePartShape], _most(300), _doc("các thay đổi", "what happens")]


class OverrideShape(Shape):
    """A day that differs from the usual calendar."""

    day: Annotated[DayField, _doc("ngày", "the day")]
    working: Annotated[bool, _doc("true: làm bù; false: nghỉ", "true: worked; false: off")]
    document: Annotated[WordsField, _doc("văn bản quy định", "the document that says so")]
    name: Annotated[TextField | None, _doc("lý do", "what the day is")] = None


class PredecessorShape(Shape):
    """A step that comes before."""

    step: Annotated[CodeField, _doc("mã bước trước", "code of the step before")]
    soft: Annotated[bool, _doc("true: chỉ là thứ tự, không chặn", "true: order only, never blocks")] = False


PredecessorField = Annotated[PredecessorShape, BeforeValidator(long_predecessor, json_schema_input_type=PredecessorShape | str)]


class LinkShape(Shape):
    """One link of an approval chain: one unit, or all or any of several."""

    one_of = ("by", "all", "any")

    by: Annotated[CodeField | None, _doc("đơn vị duyệt", "the one unit that approves")] = None
    all: Annotated[list[CodeField], _doc("tất cả phải duyệt", "all of these must approve")] = []
    any: Annotated[list[CodeField], _doc("một trong số này duyệt", "one of these must approve")] = []
    within: Annotated[WorkingDaysField, _doc("thời hạn duyệt, ngày làm việc", "working days for approving, 3wd")] = 3


class WindowShape(Shape):
    """The days among which a unit picks its own."""

    from_: Annotated[RuleField, Field(alias="from"), _doc("ngày đầu", "first day")]
    to: Annotated[RuleField, _doc("ngày cuối", "last day")]
    choose_by: Annotated[RuleField | None, _doc("chọn trước ngày", "last day for picking without a reason")] = None


class EvidenceShape(Shape):
    """A document that a submission carries."""

    code: Annotated[CodeField | None, _doc("mã; mặc định lấy từ tên", "code; default: made from the title")] = None
    title: Annotated[TextField, _doc("tên văn bản", "what it is")]
    required: Annotated[bool, _doc("bắt buộc", "no submission without it")] = False
    number: Annotated[bool, _doc("phải có số và ngày", "its number and date must be given")] = False


class FigureShape(Shape):
    """A value that a submission carries."""

    code: Annotated[CodeField, _doc("mã số liệu", "code")]
    title: Annotated[TextField, _doc("tên số liệu", "what it counts")]
    type: Annotated[Literal["count", "number", "money", "percentage", "text", "choice"], _doc("kiểu", "kind of value")] = "count"
    min: Annotated[float | None, _doc("nhỏ nhất", "smallest value")] = None
    max: Annotated[float | None, _doc("lớn nhất", "largest value")] = None
    required: Annotated[bool, _doc("bắt buộc", "no submission without it")] = False
    sum: Annotated[bool, _doc("cộng dồn khi tổng hợp", "added up when consolidated")] = False
    choices: Annotated[list[WordsField], _doc("các lựa chọn", "the values to choose from")] = []


class StepShape(Marked):
    """One piece of work of one lead unit (or of each unit of a group)."""

    one_of = ("lead", "for_each")

    code: Annotated[CodeField, _doc("mã bước", "code")]
    title: Annotated[TextField, _doc("tên bước", "title")]
    ask: Annotated[TextField | None, _doc("yêu cầu cụ thể", "what is asked, in a sentence or two")] = None
    lead: Annotated[CodeField | None, _doc("đơn vị chủ trì", "the one unit that answers for it")] = None
    for_each: Annotated[CodeField | None, _doc("mỗi đơn vị của nhóm này làm một bước", "group of which each unit does the step")] = None
    with_: Annotated[list[CodeField], _most(1000), Field(alias="with"), _doc("đơn vị phối hợp", "coordinating units")] = []
    due: Annotated[RuleField, _doc("hạn xử lý", "date rule of the due date, or none")]
    shift: Annotated[Shift | None, _doc("khi trúng ngày nghỉ", "where a due date on a day off goes")] = None
    after: Annotated[list[PredecessorField], _most(100), _doc("các bước trước", "the steps before")] = []
    join: Annotated[JoinField, _doc("bao nhiêu đơn vị xong thì mở", "how many of a group must be through")] = Join()
    not_before: Annotated[RuleField | None, _doc("không mở trước ngày", "opens on this day at the earliest")] = None
    window: Annotated[WindowShape | None, _doc("khoảng ngày đơn vị tự chọn", "days among which a unit picks its own")] = None
    approve: Annotated[
        list[LinkShape] | None,
        BeforeValidator(none_is_empty, json_schema_input_type=list[LinkShape] | Literal["none"] | None),
        _doc("chuỗi phê duyệt, hoặc none", "approval chain, or none; missing: the usual confirmation"),
    ] = None
    evidence: Annotated[list[EvidenceShape], _doc("minh chứng", "documents to hand in")] = []
    figures: Annotated[list[FigureShape], _doc("số liệu", "values to hand in")] = []
    report: Annotated[
        bool | None,
        _doc(
            "là báo cáo: có thêm mục khó khăn và đề xuất; mặc định: khi có số liệu",
            "a report: also asks for difficulties and proposals; default: where there are figures",
        ),
    ] = None
    ladder: LadderField = None


class WorkflowShape(Marked):
    """One part of a key task with its own cycle."""

    code: Annotated[CodeField, _doc("mã quy trình", "code")]
    title: Annotated[TextField | None, _doc("tên; mặc định: tên nhiệm vụ", "title; default: the key task's")] = None
    every: Annotated[Every, _doc("chu kỳ", "how often")]
    lead: Annotated[CodeField | None, _doc("chủ trì; mặc định: của nhiệm vụ", "lead unit; default: the key task's")] = None
    anchor: Annotated[RuleField | None, _doc("ngày T của mỗi chu kỳ", "day T of each cycle")] = None
    opens: Annotated[RuleField | None, _doc("ngày mở; mặc định: ngày đầu chu kỳ", "day of opening; default: first day of the cycle")] = None
    starts_on: Annotated[DayField | None, _doc("không mở chu kỳ nào trước ngày", "no cycle opens before this day")] = None
    confidential: Annotated[bool, _doc("mật: chỉ hiện số và ngày", "true: number and date only, outside its own page")] = False
    steps: Annotated[list[StepShape], _most(300), _doc("các bước", "the steps")]
    ladder: LadderField = None


class KeyTaskShape(Marked):
    """One of the plan's headline commitments."""

    code: Annotated[CodeField, _doc("mã nhiệm vụ", "code")]
    title: Annotated[TextField, _doc("tên nhiệm vụ", "title")]
    source: Annotated[WordsField, _doc("trích nguyên văn", "quoted word for word from the plan")]
    lead: Annotated[CodeField, _doc("chủ trì", "lead unit")]
    workflows: Annotated[list[WorkflowShape], _most(50), _doc("các quy trình", "its workflows")]
    ladder: LadderField = None


class FileShape(Shape):
    """A file of a pack. Every key may stand in any file; lists of several files follow each other, ``plan`` is given once."""

    basis: Annotated[Basis | None, _doc("nguồn của mọi giá trị trong tệp", "where the values of this file come from")] = None
    plan: Annotated[PlanShape | None, _doc("kế hoạch", "the plan itself")] = None
    units: Annotated[list[UnitShape], _most(1000), _doc("các đơn vị", "units")] = []
    groups: Annotated[list[GroupShape], _most(200), _doc("các nhóm đơn vị", "groups of units")] = []
    unit_changes: Annotated[list[UnitChangeShape], _most(50), _doc("thay đổi đơn vị", "changes of units")] = []
    calendar: Annotated[list[OverrideShape], _most(1000), _doc("ngày nghỉ, ngày làm bù", "days off and days worked")] = []
    key_tasks: Annotated[list[KeyTaskShape], _most(200), _doc("các nhiệm vụ trọng tâm", "key tasks")] = []
    plan_workflows: Annotated[list[WorkflowShape], _most(200), _doc("quy trình cấp kế hoạch", "workflows of the plan itself")] = []
