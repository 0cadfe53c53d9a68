"""A real Postfix on loopback, with folders of its own: it wants STARTTLS before it takes a mail, and keeps what comes as files."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

SBIN = ":/usr/sbin:/usr/local/sbin"
NOBODY = 65534
STRANGER = "no-such-person@example.vn"

MAIN = """compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log/maillog
maillog_file_prefixes = {folder}/log
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.example.vn
mydestination =
alias_maps =
local_recipient_maps =
inet_interfaces = loopback-only
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_recipient_restrictions = check_recipient_access inline:{{ {{ {stranger} = REJECT no such person }} }}, permit_mynetworks, reject
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = {certificate}
smtpd_tls_received_header = yes
smtpd_tls_loglevel = 1
virtual_mailbox_domains = example.vn
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:{nobody}
virtual_gid_maps = static:{nobody}
"""
MASTER = """127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"""


def why_not() -> str:
    """Why no Postfix can be started here; "" where it can."""
    if command() is None:
        return "no Postfix on this machine"
    return "" if os.geteuid() == 0 else "Postfix starts as root only"


def command() -> str | None:
    """Where the program is."""
    return shutil.which("postfix", path=os.environ.get("PATH", "") + SBIN)


@dataclass(frozen=True)
class Postfix:
    """A running server."""

    port: int
    folder: Path

    def received(self, number: int, within: float = 30) -> list[EmailMessage]:
        """The mails that have arrived, as soon as there are ``number``; fewer when the time is over."""
        until = time.monotonic() + within
        while True:
            files = sorted((self.folder / "mail/all/new").glob("*"))
            if len(files) >= number or time.monotonic() > until:
                return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
            time.sleep(0.1)

    def log(self) -> str:
        """What it has said."""
        return (self.folder / "log/maillog").read_text(encoding="utf-8", errors="replace")


@contextmanager
def running(certificate: Path) -> Iterator[Postfix]:
    """A Postfix with ``certificate``; it is stopped and its folders are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="dondoc-postfix-"))
    folder.chmod(0o755)  # its programs work as users of their own
    try:
        server = Postfix(_free_port(), folder)
        _write(server, certificate)
        _call(server, "start")
        try:
            _wait(server)
            yield server
        finally:
            _call(server, "stop")
    finally:
        shutil.rmtree(folder)


def _write(server: Postfix, certificate: Path) -> None:
    folder = server.folder
    for name in ("conf", "queue", "data", "log", "mail"):
        (folder / name).mkdir(mode=0o755)
    shutil.chown(folder / "data", "postfix")
    os.chown(folder / "mail", NOBODY, NOBODY)
    kept = Path(shutil.copy(certificate, folder / "conf/server.pem"))
    main = MAIN.format(folder=folder, certificate=kept, nobody=NOBODY, stranger=STRANGER)
    (folder / "conf/main.cf").write_text(main, encoding="ascii")
    (folder / "conf/master.cf").write_text(MASTER.format(port=server.port), encoding="ascii")


def _call(server: Postfix, what: str) -> None:
    program = command()
    assert program is not None
    told = subprocess.run([program, "-c", str(server.folder / "conf"), what], capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 0, told.stderr + (server.log() if (server.folder / "log/maillog").exists() else "")


def _wait(server: Postfix) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            with socket.create_connection(("127.0.0.1", server.port), 5) as connection:
                assert connection.recv(4) == b"220 ", server.log()
                return
        except ConnectionRefusedError:
            assert time.monotonic() < until, server.log()
            time.sleep(0.1)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
