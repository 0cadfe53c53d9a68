"""Imports run one way, and the core knows nothing but the standard library."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.architecture.sources import CHECKOUT, ROOMS, Source, sources

LENT = {"Connection", "Engine", "Row", "RowMapping"}


def imported(source: Source) -> set[str]:
    """The top-level packages that a file imports."""
    names: set[str] = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def test_every_contract_of_import_linter_is_kept():
    linter = Path(sys.executable).with_name("lint-imports")
    told = subprocess.run([linter, "--no-logo", "--no-cache"], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_the_engine_imports_the_standard_library_only():
    strangers = {source.name: imported(source) - sys.stdlib_module_names - {"engine"} for source in sources("engine")}
    assert not {name: found for name, found in strangers.items() if found}


def test_statements_are_made_in_models_alone():
    """Elsewhere SQLAlchemy lends the names of types, and of the errors that a database gives."""
    builders = {
        f"{source.name}: {alias.name}"
        for source in sources(*(set(ROOMS) - {"models"}))
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "sqlalchemy"
        for alias in node.names
        if alias.name not in LENT
    }
    assert not builders


def test_keys_are_cut_for_statements_in_one_place():
    assert not [source.name for source in sources("models") if "range(0, len(" in source.text and source.name != "models/chunks.py"]


def test_rooms_import_no_tests_and_no_benchmarks():
    assert not [source.name for source in sources() if imported(source) & {"tests", "benchmarks", "bundling"}]


def test_every_room_says_in_one_sentence_what_it_holds():
    silent = [room for room in ROOMS if not ast.get_docstring(ast.parse((CHECKOUT / room / "__init__.py").read_text(encoding="utf-8")))]
    assert not silent
