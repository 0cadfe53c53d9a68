"""What else may call itself the identity provider's word: tokens that nobody signed or somebody else did, answers in another's name."""

from __future__ import annotations

import hmac
import json
import ssl
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jws
from joserfc.jwk import ECKey

from engine.errors import Unavailable
from tests.factories import at
from tests.notifications.http_double import HttpDouble
from tests.notifications.private_ca import authority
from tests.web.local_provider import SECRET, LocalProvider
from tests.web.office import DAY, Office, words
from tests.web.test_sign_in_provider import STARTS, joined, provider, running, signs_in, there_and_back, under, who
from web.errand import new_errand
from web.identity_provider import ENDPOINTS, IdentityProvider
from web.identity_tokens import ALGORITHMS
from wiring.settings import Settings

__all__ = ["joined", "provider", "running"]
THIEF = ECKey.generate_key("P-256", {"kid": "1"})
NOW = at(DAY).system


def part(value: Any) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def unsigned(claims: dict[str, Any]) -> str:
    return f"{part({'alg': 'none'})}.{part(claims)}."


def by_secret(claims: dict[str, Any], key: bytes = SECRET.encode()) -> str:
    """Signed by what the office knows too, or by what everybody knows."""
    text = f"{part({'alg': 'HS256', 'kid': '1'})}.{part(claims)}"
    return f"{text}.{urlsafe_b64encode(hmac.new(key, text.encode(), sha256).digest()).rstrip(b'=').decode()}"


def with_its_own_key(claims: dict[str, Any]) -> str:
    """Signed by a key that the token itself brings along."""
    header = {"alg": "ES256", "kid": "1", "jwk": THIEF.as_dict(private=False), "jku": "http://127.0.0.1:9/keys"}
    return jws.serialize_compact(header, json.dumps(claims), THIEF, registry=jws.JWSRegistry(strict_check_header=False))


def test_a_token_counts_by_the_providers_published_keys_alone(joined: Office, provider: LocalProvider):
    public = json.dumps(provider.key.as_dict(private=False)).encode()
    forgeries = {
        "nobody's": unsigned, "by the secret": by_secret, "by the public key": lambda claims: by_secret(claims, public),
        "by its own": with_its_own_key, "no token": lambda _: "", "half a token": lambda claims: provider.signed(claims)[:-4],
    }  # fmt: skip
    for what, forge in forgeries.items():
        provider.forge = forge
        browser, answer = signs_in(joined)
        assert answer.status_code == 403 and "trả lời không hợp lệ" in words(answer) and who(browser) == "", what
    assert not [name for name in ALGORITHMS if name[:2] not in ("RS", "PS", "ES", "Ed")], "whoever verifies could sign"
    provider.forge = None
    browser, answer = signs_in(joined)
    assert answer.status_code == 303 and who(browser) == "huyen-01"
    assert "eyJ" not in str(answer.headers) + str(browser.client.cookies), "tokens stay on the server"


def test_an_answer_in_anothers_name_is_none(joined: Office, provider: LocalProvider):
    provider.answers_as = "https://evil.example"
    browser, answer = signs_in(joined)
    assert answer.status_code == 403 and who(browser) == "" and len(provider.codes) == 1, "its code is shown to nobody"


def test_an_address_that_is_told_of_somebody_else_is_not_theirs(joined: Office, provider: LocalProvider):
    provider.in_userinfo, provider.of_userinfo = True, "s-1"
    provider.signs_in = "s-2"
    browser, answer = signs_in(joined)
    assert answer.status_code == 403 and "trả lời không hợp lệ" in words(answer) and who(browser) == ""


def test_every_leaving_is_another_one_and_its_cookie_tells_nothing(joined: Office):
    asked, cookies = [], []
    for _ in range(2):
        browser = joined.browser()
        query = parse_qs(urlsplit(browser.get(STARTS).headers["location"]).query)
        asked.append({query[name][0] for name in ("state", "nonce", "code_challenge")})
        cookies.append(browser.client.cookies["dondoc_8000_away"])
    assert len(asked[0] | asked[1]) == 6 and all(len(word) >= 32 for word in asked[0])
    assert not any(word in cookie for word in asked[0] | asked[1] for cookie in cookies)
    thief = joined.browser()
    path = there_and_back(thief)
    state = parse_qs(urlsplit(path).query)["state"][0]
    made_up = part([state, "n", "v", "/", NOW.isoformat()])
    thief.client.cookies.set("dondoc_8000_away", made_up, domain="dondoc.test")
    assert thief.get(path).status_code == 403


@pytest.mark.parametrize("name", ENDPOINTS)
def test_who_is_reached_by_https_does_not_send_us_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str):
    home = "https://id.example.vn"
    found = IdentityProvider(Settings(_env_file=None, data=tmp_path, oidc_issuer=home, oidc_client_id="dondoc"))
    said = {"issuer": home, **dict.fromkeys(ENDPOINTS, f"{home}/x")}
    monkeypatch.setattr(found, "_get", lambda *_: {**said, name: "http://id.example.vn/x"})
    with pytest.raises(Unavailable):
        found.way_there(new_errand("/", NOW), NOW)


def test_whose_certificate_nobody_vouches_for_is_not_asked(tmp_path: Path):
    ca = authority(tmp_path / "ca.pem")
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(ca.sign(tmp_path / "server.pem", "127.0.0.1"))
    with HttpDouble(tls=serving) as there:
        for trusts, connections in ((None, 0), (ca.file, 1)):
            settings = Settings(
                _env_file=None, data=tmp_path, oidc_issuer=f"https://127.0.0.1:{there.port}", oidc_client_id="x", oidc_ca_file=trusts
            )
            with pytest.raises(Unavailable):  # it is no provider, though
                IdentityProvider(settings).way_there(new_errand("/", NOW), NOW)
            assert len(there.taken) == connections


def test_plain_http_to_a_provider_elsewhere_is_refused(joined: Office, provider: LocalProvider):
    for address in ("http://id.example.vn", "http://127.0.0.1.example.vn", "id.example.vn", "https://id.example.vn/?x=1"):
        with pytest.raises(ValueError, match="provider"):
            under(joined, provider, oidc_issuer=address)
