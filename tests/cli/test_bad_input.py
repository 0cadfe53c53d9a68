"""Bad input on the command line: a sentence for each field, an exit code, and nothing saved."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.architecture.sources import CHECKOUT

BROKEN = CHECKOUT / "tests/plans/broken/ladders/pack"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    assert told(folder, "migrate").returncode == 0
    return folder


def told(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What the program says, as somebody meets it."""
    code = "from cli.entry import main; main()"
    environment = {"DONDOC_DATA": str(data), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    return subprocess.run(
        [sys.executable, "-c", code, *words], cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False
    )  # fmt: skip


def listed(data: Path, *words: str) -> object:
    """What a command lists."""
    return yaml.safe_load(told(data, *words, "--json").stdout)


WRONG = (
    (("--address", "a@example.vn\nBcc: b@example.vn"), "address", "ký tự điều khiển"),
    (("--address", "a b@example.vn"), "address", "Không phải địa chỉ thư"),
    (("--address", "a@example.vn, b@example.vn"), "address", "Không phải địa chỉ thư"),
    (("--name", "Nguyễn\tVăn A"), "name", "ký tự điều khiển"),
)


def test_an_account_with_a_bad_address_is_not_made(data: Path) -> None:
    for given, field, says in WRONG:
        words = {"--name": "A", "--password": "mật khẩu", **dict([given])}
        answer = told(data, "account", "create", "a", *(each for pair in words.items() for each in pair))
        assert answer.returncode == 2 and answer.stderr.startswith(f"{field}: ") and says in answer.stderr, given
    assert listed(data, "account", "list") == []


def test_a_webhook_to_a_clouds_credentials_is_not_added(data: Path) -> None:
    answer = told(data, "webhook", "add", "http://169.254.169.254/", "--name", "x", "--event", "step.overdue")
    assert answer.returncode == 2 and answer.stderr.startswith("url: ")
    other = told(data, "webhook", "add", "https://169.254.169.254/", "--name", "x", "--event", "step.overdue")
    assert other.returncode == 2 and "169.254.169.254" in other.stderr
    assert listed(data, "webhook", "list") == []


def test_a_ladder_with_two_equal_rungs_is_refused_at_its_line(data: Path) -> None:
    answer = told(data, "plan", "import", str(BROKEN))
    assert answer.returncode == 1
    assert [line for line in answer.stderr.splitlines() if line.startswith("plan.yaml:14:")]
