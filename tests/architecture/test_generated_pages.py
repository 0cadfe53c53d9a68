"""Pages that are made from the code say what the code says."""

from __future__ import annotations

from cli.main import app
from cli.reference import page as commands_page
from cli.transition_docs import page as transitions_page
from tests.architecture.sources import CHECKOUT

HINT = "run `make docs`"


def test_the_page_of_commands_is_what_the_program_says() -> None:
    assert (CHECKOUT / "docs/cli.md").read_text(encoding="utf-8") == commands_page(app), HINT


def test_the_page_of_transitions_is_the_table() -> None:
    assert (CHECKOUT / "docs/transitions.md").read_text(encoding="utf-8") == transitions_page(), HINT


def test_every_command_shows_an_example() -> None:
    missing = [section.split("\n", 1)[0] for section in commands_page(app).split("\n## ")[1:] if "Example:" not in section]
    assert missing == []
