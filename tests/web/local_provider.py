"""A small OpenID Connect provider over http on loopback, which can be told to misbehave."""

from __future__ import annotations

import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT, SECRET = "dondoc", "một bí mật thử"


@dataclass
class LocalProvider:
    """``signs_in``: the subject who is signed in there, "" for nobody; ``addresses``: subject → (address, verified).

    ``bend`` changes the claims of an ID token before it is signed by ``key``; ``forge`` makes the token itself. ``codes`` holds what each
    code was given for. ``home``: where it listens, whatever it calls itself as ``issuer``, or ``answers_as`` to a browser that comes
    back. ``of_userinfo``: whose address it tells, if of somebody else.
    """

    at: datetime
    signs_in: str = "s-1"
    addresses: dict[str, tuple[str, bool]] = field(default_factory=dict)
    bend: Callable[[dict[str, Any]], Any] = field(default=lambda claims: claims)
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "1"}))
    signed_by: ECKey | None = None
    forge: Callable[[dict[str, Any]], str] | None = None
    in_userinfo: bool = False
    of_userinfo: str = ""
    answers_as: str = ""
    down: bool = False
    issuer: str = ""
    home: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def metadata(self) -> dict[str, Any]:
        """What discovery says."""
        ends = ("authorization", "token", "userinfo")
        return {"issuer": self.issuer, "jwks_uri": f"{self.home}/keys", **{f"{end}_endpoint": f"{self.home}/{end}" for end in ends}}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes after its person signed in here."""
        code = f"code-{len(self.codes) + 1}"
        self.codes[code] = {**asked, "subject": self.signs_in}
        said = {"code": code} if self.signs_in else {"error": "access_denied", "error_description": "<b>no</b>"}
        return f"{asked['redirect_uri']}?{urlencode({**said, 'state': asked['state'], 'iss': self.answers_as or self.issuer})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The answer of the token endpoint: a code is good once, for who asked for it."""
        given = self.codes.pop(form.get("code", ""), None)
        challenge = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if b64decode(authorization.removeprefix("Basic ")).decode() != f"{CLIENT}:{SECRET}":
            return 401, {"error": "invalid_client"}
        if given is None or given["redirect_uri"] != form["redirect_uri"] or given["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant", "error_description": "<b>used</b>"}
        now = int(self.at.timestamp())
        claims = {"iss": self.issuer, "sub": given["subject"], "aud": CLIENT, "nonce": given["nonce"], "iat": now, "exp": now + 300}
        claims |= {} if self.in_userinfo else self.email(given["subject"])
        made = self.forge(claims) if self.forge else self.signed(claims)
        return 200, {"access_token": given["subject"], "token_type": "Bearer", "id_token": made}

    def signed(self, claims: dict[str, Any]) -> str:
        """An ID token."""
        signer = self.signed_by or self.key
        return jwt.encode({"alg": "ES256", "kid": str(signer.kid)}, self.bend(claims), signer)

    def email(self, subject: str) -> dict[str, Any]:
        """The claims about the subject's address."""
        address, verified = self.addresses.get(subject, ("", False))
        return {"email": address, "email_verified": verified} if address else {}

    def answer(self, method: str, path: str, sent: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Status and JSON of everything but signing in."""
        self.asked.append(path)
        if self.down:
            return 503, {}
        if path == "/token":
            return self.token(sent, authorization)
        subject = authorization.removeprefix("Bearer ")
        pages: dict[str, dict[str, Any]] = {
            "/.well-known/openid-configuration": self.metadata(),
            "/keys": {"keys": [self.key.as_dict(private=False)]},
            "/userinfo": {"sub": self.of_userinfo or subject, **self.email(self.of_userinfo or subject)},
        }
        return (200, pages[path]) if path in pages else (404, {})


@contextmanager
def local_provider(at: datetime) -> Iterator[LocalProvider]:
    """A provider that listens until the block ends; ``at``: what time it is there."""
    provider = LocalProvider(at)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorization":
                self.send_response(302)
                self.send_header("Location", provider.authorize(dict(parse_qsl(parts.query))))
                self.end_headers()
            else:
                self.say(*provider.answer("GET", parts.path, {}, self.headers.get("Authorization", "")))

        def do_POST(self) -> None:
            form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.say(*provider.answer("POST", self.path, form, self.headers.get("Authorization", "")))

        def say(self, status: int, body: dict[str, Any]) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = provider.home = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
