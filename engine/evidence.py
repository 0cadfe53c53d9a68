"""What a submission must carry, and its frozen form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from engine import payload as given
from engine.definition import Evidence, Figure, StepDefinition, Text
from engine.errors import Invalid, InvalidFields
from engine.figures import Value, value_of


def frozen(step: StepDefinition, draft: dict[str, Any], payload: dict[str, Any], *, check: bool = True) -> dict[str, Any]:
    """The body of a round: evidence (files, number, date) and figures from the draft and what was just given.

    Raises Invalid for a required document or figure that is missing, unless ``check`` is off (recorded from paper).
    """
    documents = {e.code: _document(e, draft, payload) for e in step.evidence}
    figures = _figures(step.figures, draft, payload, check=check)
    extra = draft.get("evidence", {}).get("", {})
    if check:
        for evidence in step.evidence:
            _require(evidence, documents[evidence.code])
    body: dict[str, Any] = {
        "evidence": {code: d for code, d in documents.items() if d},
        "figures": {k: v for k, v in figures.items() if v is not None},
    }
    for name, value in (("files", extra.get("files")), ("consolidated", draft.get("consolidated"))):
        if value:
            body[name] = value
    return body


def handed_in_draft(draft: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """What stays drafted once ``body`` was handed in: the same, so that a return begins where the round ended. Its note is spent."""
    kept = {name: value for name, value in draft.items() if name != "note"}
    return {**kept, "figures": body["figures"], "evidence": {**draft.get("evidence", {}), **body["evidence"]}}


def drafted_documents(step: StepDefinition, draft: dict[str, Any], payload: dict[str, Any]) -> dict[str, Any]:
    """The documents of ``draft`` with the numbers and dates that were just given; files stay where they are."""
    found = {code: dict(document) for code, document in draft.get("evidence", {}).items()}
    for evidence in step.evidence:
        if evidence.code in given.mapping(payload, "evidence"):
            found[evidence.code] = _document(evidence, draft, payload)
    return found


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


def read_figures(figures: Iterable[Figure], given_now: dict[str, Any]) -> dict[str, Value | None]:
    """The values in ``given_now`` as they are stored, by code; None for one that was emptied.

    Raises Invalid for the one that is wrong, or InvalidFields with what is wrong with each of several.
    """
    found: dict[str, Value | None] = {}
    wrong: list[Invalid] = []
    for figure in figures:
        if figure.code in given_now:
            try:
                found[figure.code] = value_of(figure, given_now[figure.code], field=f"figures.{figure.code}")
            except Invalid as error:
                wrong.append(error)
    _raise(wrong)
    return found


def _figures(figures: Sequence[Figure], draft: dict[str, Any], payload: dict[str, Any], *, check: bool) -> dict[str, Value | None]:
    """The values given now, else the drafted ones; what was given empty is empty."""
    drafted = {f.code: draft.get("figures", {}).get(f.code) for f in figures}
    values = {**drafted, **read_figures(figures, given.mapping(payload, "figures"))}
    if check:
        _raise([_lacking(f) for f in figures if f.required and values[f.code] is None])
    return values


def _lacking(figure: Figure) -> Invalid:
    message = Text(f"Chưa ghi “{figure.title.vi}”.", f"Give “{figure.title.in_('en')}”.")
    return Invalid(message, code="figure", field=f"figures.{figure.code}")


def _raise(wrong: Sequence[Invalid]) -> None:
    """Raise what is wrong, if anything is."""
    if len(wrong) == 1:
        raise wrong[0]
    if wrong:
        raise InvalidFields({str(error.field): error.sentence for error in wrong})
