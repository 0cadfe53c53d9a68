"""A date rule as an official would say it: "T-30", "ngày 14 của tháng cuối quý"."""

from __future__ import annotations

from engine.dates import period_of
from engine.definition import DateRule, DueKind, Every, Text

PERIODS = {
    Every.MONTH: Text("tháng", "month"),
    Every.QUARTER: Text("quý", "quarter"),
    Every.HALF_YEAR: Text("6 tháng", "half-year"),
    Every.YEAR: Text("năm", "year"),
}


def rule_words(rule: DateRule) -> Text:
    """``rule`` in words; empty where there is no deadline."""
    days = (
        Text(f"{rule.offset} ngày làm việc", f"{rule.offset} working days")
        if rule.working_days
        else Text(f"{rule.offset} ngày", f"{rule.offset} days")
    )
    if rule.kind is DueKind.NONE:
        return Text("")
    if rule.kind is DueKind.AFTER:
        return Text(f"{days.vi} sau khi mở bước", f"{days.en} after it opens")
    if rule.kind is DueKind.ISSUE:
        return Text(f"{days.vi} sau ngày ban hành kế hoạch", f"{days.en} after the plan was issued")
    if rule.kind is DueKind.PERIOD_END:
        period = PERIODS[period_of(rule)]
        return Text(f"ngày {rule.day} của tháng cuối {period.vi}", f"day {rule.day} of the last month of the {period.en}")
    if rule.kind is DueKind.DAY:
        return _day(rule)
    if rule.offset == 0:
        return Text("ngày T", "day T")
    written = rule.text.removesuffix("wd")
    return Text(f"{written} ngày làm việc", f"{written} working days") if rule.working_days else Text(written, written)


def rule_sentence(rule: DateRule, anchor: DateRule | None) -> Text:
    """``rule`` for who does not know how rules are written: what T is, by the ``anchor`` of its workflow, and that there is no date."""
    if rule.kind is DueKind.NONE:
        return Text("không hạn", "no due date")
    if rule.kind is not DueKind.ANCHOR:
        return rule_words(rule)
    day = rule_words(anchor) if anchor else Text("T", "T")
    if rule.offset == 0:
        return Text(f"đúng ngày mốc ({day.vi})", f"on the anchor day ({day.en})")
    n, working = abs(rule.offset), rule.working_days
    vi, en = ("trước", "before") if rule.offset < 0 else ("sau", "after")
    unit = Text("ngày làm việc", "working days") if working else Text("ngày", "days")
    return Text(f"{n} {unit.vi} {vi} ngày mốc ({day.vi})", f"{n} {unit.en} {en} the anchor day ({day.en})")


def _day(rule: DateRule) -> Text:
    day = f"{rule.day:02}/{rule.month:02}"
    if rule.year:
        return Text(f"{day}/{rule.year}", f"{day}/{rule.year}")
    if rule.years:
        return Text(f"{day} của {rule.years} năm sau", f"{day}, {rule.years} year(s) later")
    return Text(f"{day} hằng năm", f"{day} each year")
