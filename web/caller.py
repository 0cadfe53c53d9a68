"""Where a try to sign in comes from: the address, and the browser if an account has signed in there before (a *device cookie*).

The device cookie is signed, opens nothing, and only spares its bearer the wait that somebody else's wrong passwords bring upon the account.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from hashlib import sha256

from fastapi import Request, Response

from services.throttle import Caller
from web.session import cookie_name, is_https
from web.visit import context_of
from wiring.secret_key import secret_key

KEPT = 180 * 24 * 3600  # seconds
MANY = 20  # device cookies that are looked at; a browser has one for each account that signs in there


def caller_of(request: Request) -> Caller:
    """Who makes ``request``, as far as trying passwords goes."""
    secret = secret_key(context_of(request).settings)
    stem = f"{cookie_name(request)}_device_"
    sent = [(name.removeprefix(stem), value) for name, value in request.cookies.items() if name.startswith(stem)]
    devices = {int(number): nonce for number, value in sent[:MANY] if (nonce := _nonce(secret, number, value))}
    return Caller(network_of(request.client.host if request.client else ""), devices, secret)


def know_device(request: Request, response: Response, account_id: int) -> None:
    """Let the browser prove from now on that the account has signed in there."""
    nonce, secret = secrets.token_urlsafe(12), secret_key(context_of(request).settings)
    response.set_cookie(
        f"{cookie_name(request)}_device_{account_id}",
        f"{nonce}.{_signature(secret, str(account_id), nonce)}",
        max_age=KEPT,
        path="/",
        httponly=True,
        samesite="lax",
        secure=is_https(request),
    )


def network_of(host: str) -> str:
    """What counts as one address: with IPv6 the network of a subscriber, who has 2**64 addresses to change between."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 6 and address.ipv4_mapped is None:
        return str(ipaddress.ip_network(f"{address}/64", strict=False))
    return str(address.ipv4_mapped or address) if address.version == 6 else str(address)


def _nonce(secret: str, number: str, value: str) -> str:
    """The number of a device cookie that we gave out; "" for any other."""
    nonce, _, signature = value.partition(".")
    real = number.isdecimal() and number.isascii() and hmac.compare_digest(signature.encode(), _signature(secret, number, nonce).encode())
    return nonce if real else ""


def _signature(secret: str, number: str, nonce: str) -> str:
    return hmac.new(secret.encode(), f"device:{number}:{nonce}".encode(), sha256).hexdigest()
