"""Saying and adding something that moves no status: comment, contribute, attach, detach, chase."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine import payload as given
from engine.definition import Text
from engine.errors import Invalid, Refused
from engine.facts import Fact
from engine.mentions import FIELD, mentioned
from engine.situation import Situation
from engine.step_state import Effect
from engine.transitions import Relation

MAIL = "mail"
WAYS = (MAIL, "call", "chat", "letter")


def comment(at: Situation) -> Effect:
    """A remark that every unit of the step can read; people whom it mentions hear of it. ``stored``: sign-in name → account of readers."""
    said = given.text(at.payload, "text")
    named = mentioned(said, given.codes(at.payload, FIELD), at.stored, at.actor.account_id)
    told = (Fact("step.mentioned", {"accounts": list(named)}),) if named else ()
    return Effect({}, (Fact("step.commented"), *told), said)


def contribute(at: Situation) -> Effect:
    """What a coordinating unit adds to the lead unit's work."""
    units = sorted(at.actor.units & frozenset(at.definition.coordinating))
    return Effect({}, (Fact("step.contributed", {"units": units}),), given.text(at.payload, "text"))


def chase(at: Situation) -> Effect:
    """An official reminder to whoever holds the clock; itself recorded (đôn đốc).

    ``how``: mail (usual; it leaves at once), or call, chat, letter: what somebody did outside, recorded with its ``answer``.
    """
    how, answer = given.text(at.payload, "how") or MAIL, given.text(at.payload, "answer")
    if how not in WAYS:
        raise Invalid(Text("Không có cách đôn đốc này.", "There is no such way to chase."), code="how", field="how")
    said = "\n→ ".join(part for part in (given.text(at.payload, "text"), answer) if part)
    return Effect({}, (Fact("step.chased") if how == MAIL else Fact("step.chase-recorded", {"how": how}),), said)


def attach(at: Situation) -> Effect:
    """Files for the draft. Each is ``{evidence, name, media_type, size, sha256}``; "" as evidence is an extra file."""
    files = files_given(at)
    return Effect({"draft": _drafted(at.step.draft, files, at.actor.account_id)}, tuple(map(attached, files)), files=files)


def files_given(at: Situation) -> tuple[dict[str, Any], ...]:
    """The ``files`` that came with an action; () if none. Raises Invalid for what is no list of stored files."""
    files = at.payload.get("files") or ()
    if not isinstance(files, list | tuple):
        raise Invalid(Text("Danh sách tệp không đúng.", "The list of files is wrong."), code="type", field="files")
    known = {e.code for e in at.definition.evidence} | {""}
    return tuple(_file(file, known) for file in files)


def attached(file: dict[str, Any]) -> Fact:
    """That a file came in; its name may be personal and stays out of the journal."""
    return Fact("step.attached", {name: file[name] for name in ("evidence", "sha256", "size")})


def detach(at: Situation) -> Effect:
    """Take a file out of the draft: ``file`` is its sha256, ``evidence_code`` where it lies. Its bytes stay: the journal speaks of them.

    Raises Invalid if the draft does not hold it; Refused for a coordinating unit that did not attach it.
    """
    code, digest = given.text(at.payload, "evidence_code"), given.text(at.payload, "file")
    listed = at.step.draft.get("evidence", {}).get(code, {}).get("files", ())
    found = [file for file in listed if file["sha256"] == digest]
    if not found:
        raise Invalid(Text("Tệp không có trong bản nháp.", "The file is not in the draft."), code="no-file", field="file")
    helps_only = not at.relations & {Relation.LEAD, Relation.AGENCY}
    if helps_only and any(file.get("by") != at.actor.account_id for file in found):
        raise Refused(
            Text("Tệp này do người khác đính kèm.", "Somebody else attached this file."),
            code="not-yours",
            hint=Text("Đề nghị đơn vị chủ trì lấy ra.", "Ask the lead unit to take it out."),
        )
    facts = tuple(Fact("step.detached", {"evidence": code, "sha256": digest, "size": file["size"]}) for file in found)
    return Effect({"draft": _without(at.step.draft, code, digest)}, facts, given.text(at.payload, "reason"))


def _file(file: Any, known: set[str]) -> dict[str, Any]:
    if not isinstance(file, dict):
        raise Invalid(Text("Danh sách tệp không đúng.", "The list of files is wrong."), code="type", field="files")
    found: dict[str, Any] = {name: given.text(file, name) for name in ("evidence", "name", "media_type", "sha256")}
    if not found["name"] or not found["sha256"]:
        raise given.missing("files")
    if found["evidence"] not in known:
        raise Invalid(Text("Không có loại minh chứng này.", "There is no such evidence."), code="evidence", field="files")
    return {**found, "size": given.whole(file, "size", 0)}


def _drafted(draft: dict[str, Any], files: Sequence[dict[str, Any]], by: int) -> dict[str, Any]:
    evidence = {code: dict(document) for code, document in draft.get("evidence", {}).items()}
    for file in files:
        document = evidence.setdefault(file["evidence"], {})
        document["files"] = [*document.get("files", ()), {**{n: file[n] for n in ("name", "sha256", "size")}, "by": by}]
    return {**draft, "evidence": evidence}


def _without(draft: dict[str, Any], code: str, digest: str) -> dict[str, Any]:
    evidence = dict(draft["evidence"])
    kept = [file for file in evidence[code]["files"] if file["sha256"] != digest]
    rest = {name: value for name, value in evidence[code].items() if name != "files"} | ({"files": kept} if kept else {})
    evidence = {**evidence, code: rest} if rest else {name: document for name, document in evidence.items() if name != code}
    return {**draft, "evidence": evidence}
