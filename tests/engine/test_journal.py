"""The chain: whatever is done to a stream shows, and where."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.journal import GENESIS, canonical, entry_hash, first_fault, plain, text_hash

Entry = tuple[int, dict[str, Any], str, str | None, str | None]


def stream(length: int = 4, *, start: str = GENESIS) -> list[Entry]:
    """A sound stream in which every second entry has a text."""
    entries: list[Entry] = []
    previous = start
    for seq in range(1, length + 1):
        text, salt = ("Đề nghị nộp sớm", "a1b2") if seq % 2 == 0 else (None, None)
        body: dict[str, Any] = {"seq": seq, "action": "comment", "account": 101}
        if text and salt:
            body["text"] = text_hash(salt, text)
        previous = entry_hash(previous, body)
        entries.append((seq, body, previous, text, salt))
    return entries


SOUND = stream()
HEAD = SOUND[-1][2]


def rehashed(entry: Entry, previous: str, **changes: Any) -> Entry:
    """The entry changed by somebody who knows how hashes are made."""
    body = {**entry[1], **changes}
    return entry[0], body, entry_hash(previous, body), entry[3], entry[4]


def edited() -> list[Entry]:
    return [SOUND[0], (2, {**SOUND[1][1], "account": 7}, *SOUND[1][2:]), *SOUND[2:]]


def edited_and_rehashed() -> list[Entry]:
    return [SOUND[0], rehashed(SOUND[1], SOUND[0][2], account=7), *SOUND[2:]]


def deleted() -> list[Entry]:
    return [SOUND[0], *SOUND[2:]]


def deleted_and_renumbered() -> list[Entry]:
    return [SOUND[0], *((entry[0] - 1, *entry[1:]) for entry in SOUND[2:])]


def reordered() -> list[Entry]:
    return [SOUND[0], SOUND[2], SOUND[1], SOUND[3]]


def reordered_and_renumbered() -> list[Entry]:
    return [SOUND[0], (2, *SOUND[2][1:]), (3, *SOUND[1][1:]), SOUND[3]]


def inserted() -> list[Entry]:
    return [*SOUND[:2], SOUND[1], *SOUND[2:]]


def inserted_and_renumbered() -> list[Entry]:
    forged = rehashed((3, {"seq": 3, "action": "approve", "account": 7}, "", None, None), SOUND[1][2])
    return [*SOUND[:2], forged, (4, *SOUND[2][1:]), (5, *SOUND[3][1:])]


def truncated() -> list[Entry]:
    return SOUND[:-1]


def emptied() -> list[Entry]:
    return []


def another_text() -> list[Entry]:
    return [SOUND[0], (*SOUND[1][:3], "Tôi đồng ý", SOUND[1][4]), *SOUND[2:]]


def another_salt() -> list[Entry]:
    return [SOUND[0], (*SOUND[1][:4], "ffff"), *SOUND[2:]]


def a_text_where_none_was() -> list[Entry]:
    return [(*SOUND[0][:3], "thêm vào", "a1b2"), *SOUND[1:]]


def all_rewritten() -> list[Entry]:
    return stream(start="somebody else's")


FAULTS = {
    edited: "entry 2 does not match its hash",
    edited_and_rehashed: "entry 3 does not match its hash",
    deleted: "entry 2 is missing (found 3)",
    deleted_and_renumbered: "entry 2 does not match its hash",
    reordered: "entry 2 is missing (found 3)",
    reordered_and_renumbered: "entry 2 does not match its hash",
    inserted: "entry 3 is missing (found 2)",
    inserted_and_renumbered: "entry 4 does not match its hash",
    truncated: "the stream ends at 3, its owner says 4",
    emptied: "the stream ends at 0, its owner says 4",
    another_text: "the text of entry 2 was changed",
    another_salt: "the text of entry 2 was changed",
    a_text_where_none_was: "the text of entry 1 was changed",
    all_rewritten: "entry 1 does not match its hash",
}


def test_a_sound_stream_has_no_fault() -> None:
    assert first_fault(SOUND, 4, HEAD) is None
    assert first_fault([], 0, GENESIS) is None


@pytest.mark.parametrize("tamper", FAULTS, ids=lambda tamper: tamper.__name__)
def test_tampering_shows_and_where(tamper: Any) -> None:
    assert first_fault(tamper(), 4, HEAD) == FAULTS[tamper]


def test_a_chain_rewritten_to_its_end_shows_against_the_head_that_was_kept() -> None:
    forged = [SOUND[0], rehashed(SOUND[1], SOUND[0][2], account=7)]
    forged.append(rehashed(SOUND[2], forged[1][2]))
    forged.append(rehashed(SOUND[3], forged[2][2]))
    assert first_fault(forged, 4, forged[-1][2]) is None
    assert first_fault(forged, 4, HEAD) is not None


def test_erasing_a_text_keeps_the_chain_whole() -> None:
    erased = [(seq, body, hash_, None, None) for seq, body, hash_, _, _ in SOUND]
    assert first_fault(erased, 4, HEAD) is None


def test_equal_texts_do_not_show_as_equal() -> None:
    assert text_hash("a1", "Đồng ý") != text_hash("b2", "Đồng ý")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=3),
)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=4), JSON, min_size=2, max_size=5))
def test_the_order_of_keys_changes_nothing(body: dict[str, Any]) -> None:
    assert canonical(body) == canonical(dict(reversed(body.items())))
    assert entry_hash("x", body) != entry_hash("y", body)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_no_json(value: float) -> None:
    with pytest.raises(ValueError, match="Out of range"):
        canonical({"value": value})


def test_dates_instants_and_sets_become_plain() -> None:
    found = plain({"day": date(2024, 7, 22), "at": datetime(2024, 7, 22, 2, tzinfo=UTC), "units": ("a", "b"), 1: {"x"}})
    assert found == {"day": "2024-07-22", "at": "2024-07-22T02:00:00+00:00", "units": ["a", "b"], "1": ["x"]}
