"""One at a time, and a killed holder does not lock anybody out."""

import subprocess
import sys

import pytest

from engine.errors import Unavailable
from runtime.lock import InstanceLock
from wiring.settings import CHECKOUT

HOLD = """
import sys, time
from pathlib import Path
from runtime.lock import InstanceLock
with InstanceLock(Path(sys.argv[1]), "x"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path / "lock")], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_one_is_refused_and_told_who_holds_it(holder, tmp_path):
    with pytest.raises(Unavailable, match=str(holder.pid)), InstanceLock(tmp_path / "lock", "dondoc orchestrate"):
        pass


def test_the_lock_of_a_killed_process_is_free(holder, tmp_path):
    holder.kill()
    holder.wait()

    with InstanceLock(tmp_path / "lock", "dondoc orchestrate"):
        pass


def test_it_can_be_taken_again_after_it_was_given_back(tmp_path):
    for _ in range(2):
        with InstanceLock(tmp_path / "deep" / "lock", "dondoc orchestrate"):
            pass
