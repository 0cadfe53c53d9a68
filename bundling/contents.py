"""Which files of the checkout an installation needs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

LEFT_OUT = ("tests/", "benchmarks/", "bundling/", "packaging/", ".ci/", ".git", "requirements-dev")
"""Beginnings of paths that only those who change the program need; `packaging/` stands beside the application instead."""


def wanted(tracked: list[str]) -> list[str]:
    """Those of the tracked files that belong to the application."""
    return [name for name in tracked if not name.startswith(LEFT_OUT)]


def tracked_files(checkout: Path) -> list[str]:
    """What the version control knows; nothing that merely lies there, such as a data folder or a file with passwords."""
    found = subprocess.run(["git", "ls-files", "-z"], cwd=checkout, capture_output=True, text=True, check=True)
    return [name for name in found.stdout.split("\0") if name]


def release_name(checkout: Path, version: str) -> str:
    """The name of this release: the version and the commit, and ``changed`` if the files are not that commit's."""
    commit = subprocess.run(["git", "rev-parse", "--short=10", "HEAD"], cwd=checkout, capture_output=True, text=True, check=True)
    changed = subprocess.run(["git", "diff", "--quiet", "HEAD"], cwd=checkout, check=False).returncode
    return f"{version}-{commit.stdout.strip()}{'-changed' if changed else ''}"


def copy(checkout: Path, names: list[str], to: Path) -> None:
    """Copy the files, with their folders and modes."""
    for name in names:
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(checkout / name, to / name)
