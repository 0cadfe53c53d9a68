"""What must not be open is not opened, what may be speaks https, and real data and the demonstration are never taken for each other."""

import http.client
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from models.database import Database, sqlite_url
from models.migrate import upgrade
from services.clock import start
from tests.architecture.sources import CHECKOUT
from tests.factories import ISSUED, at
from tests.journeys.stack import free_port
from tests.notifications.private_ca import Authority, authority

DONDOC = str(Path(sys.executable).with_name("dondoc"))


def made(data: Path, *, simulated: bool) -> Path:
    """A folder with an empty real installation, or with a demonstration of nothing."""
    data.mkdir()
    db = Database(sqlite_url(data / "dondoc.sqlite"), durable=False)
    upgrade(db)
    if simulated:
        start(db, at(ISSUED).business)
    db.close()
    return data


def dondoc(*arguments: str, data: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DONDOC_")} | settings
    command = [DONDOC, *arguments, "--data", str(data)]
    return subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("command", [["serve"], ["up", "--no-demo"]])
def test_plain_http_beyond_this_machine_does_not_start(tmp_path: Path, command: list[str]) -> None:
    answer = dondoc(*command, data=made(tmp_path / "d", simulated=False), DONDOC_HOST="0.0.0.0", DONDOC_CLOCK="system")
    assert answer.returncode == 2
    assert "mật khẩu sẽ đi qua mạng" in answer.stderr and "DONDOC_TLS_CERTIFICATE" in answer.stderr and "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    ("command", "simulated", "clock", "says"),
    [
        (["serve"], False, "simulated", "does not hold the demonstration"),
        (["orchestrate"], False, "simulated", "does not hold the demonstration"),
        (["serve"], True, "system", "holds the demonstration"),
        (["orchestrate"], True, "system", "holds the demonstration"),
        (["up", "--no-demo"], True, "simulated", "holds the demonstration"),
        (["init", "--login", "a", "--name", "A", "--password", "mật khẩu rất dài 123"], True, "system", "holds the demonstration"),
    ],
)
def test_the_wrong_kind_of_data_is_refused(tmp_path: Path, command: list[str], simulated: bool, clock: str, says: str) -> None:
    answer = dondoc(*command, data=made(tmp_path / "d", simulated=simulated), DONDOC_CLOCK=clock, DONDOC_PORT=str(free_port()))
    assert answer.returncode == 6, answer.stderr
    assert says in answer.stderr and "Traceback" not in answer.stderr


@contextmanager
def serving_https(data: Path, certificate: Path) -> Iterator[int]:
    port = free_port()
    settings = {"DONDOC_CLOCK": "system", "DONDOC_PORT": str(port), "DONDOC_TLS_CERTIFICATE": str(certificate)}
    process = subprocess.Popen([DONDOC, "serve", "--data", str(data)], cwd=CHECKOUT, env=os.environ | settings, stderr=subprocess.DEVNULL)
    try:
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def ask(port: int, trust: Path) -> tuple[int, str]:
    """Status and Strict-Transport-Security of the answer over https."""
    context = ssl.create_default_context(cafile=str(trust))
    with closing(http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=10)) as connection:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers["Strict-Transport-Security"] or ""


@pytest.fixture
def office_ca(tmp_path: Path) -> Authority:
    return authority(tmp_path / "ca.pem", "The office's authority")


def test_https_with_a_certificate_of_the_offices_own_authority(tmp_path: Path, office_ca: Authority) -> None:
    data = made(tmp_path / "d", simulated=False)
    with serving_https(data, office_ca.sign(tmp_path / "server.pem", "127.0.0.1")) as port:
        until = time.monotonic() + 60
        while True:
            try:
                answer = ask(port, office_ca.file)
                break
            except ConnectionRefusedError:
                assert time.monotonic() < until
                time.sleep(0.1)
        assert answer[0] == 200 and "max-age" in answer[1]
        with pytest.raises(ssl.SSLCertVerificationError):
            ask(port, authority(tmp_path / "another.pem").file)  # who does not know the authority is warned
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as plain:
            plain.request("GET", "/healthz")
            with pytest.raises((http.client.HTTPException, ConnectionError)):
                plain.getresponse()
