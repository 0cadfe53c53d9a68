"""Keys in pieces: every key once, in order, in no more pieces than needed."""

from models.chunks import MOST, chunks


def test_every_key_stands_once_and_in_order() -> None:
    assert list(chunks([5, 1, 3, 1, 2], 2)) == [[1, 2], [3, 5]]
    assert list(chunks({("b", 1), ("a", 2)})) == [[("a", 2), ("b", 1)]]


def test_nothing_to_ask_for_is_not_asked_for() -> None:
    assert list(chunks([])) == []


def test_a_piece_holds_what_a_statement_takes() -> None:
    assert [len(piece) for piece in chunks(range(2 * MOST + 1))] == [MOST, MOST, 1]
