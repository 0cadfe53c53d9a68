"""Nothing that people type crosses the network in plain text: a program that would let it does not start, and says what to do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.errors import Invalid
from tests.notifications.private_ca import authority
from wiring.dangers import dangers
from wiring.exposure import refuse_exposed
from wiring.settings import Settings

NOW = datetime.now(UTC)


def settings(**changed: Any) -> Settings:
    return Settings(_env_file=None, **changed)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "localhost", "::1"])
def test_on_this_machine_alone_plain_http_is_fine(host: str) -> None:
    refuse_exposed(settings(host=host))


@pytest.mark.parametrize(
    "changed",
    [
        {"host": "10.20.30.40"},
        {"host": "dondoc.example.gov.vn"},
        {"host": "fd00::1"},
        {"host": "0.0.0.0", "base_url": "http://dondoc.example.gov.vn"},
        {"host": "10.20.30.40", "base_url": "https://dondoc.example.gov.vn"},
        {"host": "10.20.30.40", "trusted_proxies": "10.20.30.1"},
    ],
)  # fmt: skip
def test_plain_http_beyond_it_is_refused_with_what_to_do(changed: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refusal:
        refuse_exposed(settings(**changed))
    assert refusal.value.code == "plain-http"
    assert changed["host"] in refusal.value.text.vi and changed["host"] in refusal.value.text.en
    assert "DONDOC_TLS_CERTIFICATE" in refusal.value.hint.vi and "DONDOC_TRUSTED_PROXIES" in refusal.value.hint.en


def test_behind_a_named_proxy_with_https_it_may() -> None:
    refuse_exposed(settings(host="10.20.30.40", base_url="https://dondoc.example.gov.vn", trusted_proxies="10.20.30.1, 10.9.0.0/16"))


def test_with_a_certificate_it_may_and_links_say_https(tmp_path: Path) -> None:
    file = authority(tmp_path / "ca.pem").sign(tmp_path / "server.pem", "10.20.30.40")
    chosen = settings(host="10.20.30.40", tls_certificate=file)
    refuse_exposed(chosen)
    assert chosen.public_url == "https://10.20.30.40:8000"


def test_an_address_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    file = authority(tmp_path / "ca.pem").sign(tmp_path / "server.pem", "10.20.30.40")
    with pytest.raises(Invalid, match="no address to send"):
        refuse_exposed(settings(host="0.0.0.0", tls_certificate=file))


def test_a_certificate_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    ca = authority(tmp_path / "ca.pem")
    one, other = ca.sign(tmp_path / "one.pem", "127.0.0.1"), ca.sign(tmp_path / "other.pem", "127.0.0.1")
    for certificate, key in ((tmp_path / "none.pem", None), (ca.file, None), (one, other)):
        with pytest.raises(Invalid) as refusal:
            refuse_exposed(settings(tls_certificate=certificate, tls_key=key))
        assert refusal.value.field == "DONDOC_TLS_CERTIFICATE"


def test_what_should_not_stay_so_in_an_office_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    found = " ".join(text.en for text in dangers(settings(clock="system", data=tmp_path, log_level="debug", webhook_http=True), NOW))
    for name in ("DONDOC_SMTP_HOST", "DONDOC_PREFECT_API_AUTH", "Backups", "DONDOC_LOG_LEVEL", "DONDOC_WEBHOOK_HTTP", "chmod 700"):
        assert name in found


def test_a_certificate_that_ends_soon_is_told_and_a_well_set_office_hears_nothing(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    file = authority(tmp_path / "ca.pem").sign(tmp_path / "server.pem", "127.0.0.1")
    good = settings(clock="system", data=tmp_path, smtp_host="mail.example.vn", prefect_api_auth="a:b", backup_folder=tmp_path / "other")
    assert dangers(good, NOW) == []
    assert [text.en[:25] for text in dangers(good.model_copy(update={"tls_certificate": file}), NOW)] == ["The https certificate end"]
    assert dangers(good.model_copy(update={"tls_certificate": file}), NOW - timedelta(days=60)) == []


def test_a_folder_of_backups_that_takes_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = dangers(settings(clock="system", data=tmp_path, backup_folder=tmp_path / "file" / "backups"), NOW)
    assert any("takes no file" in text.en for text in found)


def test_a_demonstration_is_left_in_peace() -> None:
    assert dangers(settings(), NOW) == []
