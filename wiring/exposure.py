"""Whether the pages are open to the network, and how: nothing that people type may cross it in plain text."""

from __future__ import annotations

import ssl
from ipaddress import ip_address, ip_network
from pathlib import Path

from engine.definition import Text
from engine.errors import Invalid
from engine.web_address import Network
from wiring.settings import Settings, networks_in

LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


def trusted(settings: Settings) -> tuple[Network, ...]:
    """Who may speak plain http to us: this machine, and the proxies that the settings name."""
    return (*LOOPBACK, *networks_in(settings.trusted_proxies))


def refuse_exposed(settings: Settings) -> None:
    """Raise `Invalid`, with what to do, for an address that would be open to the network in plain text or lead nowhere."""
    if settings.tls_certificate:
        check_certificate(settings.tls_certificate, settings.tls_key)
    elif not on_loopback(settings.host) and not (settings.base_url.startswith("https://") and settings.trusted_proxies):
        raise Invalid(
            Text(
                f"Không mở http không mã hóa trên {settings.host}: mật khẩu sẽ đi qua mạng mà ai cũng đọc được.",
                f"Plain http is not opened on {settings.host}: passwords would cross the network for anyone to read.",
            ),
            code="plain-http",
            hint=Text(
                "Đặt DONDOC_TLS_CERTIFICATE (và DONDOC_TLS_KEY); hoặc sau một proxy https, đặt DONDOC_BASE_URL=https://… và "
                "DONDOC_TRUSTED_PROXIES; hoặc để DONDOC_HOST=127.0.0.1. Xem docs/operations.md.",
                "Set DONDOC_TLS_CERTIFICATE (and DONDOC_TLS_KEY); or, behind a proxy with https, DONDOC_BASE_URL=https://… and "
                "DONDOC_TRUSTED_PROXIES; or leave DONDOC_HOST=127.0.0.1. See docs/operations.md.",
            ),
            field="DONDOC_HOST",
        )
    if settings.host in {"0.0.0.0", "::"} and not settings.base_url:  # noqa: S104  (asked, not opened)
        raise Invalid(
            Text(f"{settings.host} không phải là địa chỉ để gửi cho người khác.", f"{settings.host} is no address to send to anybody."),
            code="no-base-url",
            hint=Text(
                "Đặt DONDOC_BASE_URL là địa chỉ mọi người dùng, như https://dondoc.example.gov.vn.",
                "Set DONDOC_BASE_URL to the address that people use, such as https://dondoc.example.gov.vn.",
            ),
            field="DONDOC_BASE_URL",
        )


def on_loopback(host: str) -> bool:
    """Whether ``host`` is an address or name of this machine alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def check_certificate(certificate: Path, key: Path | None) -> None:
    """Raise `Invalid` unless the certificate can be read, with a key that belongs to it."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password=lambda: "")
    except (OSError, ValueError) as problem:  # ssl.SSLError is an OSError
        raise Invalid(
            Text(f"Không dùng được chứng thư {certificate}: {problem}", f"The certificate {certificate} cannot be used: {problem}"),
            code="certificate",
            hint=Text(
                "Cần tệp PEM đọc được, khóa riêng không đặt mật khẩu và đúng của chứng thư đó.",
                "It takes readable PEM files, and the certificate's own private key, not encrypted.",
            ),
            field="DONDOC_TLS_CERTIFICATE",
        ) from problem
