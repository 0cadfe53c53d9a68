"""Protected connections: a certificate is checked, a password is used, and either failing is said plainly."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from notifications.channels.email import Email, Server
from notifications.channels.transport import Result, Unreachable
from tests.notifications.test_email import mail

RIGHT = {"user": "relay", "password": "right"}


def certificate(folder: Path, host: str = "127.0.0.1") -> Path:
    """A self-signed certificate with its key for ``host``, in one file that also serves as the authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    start = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=3))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / f"{host}.pem"
    path.write_bytes(key.private_bytes(*form) + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def serving(pem: Path) -> Iterator[int]:
    """A server that wants STARTTLS before anything else and then the right password; its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)

    def check(server, session, envelope, mechanism, data) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"relay", b"right"), handled=False)

    class AnyPort(Controller):
        def _trigger_server(self) -> None:
            self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
            super()._trigger_server()

    controller = AnyPort(
        Sink(), hostname="127.0.0.1", port=0, tls_context=context, require_starttls=True, authenticator=check, auth_required=True
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def way(port: int, **given) -> Email:
    return Email(Server("127.0.0.1", port, "starttls", sender="dondoc@example.vn", timeout=5, **given))


def test_mail_leaves_over_a_connection_that_was_checked(tmp_path):
    pem = certificate(tmp_path)
    with serving(pem) as port, way(port, ca_file=pem, **RIGHT).connect() as session:
        assert session.send(mail(), "a@example.vn").result is Result.SENT


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path):
    with (
        serving(certificate(tmp_path)) as port,
        pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED"),
        way(port, **RIGHT).connect(),
    ):
        pass


def test_a_certificate_for_another_host_is_refused(tmp_path):
    pem = certificate(tmp_path, "127.0.0.2")
    with serving(pem) as port, pytest.raises(Unreachable, match="certificate is not valid"), way(port, ca_file=pem, **RIGHT).connect():
        pass


def test_a_wrong_password_is_said_and_does_not_show_the_password(tmp_path):
    pem = certificate(tmp_path)
    wrong = {"user": "relay", "password": "secret-word"}
    with serving(pem) as port, pytest.raises(Unreachable, match="535") as refused, way(port, ca_file=pem, **wrong).connect():
        pass
    assert "secret-word" not in str(refused.value)
