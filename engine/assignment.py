"""Ad-hoc assignments (việc đột xuất): a document that no plan foresaw, as a definition of one step.

It is read from one form, everything wrong with it is said at once, and what comes of it is an ordinary `WorkflowDefinition`: the same
engine, journal, notices and reports as the plan's own work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from engine import payload as given
from engine.calendar import WorkCalendar
from engine.cycles import Cycle
from engine.definition import ApprovalLink, DateRule, DueKind, Every, Evidence, Shift, StepDefinition, Text, WorkflowDefinition
from engine.errors import Invalid, InvalidFields

AD_HOC = "dot-xuat"  # what lists are narrowed by; no key task's code
STEP = "viec"
NOBODY = "none"  # nobody confirms
LONGEST_LINE, LONGEST_TITLE = 300, 120
MOST_UNITS, MOST_EVIDENCE = 200, 10
FARTHEST = timedelta(days=3660)
SUGGESTED = 7  # working days
FIELDS = ("number", "signed_on", "abstract", "leader", "text", "leads", "coordinating", "due_on", "approver", "evidence")


@dataclass(frozen=True, slots=True)
class AssigningDocument:
    """The document behind an assignment. ``leader``: the title of who instructed it, never a person's name."""

    number: str
    signed_on: date
    abstract: str = ""
    leader: str = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """What is assigned. Several ``leads`` get a step each. ``approver``: a unit, "" for the usual one, `NOBODY` for none."""

    document: AssigningDocument
    text: str
    leads: tuple[str, ...]
    due_on: date
    coordinating: tuple[str, ...] = ()
    approver: str = ""
    evidence: tuple[str, ...] = ()
    numbered: bool = False
    urgent: bool = False
    confidential: bool = False

    @property
    def title(self) -> str:
        """The text's beginning, as lists show it."""
        line = " ".join(self.text.split())
        return line if len(line) <= LONGEST_TITLE else line[:LONGEST_TITLE].rsplit(" ", 1)[0] + "…"


def read_assignment(
    form: Mapping[str, Any], *, groups: Mapping[str, tuple[str, ...]], units: frozenset[str], today: date
) -> Assignment:  # fmt: skip
    """An assignment from ``form`` (names as in `FIELDS`, and ``numbered``, ``urgent``, ``confidential``); lists as such or by comma.

    ``units``: those of the plan that exist today; the code of one of ``groups`` among the leads stands for its units. Raises
    `InvalidFields` with every problem.
    """
    reader = _Reader(form, {})
    document = AssigningDocument(
        reader.line("number", needed=True),
        reader.day("signed_on", latest=today),
        reader.line("abstract"),
        reader.line("leader", needed=True),
    )
    text, due_on = reader.text("text"), reader.day("due_on", earliest=today, latest=today + FARTHEST)
    leads = reader.units("leads", units, groups, needed=True)
    coordinating = tuple(unit for unit in reader.units("coordinating", units, groups) if unit not in leads)
    approver = reader.line("approver")
    if approver not in ("", NOBODY) and approver not in units:
        reader.problems.setdefault("approver", Text("Không có đơn vị này.", "There is no such unit."))
    elif approver in leads:
        reader.problems["approver"] = Text("Đơn vị chủ trì không tự xác nhận.", "A lead unit does not confirm its own work.")
    evidence = reader.lines("evidence")
    if reader.problems:
        raise InvalidFields({name: reader.problems[name] for name in FIELDS if name in reader.problems})
    flags = {name: bool(form.get(name)) for name in ("numbered", "urgent", "confidential")}
    return Assignment(document, text, leads, due_on, coordinating, approver, evidence, **flags)


def definition_of(assignment: Assignment, code: str) -> WorkflowDefinition:
    """The definition of one step, made once for each lead where there are several."""
    due = DateRule(
        DueKind.DAY, f"{assignment.due_on:%d/%m/%Y}", day=assignment.due_on.day, month=assignment.due_on.month, year=assignment.due_on.year
    )
    approve = None if not assignment.approver else () if assignment.approver == NOBODY else (ApprovalLink((assignment.approver,)),)
    many = len(assignment.leads) > 1
    step = StepDefinition(
        code=STEP, title=Text(assignment.title), due=due, lead=None if many else assignment.leads[0], for_each=AD_HOC if many else None,
        coordinating=assignment.coordinating, ask=Text(assignment.text), shift=Shift.NONE, approve=approve,
        evidence=tuple(
            Evidence(f"minh-chung-{n}", Text(title), required=True, number=assignment.numbered)
            for n, title in enumerate(assignment.evidence, 1)
        ),
    )  # fmt: skip
    title = Text(assignment.document.abstract or assignment.title)
    return WorkflowDefinition(code, title, Every.ONCE, assignment.leads[0], (step,), confidential=assignment.confidential)


def cycle_of_assignment(assignment: Assignment, today: date) -> Cycle:
    """The one cycle of an assignment: from the day on which it is made to its due date."""
    return Cycle("once", today, assignment.due_on, None, today)


def suggested_due(today: date, calendar: WorkCalendar) -> date:
    """The due date to begin with."""
    return calendar.add(today, SUGGESTED)


def doubts(assignment: Assignment, calendar: WorkCalendar, today: date) -> tuple[Text, ...]:
    """What is allowed and yet probably not meant."""
    found = []
    due = f"{assignment.due_on:%d/%m/%Y}"
    if not calendar.is_working(assignment.due_on):
        found.append(Text(f"Hạn {due} là ngày nghỉ.", f"The due date {due} is a day off."))
    if calendar.between(today, assignment.due_on) < 1:
        found.append(Text("Không còn ngày làm việc nào đến hạn.", "No working day is left until the due date."))
    if assignment.approver == NOBODY:
        found.append(Text("Không ai xác nhận kết quả: trình là xong.", "Nobody confirms the result: handing in ends it."))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads fields one by one and keeps what is wrong with each."""

    form: Mapping[str, Any]
    problems: dict[str, Text]

    def line(self, name: str, *, needed: bool = False) -> str:
        value = " ".join(self._text(name).split())
        if needed and not value:
            self.problems.setdefault(name, given.missing(name).text)
        elif len(value) > LONGEST_LINE:
            self.problems[name] = Text(f"Dài quá {LONGEST_LINE} ký tự.", f"Longer than {LONGEST_LINE} characters.")
        return value

    def text(self, name: str) -> str:
        value = self._text(name)
        if not value:
            self.problems.setdefault(name, given.missing(name).text)
        return value

    def lines(self, name: str) -> tuple[str, ...]:
        """The lines of a text, or the items of a list, without empty and repeated ones."""
        value = self.form.get(name) or ""
        parts = self._text(name).splitlines() if isinstance(value, str) else [str(part) for part in value]
        found = tuple(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))
        if len(found) > MOST_EVIDENCE:
            self.problems[name] = Text(f"Tối đa {MOST_EVIDENCE} dòng.", f"At most {MOST_EVIDENCE} lines.")
        elif any(len(part) > LONGEST_LINE for part in found):
            self.problems[name] = Text(f"Có dòng dài quá {LONGEST_LINE} ký tự.", f"A line is longer than {LONGEST_LINE} characters.")
        return found

    def day(self, name: str, *, earliest: date | None = None, latest: date) -> date:
        """The day of ``name``; ``latest`` stands in for one that is wrong, so that reading goes on."""
        try:
            found = given.required_day(dict(self.form), name)
        except Invalid as error:
            self.problems[name] = error.text
            return latest
        if earliest is not None and found < earliest:
            self.problems[name] = Text("Ngày đã qua.", "That day has passed.")
        elif found > latest:
            self.problems[name] = Text(f"Sau ngày {latest:%d/%m/%Y}.", f"It is after {latest:%d/%m/%Y}.")
        return found

    def units(
        self, name: str, known: frozenset[str], groups: Mapping[str, tuple[str, ...]], *, needed: bool = False
    ) -> tuple[str, ...]:  # fmt: skip
        """Units of ``name``, groups taken apart, each once."""
        try:
            codes = given.codes(dict(self.form), name)
        except Invalid as error:
            self.problems[name] = error.text
            return ()
        found = tuple(dict.fromkeys(unit for code in codes if code for unit in groups.get(code, (code,))))
        unknown = ", ".join(unit for unit in found if unit not in known)
        if unknown:
            self.problems[name] = Text(f"Không có đơn vị {unknown}.", f"There is no unit {unknown}.")
        elif len(found) > MOST_UNITS:
            self.problems[name] = Text(f"Tối đa {MOST_UNITS} đơn vị.", f"At most {MOST_UNITS} units.")
        elif needed and not found:
            self.problems[name] = Text("Chọn đơn vị chủ trì.", "Choose the lead unit.")
        return found

    def _text(self, name: str) -> str:
        try:
            return given.text(dict(self.form), name)
        except Invalid as error:
            self.problems[name] = error.text
            return ""
