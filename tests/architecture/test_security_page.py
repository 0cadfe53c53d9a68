"""docs/security.md: every requirement of ASVS 5.0.0 at levels 1 and 2 stands there once, and what it names exists."""

from __future__ import annotations

import re
from collections import Counter

from tests.architecture.sources import CHECKOUT

# The levels of each section's requirements in their order, from the published table of version 5.0.0.
SECTIONS = """
1.1 22 1.2 1111122223 1.3 112222222223 1.4 222 1.5 123 2.1 122 2.2 112 2.3 12223 2.4 23 3.1 3 3.2 113 3.3 12223 3.4 11222233 3.5 11122333
3.6 3 3.7 22333 4.1 12233 4.2 23333 4.3 22 4.4 1222 5.1 2 5.2 112333 5.3 113 5.4 222 6.1 122 6.2 111111112222 6.3 11223333 6.4 112233
6.5 22222333 6.6 2223 6.7 33 6.8 2222 7.1 222 7.2 1111 7.3 22 7.4 11222 7.5 223 7.6 22 8.1 1233 8.2 1123 8.3 133 8.4 23 9.1 111 9.2 1222
10.1 22 10.2 223 10.3 22223 10.4 1111122222233333 10.5 22222 10.6 22 10.7 222 11.1 2233 11.2 22233 11.3 11233 11.4 1222 11.5 23 11.6 23
11.7 33 12.1 12233 12.2 11 12.3 22223 13.1 2333 13.2 222223 13.3 2233 13.4 1222233 14.1 22 14.2 12223333 14.3 122 15.1 12233 15.2 12233
15.3 1222222 15.4 3333 16.1 2 16.2 22222 16.3 2222 16.4 222 16.5 2223 17.1 23 17.2 22223333 17.3 22
"""
PAGE = (CHECKOUT / "docs/security.md").read_text(encoding="utf-8")


def levels() -> dict[str, int]:
    """Requirement number → level."""
    words = SECTIONS.split()
    sections = zip(words[::2], words[1::2], strict=True)
    return {f"{section}.{n}": int(level) for section, found in sections for n, level in enumerate(found, start=1)}


def numbers() -> list[str]:
    """Every number that a row of the page speaks of, ranges as what they contain."""
    found = []
    for first, last in re.findall(r"^\| (\d+\.\d+\.\d+)(?:-(\d+\.\d+\.\d+))? \|", PAGE, re.M):
        section, low = first.rsplit(".", 1)
        assert not last or last.rsplit(".", 1)[0] == section, (first, last)
        found += [f"{section}.{n}" for n in range(int(low), int(last.rsplit(".", 1)[1] if last else low) + 1)]
    return found + re.findall(r"17\.\d+\.\d+", PAGE)


def test_the_table_of_levels_is_the_published_one() -> None:
    assert Counter(levels().values()) == {1: 70, 2: 183, 3: 92}


def test_every_requirement_of_levels_1_and_2_stands_there_once() -> None:
    wanted = Counter(number for number, level in levels().items() if level < 3)
    assert Counter(numbers()) - wanted == Counter()
    assert wanted - Counter(numbers()) == Counter()


def test_what_it_names_exists() -> None:
    missing = [
        path for path in re.findall(r"`((?:tests|engine|web|models|services|wiring)/[\w./]+\.py)`", PAGE) if not (CHECKOUT / path).is_file()
    ]
    missing += [path for path in re.findall(r"\]\(([\w/.-]+\.md)", PAGE) if not (CHECKOUT / "docs" / path).is_file()]
    assert missing == []
