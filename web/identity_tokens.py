"""Judging an ID token (OpenID Connect Core, section 3.1.3.7): the provider's, for us, for this errand, and of now.

authlib and joserfc look at signature and claims; only signatures by public keys count.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.definition import Text
from engine.errors import Refused

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
WRONG_CLOCKS = 60  # seconds
Keys = Callable[[bool], Any]
"""The provider's keys as it publishes them (RFC 7517); asked anew for True."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the token must say. ``max_age``: seconds since its person proved themselves there, 0 for any."""

    issuer: str
    client_id: str
    nonce: str
    max_age: int = 0


def claims_of(token: Mapping[str, Any], expected: Expected, keys: Keys, at: datetime) -> dict[str, Any]:
    """The claims of the ID token in the provider's answer ``token``. Raises `Refused` for one that is not good at ``at``."""
    from authlib.oidc.core import CodeIDToken  # only here: it weighs several megabytes
    from joserfc.errors import JoseError

    options = {
        "iss": {"essential": True, "value": expected.issuer}, "aud": {"essential": True, "value": expected.client_id},
        "sub": {"essential": True},
    }  # fmt: skip
    params = {
        "nonce": expected.nonce, "client_id": expected.client_id, "access_token": token.get("access_token"), "max_age": expected.max_age,
    }  # fmt: skip
    try:
        signed = _verified(str(token.get("id_token", "")), keys)
        claims = CodeIDToken(signed.claims, signed.header, options, params)
        claims.validate(now=int(at.timestamp()), leeway=WRONG_CLOCKS)
    except (JoseError, ValueError) as wrong:
        raise not_good(type(wrong).__name__) from wrong
    if expected.max_age and claims["auth_time"] + expected.max_age + WRONG_CLOCKS < at.timestamp():
        raise not_good("auth_time")
    return dict(claims)


def not_good(why: str) -> Refused:
    """The refusal of what came back; ``why`` is for the log."""
    return Refused(
        Text("Nơi đăng nhập chung trả lời không hợp lệ.", "What the identity provider answered is not good."),
        code=f"provider-{why}",
        hint=Text(
            "Hãy đăng nhập lại từ đầu; nếu vẫn vậy, báo quản trị.", "Sign in again from the start; if it stays so, tell an administrator."
        ),
        field="provider",
    )


def _verified(id_token: str, keys: Keys) -> Any:
    """The token with its signature verified; for a key that is not known the keys are asked for once more."""
    from joserfc import jwt
    from joserfc.errors import InvalidKeyIdError
    from joserfc.jwk import KeySet
    from joserfc.jws import JWSRegistry

    registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    try:
        return jwt.decode(id_token, KeySet.import_key_set(keys(False)), registry=registry)
    except InvalidKeyIdError:
        return jwt.decode(id_token, KeySet.import_key_set(keys(True)), registry=registry)
