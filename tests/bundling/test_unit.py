"""The unit as systemd itself reads it: every line known, and the service as closed as it was. How it runs is tried by hand."""

import shutil
import subprocess

import pytest

from bundling.__main__ import PACKAGING

UNIT = str(PACKAGING / "dondoc.service")
EXPOSURE = 17
"""In tenths, of 100; it is 14 by systemd 252, which others count a little differently."""

pytestmark = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")


def analyzed(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *arguments, UNIT], capture_output=True, text=True, check=False)


def test_every_line_of_the_unit_is_known_to_systemd():
    said = analyzed("verify", "--man=no").stderr.splitlines()
    assert [line for line in said if "dondoc.service" in line and "is not executable: No such file" not in line] == []


def test_the_service_is_as_closed_as_it_was():
    answer = analyzed("security", "--offline=true", f"--threshold={EXPOSURE}", "--no-pager")
    assert answer.returncode == 0, answer.stdout.splitlines()[-1:] + answer.stderr.splitlines()
