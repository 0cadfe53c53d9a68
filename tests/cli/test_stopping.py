"""Programs that must not start do not, and say why; one that is told to stop lets running requests end."""

import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from models.database import Database, sqlite_url
from models.migrate import upgrade
from tests.architecture.sources import CHECKOUT

DONDOC = str(Path(sys.executable).with_name("dondoc"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    db = Database(sqlite_url(tmp_path / "dondoc.sqlite"), durable=False)
    upgrade(db)
    db.close()
    return tmp_path


@pytest.mark.parametrize("command", [["serve"], ["orchestrate"], ["migrate"], ["doctor"], ["backup"]])
def test_an_older_program_refuses_a_newer_schema_and_leaves_it_alone(data: Path, command: list[str]) -> None:
    with closing(sqlite3.connect(data / "dondoc.sqlite")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = (data / "dondoc.sqlite").read_bytes()
    answer = subprocess.run(
        [DONDOC, *command, "--data", str(data)], cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=120
    )  # fmt: skip
    assert answer.returncode == 6
    assert "Cài phiên bản mới hơn." in answer.stderr and "newer than this program" in answer.stderr and "Traceback" not in answer.stderr
    assert (data / "dondoc.sqlite").read_bytes() == before


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def web(data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    port = free_port()
    monkeypatch.setenv("DONDOC_PORT", str(port))
    monkeypatch.setenv("DONDOC_CLOCK", "system")
    process = subprocess.Popen([DONDOC, "serve", "--data", str(data)], cwd=CHECKOUT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    for _ in range(600):
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert process.poll() is None
        time.sleep(0.1)
    yield process, port
    process.kill()
    process.wait()
    assert process.stderr
    process.stderr.close()


def test_a_request_that_runs_when_it_is_told_to_stop_is_answered(web: tuple[subprocess.Popen[bytes], int]) -> None:
    process, port = web
    body = b'{"login": "nobody", "password": "wrong"}'
    head = f"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as running:
        running.sendall(head.encode() + body[:10])
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        with closing(socket.socket()) as late:
            assert late.connect_ex(("127.0.0.1", port)) != 0, "nobody new is let in"
        running.sendall(body[10:])
        assert running.recv(4096).startswith(b"HTTP/1.1 403")
    assert process.wait(15) in (0, -signal.SIGTERM)
