"""One word for one thing: what the code can say, the glossary explains."""

import ast
import re

from engine.statuses import Timeliness, WorkStatus
from engine.transitions import Action
from tests.architecture.sources import CHECKOUT, sources

GLOSSARY = (CHECKOUT / "docs/glossary.md").read_text(encoding="utf-8")


def rows(heading: str) -> dict[str, str]:
    """The table under ``heading``: first cell (without backticks) to the rest of the row."""
    section = GLOSSARY.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line.strip("| ").split(" | ", 1) for line in section.splitlines() if line.startswith("| ")]
    return {first.strip("`* "): rest for first, rest in lines[1:]}


def test_every_work_status_is_explained_and_none_besides():
    assert list(rows("Work status")) == [str(status) for status in WorkStatus]


def test_every_timeliness_is_explained_and_none_besides():
    assert list(rows("Timeliness")) == [str(timeliness) for timeliness in Timeliness]


def test_every_action_is_explained_and_none_besides():
    assert sorted(rows("Actions")) == sorted(str(action) for action in Action)


def test_every_word_has_a_vietnamese_one():
    bare = [
        word
        for heading in ("Words", "Work status", "Timeliness", "Actions")
        for word, rest in rows(heading).items()
        if len(rest.split(" | ")) < 2
    ]
    assert not bare


def test_no_class_is_called_a_bare_task():
    """``Task`` belongs to Prefect alone; ours are KeyTask, Workflow and Step."""
    bare = re.compile(r"^(Task|Job|Activity|Ticket|Issue)$")
    found = [
        f"{s.name}:{n.lineno} {n.name}" for s in sources() for n in ast.walk(s.tree) if isinstance(n, ast.ClassDef) and bare.match(n.name)
    ]
    assert not found
