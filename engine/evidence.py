"""What a submission must carry, and its frozen form."""

from __future__ import annotations

from typing import Any

from engine import payload as given
from engine.definition import Evidence, Figure, StepDefinition, Text
from engine.errors import Invalid


def frozen(step: StepDefinition, draft: dict[str, Any], payload: dict[str, Any], *, check: bool = True) -> dict[str, Any]:
    """The body of a round: evidence (files, number, date) and figures from the draft and what was just given.

    Raises Invalid for a required document or figure that is missing, unless ``check`` is off (recorded from paper).
    """
    documents = {e.code: _document(e, draft, payload) for e in step.evidence}
    figures = {f.code: _figure(f, draft, payload, check=check) for f in step.figures}
    extra = draft.get("evidence", {}).get("", {})
    if check:
        for evidence in step.evidence:
            _require(evidence, documents[evidence.code])
    body: dict[str, Any] = {
        "evidence": {code: d for code, d in documents.items() if d},
        "figures": {k: v for k, v in figures.items() if v is not None},
    }
    return body | ({"files": extra["files"]} if extra.get("files") else {})


def _document(evidence: Evidence, draft: dict[str, Any], payload: dict[str, Any]) -> dict[str, Any]:
    drafted = draft.get("evidence", {}).get(evidence.code, {})
    now = given.mapping(given.mapping(payload, "evidence"), evidence.code)
    found: dict[str, Any] = {"files": list(drafted.get("files", ()))} if drafted.get("files") else {}
    number = given.text({"number": now.get("number", drafted.get("number"))}, "number")
    dated = given.day({"date": now.get("date", drafted.get("date"))}, "date")
    if number:
        found["number"] = number
    if dated:
        found["date"] = dated.isoformat()
    return found


def _require(evidence: Evidence, document: dict[str, Any]) -> None:
    """A required document is there as a file or by its number; where the number matters it must be given with its date."""
    numbered = "number" in document and "date" in document
    started = evidence.required or bool(document)
    if evidence.number and started and not numbered:
        raise Invalid(
            Text(f"“{evidence.title.vi}” cần số và ngày văn bản.", f"“{evidence.title.in_('en')}” needs its number and date."),
            code="evidence-number",
            field=f"evidence.{evidence.code}",
        )
    if evidence.required and not (document.get("files") or numbered):
        raise Invalid(
            Text(f"Thiếu minh chứng “{evidence.title.vi}”.", f"The evidence “{evidence.title.in_('en')}” is missing."),
            code="evidence",
            field=f"evidence.{evidence.code}",
            hint=Text("Đính kèm tệp, hoặc ghi số và ngày văn bản.", "Attach the file, or give its number and date."),
        )


def _figure(figure: Figure, draft: dict[str, Any], payload: dict[str, Any], *, check: bool) -> Any:
    value = given.mapping(payload, "figures").get(figure.code, draft.get("figures", {}).get(figure.code))
    field = f"figures.{figure.code}"
    if value is None or value == "":
        if figure.required and check:
            raise Invalid(Text(f"Chưa ghi “{figure.title.vi}”.", f"Give “{figure.title.in_('en')}”."), code="figure", field=field)
        return None
    if figure.type == "text":
        return given.text({field: value}, field)
    if figure.type == "choice":
        if value not in figure.choices:
            choices = ", ".join(figure.choices)
            raise Invalid(Text(f"Chọn một trong: {choices}.", f"Choose one of: {choices}."), code="choice", field=field)
        return value
    return _number(figure, value, field)


def _number(figure: Figure, value: Any, field: str) -> int | float:
    try:
        number = float(str(value).replace(" ", "").replace(",", "."))
    except ValueError:
        raise Invalid(Text("Phải là số.", "It must be a number."), code="number", field=field) from None
    if number != number or number in (float("inf"), float("-inf")):
        raise Invalid(Text("Phải là số.", "It must be a number."), code="number", field=field)
    if (figure.min is not None and number < figure.min) or (figure.max is not None and number > figure.max):
        low, high = figure.min if figure.min is not None else "-∞", figure.max if figure.max is not None else "∞"
        raise Invalid(Text(f"Phải từ {low} đến {high}.", f"It must be from {low} to {high}."), code="range", field=field)
    if figure.type == "count" and number != int(number):
        raise Invalid(Text("Phải là số nguyên.", "It must be a whole number."), code="whole", field=field)
    return int(number) if number == int(number) else number
