"""Anchors of the journal: what proves, outside the database, that the chains in it are still the same ones.

An anchor is an entry of a stream of its own. It names the end of every other stream that has changed since the anchor before, so one hash
stands for the whole journal up to that moment. Whoever keeps an anchor elsewhere can tell a journal that was rewritten from its beginning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.definition import Text
from engine.errors import Invalid
from engine.journal import entry_hash

STREAM = "anchors"
FORMAT = "dondoc-anchor/1"
ANCHORED = "journal.anchored"

Points = dict[str, list[tuple[int, str, int]]]
"""By stream: (seq, hash of that entry, number of the anchor that says so)."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """One anchor. ``body`` is its journal entry, {} where only number and hash were kept, as in a mail."""

    number: int
    hash: str
    previous: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fact(self) -> Mapping[str, Any]:
        """The fact that it records; {} where only number and hash are known."""
        facts = self.body.get("facts") or [{}]
        found: Mapping[str, Any] = facts[0]
        return found

    @property
    def office(self) -> str:
        """Which installation it belongs to: a random name given with its first anchor; "" if unknown."""
        return str(self.fact.get("office", ""))

    @property
    def ends(self) -> list[tuple[str, int, str]]:
        """(stream, seq, head) of what had changed."""
        return [(str(stream), int(seq), str(head)) for stream, seq, head in self.fact.get("streams", ())]

    def as_file(self) -> dict[str, Any]:
        """What is kept elsewhere, as plain JSON."""
        return {"format": FORMAT, "number": self.number, "hash": self.hash, "previous": self.previous, "entry": dict(self.body)}


def changed_since(ends: Mapping[str, tuple[int, str]], anchors: Iterable[Anchor]) -> list[list[Any]]:
    """[stream, seq, head] of every stream of ``ends`` that does not stand where ``anchors`` last saw it. The anchors' own is left out."""
    known = {stream: seq for anchor in anchors for stream, seq, _ in anchor.ends}
    return [[name, seq, head] for name, (seq, head) in sorted(ends.items()) if name != STREAM and seq and known.get(name) != seq]


def points_of(anchors: Iterable[Anchor]) -> Points:
    """Every place that ``anchors`` speak of, by stream."""
    found: Points = {}
    for anchor in anchors:
        for stream, seq, head in anchor.ends:
            found.setdefault(stream, []).append((seq, head, anchor.number))
    return found


def missed(points: Iterable[tuple[int, str, int]], hashes: Mapping[int, str]) -> str | None:
    """How a stream whose entries have ``hashes`` (by seq) contradicts ``points``, or None."""
    for seq, head, number in points:
        if seq not in hashes:
            return f"anchor {number} saw {seq} entries, the stream ends before: it was cut off"
        if hashes[seq] != head:
            return f"entry {seq} is not the one that anchor {number} saw: the stream was rewritten"
    return None


def contradiction(kept: Anchor, stored: Mapping[int, Anchor]) -> str | None:
    """How the anchor ``kept`` elsewhere contradicts the ``stored`` ones (by number), or None."""
    if kept.body and entry_hash(kept.previous, dict(kept.body)) != kept.hash:
        return "the file does not match its own hash: it was changed"
    offices = {anchor.office for anchor in stored.values()}
    if kept.office and offices and kept.office not in offices:
        return f"a foreign anchor: it belongs to the installation {kept.office}"
    if kept.number not in stored:
        return f"the journal has no anchor {kept.number}: it was cut off or rewritten"
    if stored[kept.number].hash != kept.hash:
        return f"anchor {kept.number} is not the one that was kept: the journal was rewritten"
    return None


def from_file(data: Any) -> Anchor:
    """The anchor in a file that `Anchor.as_file` wrote, or one with ``number`` and ``hash`` alone. Raises `Invalid` for anything else."""
    try:
        anchor = Anchor(int(data["number"]), str(data["hash"]), str(data.get("previous", "")), data.get("entry") or {})
        if data.get("format", FORMAT) != FORMAT or (anchor.body and (anchor.ends is None or anchor.fact["kind"] != ANCHORED)):
            raise ValueError(data.get("format"))
    except (AttributeError, KeyError, TypeError, ValueError, IndexError):
        raise Invalid(
            Text("Tệp không phải là neo nhật ký.", "The file is no anchor of a journal."),
            code="anchor-file",
            hint=Text('Cần JSON có "number" và "hash".', 'It wants JSON with "number" and "hash".'),
        ) from None
    return anchor
