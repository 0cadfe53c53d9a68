"""What the pages say is what is there."""

import re
import tomllib

from tests.architecture.sources import CHECKOUT, ROOMS, written_files

DECISIONS = CHECKOUT / "docs/decisions"
PARTS = ("## Situation", "## Decision", "## What follows")
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)#\s]+)[^)]*\)")


def text_of(name: str) -> str:
    return (CHECKOUT / name).read_text(encoding="utf-8")


def commands(name: str) -> list[str]:
    """The commands in a page's fenced shell blocks."""
    blocks = re.findall(r"^```(?:sh|bash|console)\n(.*?)^```", text_of(name), re.M | re.S)
    return [line.removeprefix("$ ").split("#")[0].strip() for block in blocks for line in block.splitlines() if line.strip()]


def test_the_first_page_names_two_make_commands():
    for page in ("README.md", "README.vi.md"):
        assert [c for c in commands(page) if c.startswith("make ")] == ["make run", "make test"]


def test_every_make_command_in_a_page_exists():
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.M))
    pages = [*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md")]
    named = {word for page in pages for word in re.findall(r"`make ([a-z]+)", page.read_text(encoding="utf-8"))}
    assert named <= targets


def test_every_make_target_explains_itself():
    phony = re.search(r"^\.PHONY: (.*)$", text_of("Makefile"), re.M)
    assert phony
    assert not [t for t in phony[1].split() if not re.search(rf"^{t}:.*## \S", text_of("Makefile"), re.M)]


def test_every_link_between_pages_leads_somewhere():
    dead = []
    for page in [*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md")]:
        for found in LINK.finditer(page.read_text(encoding="utf-8")):
            target = found["target"]
            if "://" not in target and not (page.parent / target).exists():
                dead.append(f"{page.relative_to(CHECKOUT)} -> {target}")
    assert not dead


def test_every_room_is_in_the_picture_of_the_rooms():
    picture = text_of("docs/architecture.md")
    assert not [room for room in ROOMS if f"`{room}/`" not in picture]


def test_pyproject_lists_every_room():
    listed = tomllib.loads(text_of("pyproject.toml"))
    assert sorted(listed["tool"]["setuptools"]["packages"]) == sorted(listed["tool"]["importlinter"]["root_packages"]) == sorted(ROOMS)
    found = {path.parent.name for path in CHECKOUT.glob("*/__init__.py")} - {"tests", "benchmarks", "bundling"}
    assert found == set(ROOMS)


def test_decisions_are_numbered_without_a_gap_and_listed():
    pages = sorted(path.name for path in DECISIONS.glob("[0-9]*.md"))
    assert [int(name[:4]) for name in pages] == list(range(1, len(pages) + 1))
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    assert not [name for name in pages if f"({name})" not in index]


def test_a_decision_says_the_situation_the_choice_and_what_follows():
    assert not [page.name for page in DECISIONS.glob("[0-9]*.md") for part in PARTS if part not in page.read_text(encoding="utf-8")]


def test_the_changelog_leads_with_what_is_not_released_yet():
    headings = re.findall(r"^## (.*)$", text_of("CHANGELOG.md"), re.M)
    assert headings[0] == "[Unreleased]"


def test_the_project_stands_alone():
    """No page, comment or message refers to a file outside the checkout."""
    outside = re.compile(r"\bDESIG[N]\b|[(]DOMAI[N]|DOMAI[N][.:]|STYLE[.]md|[.][.]/shared|/wor[k]/")
    found = [
        f"{path.relative_to(CHECKOUT)}:{number}"
        for path in written_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if outside.search(line)
    ]
    assert not found
