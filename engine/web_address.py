"""Where a webhook may go: what its address must look like, and which machines it must never reach.

Whoever may write down an address could otherwise have this program knock on doors that only it can reach: the machine itself, the
office's network, a cloud's page of credentials.
"""

from __future__ import annotations

import ipaddress
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from engine.definition import Text
from engine.errors import Invalid

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
LONGEST = 2000
PORTS = {"https": 443, "http": 80}
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An address taken apart. ``host`` without brackets; ``literal``: the machine that it names by number, if it does."""

    url: str
    scheme: str
    host: str
    port: int
    literal: IPAddress | None


def read_url(url: str, *, plain_http: bool) -> WebAddress:
    """``url`` taken apart; ``plain_http``: whether http will do. Raises Invalid for the field "url"."""
    if not url:
        raise _bad("Ghi địa chỉ nhận.", "Give the address.")
    if len(url) > LONGEST:
        raise _bad(f"Địa chỉ dài quá {LONGEST} ký tự.", f"The address is longer than {LONGEST} characters.")
    if any(unicodedata.category(c) in ("Cc", "Cf", "Zs") for c in url):
        raise _bad("Địa chỉ có dấu cách hoặc ký tự điều khiển.", "There is a space or a control character in the address.")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        url.encode("ascii")
    except ValueError:  # UnicodeEncodeError is one
        raise _bad("Không phải địa chỉ web hợp lệ.", "Not a web address.") from None
    if parts.scheme not in PORTS or not host or "%" in host:
        raise _bad("Địa chỉ phải bắt đầu bằng https:// và tên máy.", "It must start with https:// and a host.")
    if parts.scheme == "http" and not plain_http:
        raise _bad("Chỉ nhận https; http cần DONDOC_WEBHOOK_HTTP=true.", "Only https; http needs DONDOC_WEBHOOK_HTTP=true.")
    if parts.username is not None or parts.password is not None:
        raise _bad("Địa chỉ không được chứa tên và mật khẩu.", "No user or password may stand in the address.")
    if parts.fragment or url.endswith("#"):
        raise _bad("Địa chỉ không được có phần sau dấu #.", "Nothing may stand behind a # in the address.")
    if port == 0:
        raise _bad("Cổng không hợp lệ.", "No such port.")
    return WebAddress(url, parts.scheme, host, port or PORTS[parts.scheme], _literal(host))


def objection(addresses: Iterable[IPAddress], allowed: Sequence[Network]) -> Text | None:
    """Why a webhook may not go to a host with these ``addresses``; None if it may. One forbidden address forbids the host.

    ``allowed``: networks that may be reached although they are not public.
    """
    for address in addresses:
        inner = _inner(address)
        if not any(inner in network for network in allowed if network.version == inner.version) and not _public(inner):
            kind = _kind(inner)
            return Text(
                f"Không được gửi đến {inner} ({kind.vi}); cần thì cho phép bằng DONDOC_WEBHOOK_NETWORKS.",
                f"{inner} may not be reached ({kind.en}); DONDOC_WEBHOOK_NETWORKS could allow it.",
            )
    return None


def _bad(vi: str, en: str) -> Invalid:
    return Invalid(Text(vi, en), code="web-address", field="url")


def _literal(host: str) -> IPAddress | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _inner(address: IPAddress) -> IPAddress:
    """The IPv4 address that an IPv6 one carries, where it is but a way of writing or reaching it."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        return address.ipv4_mapped or address.sixtofour or address
    return address


def _public(address: IPAddress) -> bool:
    return address.is_global and not address.is_multicast


def _kind(address: IPAddress) -> Text:
    if address.is_loopback or address.is_unspecified:
        return Text("chính máy này", "this machine itself")
    if address.is_link_local:
        return Text("địa chỉ nội bộ của máy, nơi có thể lộ khóa", "link-local, where a cloud keeps its credentials")
    if address.is_private:
        return Text("mạng nội bộ", "a private network")
    return Text("không phải địa chỉ công cộng", "not a public address")
