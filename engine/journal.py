"""The hash chain of a journal stream.

An entry's hash covers the hash before it and the entry's canonical JSON (sorted keys, no spaces, UTF-8), so that an edit, a deletion, a
reordering or an insertion shows. Free text is represented by a salted hash, so erasing the text keeps the chain whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256
from typing import Any

GENESIS = ""
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical(body: dict[str, Any]) -> str:
    """``body`` as canonical JSON; ValueError for NaN, TypeError for anything that is not plain JSON."""
    return _ENCODER.encode(body)


def entry_hash(previous: str, body: dict[str, Any]) -> str:
    """The hash of an entry that follows ``previous`` ("" for the first)."""
    return sha256(f"{previous}\n{canonical(body)}".encode()).hexdigest()


def text_hash(salt: str, text: str) -> str:
    """What stands in the entry for ``text``."""
    return sha256(f"{salt}\n{text}".encode()).hexdigest()


def plain(value: Any) -> Any:
    """``value`` as plain JSON: dates and instants in ISO form, tuples and sets as lists."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in value]
    return value


def first_fault(
    entries: Iterable[tuple[int, dict[str, Any], str, str | None, str | None]],
    seq: int,
    head: str,
    *,
    after: tuple[int, str] = (0, GENESIS),
) -> str | None:
    """What is wrong with a stream, or None.

    ``entries``: (seq, body, hash, text, salt) in order; ``seq`` and ``head``: what the stream's owner says its end is. ``after``: number
    and hash of the entry up to which the stream was verified before; ``entries`` then go on from there.
    """
    count, previous = after
    for number, body, hash_, text, salt in entries:
        count += 1
        if number != count:
            return f"entry {count} is missing (found {number})"
        if entry_hash(previous, body) != hash_:
            return f"entry {number} does not match its hash"
        if text is not None and text_hash(salt or "", text) != body.get("text"):
            return f"the text of entry {number} was changed"
        previous = hash_
    if count != seq or (count and previous != head):
        return f"the stream ends at {count}, its owner says {seq}"
    return None
