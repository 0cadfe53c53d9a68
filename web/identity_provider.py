"""Speaking with the office's identity provider (OpenID Connect): where to send a browser, and who came back with a code.

Authorization code with PKCE. What the provider is, it says itself (discovery), read anew each hour.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from engine.definition import Text
from engine.errors import Unavailable
from web.identity_tokens import Expected, claims_of, not_good
from wiring.client_secret import client_secret
from wiring.settings import Settings

if TYPE_CHECKING:
    from authlib.oauth2.client import OAuth2Client
    from httpx import Client

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
RETURN = "/sign-in/provider/return"
KEPT = timedelta(hours=1)
TIMEOUT = 5.0  # seconds for each answer of the provider
AGAIN_AFTER = timedelta(seconds=10)  # nobody waits for one that is down just after somebody else has: that would hold up every page


@dataclass(frozen=True, slots=True)
class Errand:
    """What a browser carries while it is away at the provider. ``to``: the page to go on to. ``began``: system time."""

    state: str
    nonce: str
    verifier: str
    to: str
    began: datetime


@dataclass(frozen=True, slots=True)
class Identified:
    """Who came back. ``subject``: what the provider calls them for good; ``address``: theirs as it has verified, "" if it has not."""

    issuer: str
    subject: str
    address: str


class IdentityProvider:
    """The provider of one installation. Whatever asks it raises `Unavailable` while it does not answer, or not as it should."""

    def __init__(self, settings: Settings) -> None:
        """Raises `engine.errors.Invalid` for a secret that cannot be read."""
        self.issuer, self.client_id, self.secret = settings.oidc_issuer, settings.oidc_client_id, client_secret(settings)
        self.returns_to = f"{settings.public_url}{RETURN}"
        self.max_age = settings.step_up_minutes * 60
        self.ca_file = settings.oidc_ca_file
        self._known: dict[str, Any] = {}
        self._keys: dict[str, Any] = {}
        self._read_at: datetime | None = None
        self._away_at: datetime | None = None

    def way_there(self, errand: Errand, at: datetime) -> str:
        """Where to send the browser that has this errand. Where approvals ask again who one is, so must the provider."""
        known = self._discovered(at)
        more = {"max_age": self.max_age} if self.max_age else {}
        with self._http() as http:
            there, _ = self._client(http).create_authorization_url(
                known["authorization_endpoint"], state=errand.state, code_verifier=errand.verifier, nonce=errand.nonce, **more
            )
        return str(there)

    def who_came(self, code: str, errand: Errand, at: datetime) -> Identified:
        """Who is behind ``code``. Raises `Refused` for a code or an ID token that is not good (any more)."""
        known = self._discovered(at)
        token = self._token(code, errand, known)
        expected = Expected(self.issuer, self.client_id, errand.nonce, self.max_age)
        claims = claims_of(token, expected, lambda anew: self._signing_keys(known, anew=anew), at)
        return Identified(self.issuer, claims["sub"], self._address(claims, token, known))

    def _token(self, code: str, errand: Errand, known: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the provider gives for ``code``; our secret goes where it wants it."""
        from authlib.oauth2.base import OAuth2Error
        from httpx import Auth, BasicAuth

        basic = self.secret and "client_secret_basic" in known.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        own = {} if basic else {"client_id": self.client_id, **({"client_secret": self.secret} if self.secret else {})}
        try:
            with self._http() as http, _answering():
                token: Mapping[str, Any] = self._client(http).fetch_token(
                    known["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=errand.verifier,
                    auth=BasicAuth(self.client_id, self.secret) if basic else Auth(), **own,
                )  # fmt: skip
        except OAuth2Error as refused:
            raise not_good(str(refused.error)) if refused.error == "invalid_grant" else _silent(str(refused.error)) from refused
        return token

    def _address(self, claims: Mapping[str, Any], token: Mapping[str, Any], known: Mapping[str, Any]) -> str:
        """The verified mail address, asked for where the ID token does not say it."""
        said = claims
        if "email" not in said and known.get("userinfo_endpoint"):
            said = self._get(known["userinfo_endpoint"], Authorization=f"Bearer {token.get('access_token', '')}")
            if said.get("sub") != claims["sub"]:
                raise not_good("userinfo")
        return str(said.get("email", "")) if said.get("email_verified") is True else ""

    def _discovered(self, at: datetime) -> dict[str, Any]:
        """What the provider says of itself; what it said before while somebody else asks, or it is down."""
        if self._read_at is None or not self._read_at <= at < self._read_at + KEPT:
            if self._away_at is not None and self._away_at <= at < self._away_at + AGAIN_AFTER:
                if self._known:
                    return self._known
                raise _silent("away")
            self._away_at = at
            known = self._get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            ways = (f"{self.issuer.partition(':')[0]}://", "https://")
            if known.get("issuer") != self.issuer or not all(str(known.get(name)).startswith(ways) for name in ENDPOINTS):
                raise _silent("discovery")
            self._known, self._keys, self._read_at, self._away_at = known, {}, at, None
        return self._known

    def _signing_keys(self, known: Mapping[str, Any], *, anew: bool) -> dict[str, Any]:
        if anew or not self._keys:
            self._keys = self._get(known["jwks_uri"])
        return self._keys

    def _get(self, address: str, **headers: str) -> dict[str, Any]:
        """The JSON object at ``address``."""
        with self._http() as http, _answering():
            said = http.get(address, headers=headers).raise_for_status().json()
        if not isinstance(said, dict):
            raise _silent("no object")
        return said

    def _http(self) -> Client:
        from httpx import Client  # only here: who needs no provider carries none of it

        return Client(timeout=TIMEOUT, verify=self._tls, trust_env=False)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.ca_file)

    def _client(self, http: Client) -> OAuth2Client:
        from authlib.oauth2.client import OAuth2Client

        return OAuth2Client(http, self.client_id, scope="openid email", redirect_uri=self.returns_to, code_challenge_method="S256")


@contextmanager
def _answering() -> Iterator[None]:
    """Turn what goes wrong on the way, or is no JSON, into `Unavailable`."""
    from httpx import HTTPError

    try:
        yield
    except (HTTPError, ValueError) as problem:
        raise _silent(type(problem).__name__) from problem


def _silent(why: str) -> Unavailable:
    return Unavailable(
        Text("Nơi đăng nhập chung chưa trả lời.", "The identity provider does not answer."),
        code=f"provider-{why}",
        hint=Text("Thử lại sau ít phút, hoặc dùng mật khẩu.", "Try again in a few minutes, or use a password."),
        field="provider",
    )
