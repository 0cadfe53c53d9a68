"""The environment is locked: every package with its hashes, no host named."""

import re

import pytest

from tests.architecture.sources import CHECKOUT

LOCKS = ("requirements.lock", "requirements-dev.lock")
ENTRY = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)(\[[a-z0-9,_-]+\])?==[^ ]+.*(?:\n    --hash=sha256:[0-9a-f]{64}.*)+", re.M)
PACKAGE = re.compile(r"^(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)")


def names(file: str) -> list[str]:
    """The packages that a requirements file names, one a line."""
    text = (CHECKOUT / file).read_text(encoding="utf-8")
    return [found["name"] for line in text.splitlines() if (found := PACKAGE.match(line))]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host(lock: str):
    text = (CHECKOUT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^--", text, re.M)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_of_a_lock_is_pinned_with_hashes(lock: str):
    text = (CHECKOUT / lock).read_text(encoding="utf-8")
    hashed = [found["name"] for found in ENTRY.finditer(text)]
    assert hashed == names(lock)
    assert len(hashed) > 10


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_everything_that_was_asked_for(lock: str):
    assert not set(names(lock.replace(".lock", ".in"))) - set(names(lock))


def test_both_locks_agree():
    pins = [dict(re.findall(r"^([a-z0-9._-]+)==([^ ;]+)", (CHECKOUT / lock).read_text(encoding="utf-8"), re.M)) for lock in LOCKS]
    assert not {name: (pins[0][name], pins[1][name]) for name in pins[0].keys() & pins[1].keys() if pins[0][name] != pins[1][name]}


def test_there_is_no_lock_that_names_hosts():
    assert not (CHECKOUT / "uv.lock").exists()
