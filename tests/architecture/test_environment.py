"""The environment is read in `wiring` alone, and every setting is on its page."""

import ast

from tests.architecture.sources import CHECKOUT, dotted, sources
from wiring.settings import Settings
from wiring.settings_docs import page

READS = {"os.environ", "os.environb", "os.getenv", "os.putenv", "os.unsetenv"}


def test_nothing_but_wiring_touches_the_environment():
    found = []
    for source in sources():
        if source.name.startswith("wiring/"):
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Attribute) and dotted(node) in READS:
                found.append(f"{source.name}:{node.lineno} {dotted(node)}")
            if isinstance(node, ast.ImportFrom) and node.module == "os":
                found += [f"{source.name}:{node.lineno} os.{a.name}" for a in node.names if f"os.{a.name}" in READS]
    assert not found


def test_the_page_of_settings_is_what_the_code_says():
    assert (CHECKOUT / "docs/settings.md").read_text(encoding="utf-8") == page(), "run: make docs"


def test_every_setting_says_what_it_does():
    assert not [name for name, field in Settings.model_fields.items() if len(field.description or "") < 10]


def test_every_setting_is_used_somewhere():
    words = {node.attr for source in sources() for node in ast.walk(source.tree) if isinstance(node, ast.Attribute)}
    assert not sorted(set(Settings.model_fields) - words)
