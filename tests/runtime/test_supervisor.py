"""Whatever happens to `dondoc up`, what dies is started again and nothing is left behind. The children here are toys."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from engine.errors import Unavailable
from runtime.supervisor import refuse_busy_ports
from wiring.settings import CHECKOUT, Settings

TOY = """
import sys
from runtime.children import Child, tied
from runtime.supervisor import Supervisor
with Supervisor(end_within=1.0) as supervisor:
    supervisor.start(Child("polite", tied("tests.runtime.toy", "polite")))
    supervisor.start(Child("stubborn", tied("tests.runtime.toy", "stubborn")))
    supervisor.watch()
"""


@contextmanager
def toy_up():
    process = subprocess.Popen([sys.executable, "-c", TOY], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert process.stdout is not None
        children = dict(process.stdout.readline().split() for _ in range(2))
        yield process, {name: int(number) for name, number in children.items()}
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def gone(pid: int, within: float) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("whole_group", [False, True], ids=["to the supervisor", "to the whole group, as Ctrl-C does"])
def test_it_ends_with_all_its_children(number, whole_group):
    with toy_up() as (process, children):
        (os.killpg if whole_group else os.kill)(process.pid, number)

        assert process.wait(3) == 0
        assert all(gone(child, 0.5) for child in children.values())


def test_a_child_that_dies_is_started_again():
    with toy_up() as (process, children):
        os.kill(children["polite"], signal.SIGKILL)

        lines = [process.stdout.readline() for _ in range(2)]

        assert "chạy lại" in lines[0]
        name, number = lines[1].split()
        assert name == "polite"
        assert int(number) != children["polite"]


def test_children_do_not_outlive_a_killed_supervisor():
    with toy_up() as (process, children):
        process.kill()

        assert gone(children["polite"], 5)
        assert gone(children["stubborn"], 10), "it does not listen to SIGTERM, so its lifeline insists"


def test_a_taken_port_is_said_before_anything_starts(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = Settings(_env_file=None, data=tmp_path, port=taken.getsockname()[1])

        with pytest.raises(Unavailable) as refusal:
            refuse_busy_ports(settings)

        assert refusal.value.field == "DONDOC_PORT"
        assert "DONDOC_PORT=" in refusal.value.hint.vi
