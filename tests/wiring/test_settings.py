"""Settings come from the environment and `.env`, and a misspelt name is never ignored."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from engine.errors import Invalid
from wiring.settings import Clock, Settings, load_settings


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DONDOC_DATA", "DONDOC_PORT", "DONDOC_PREFECT_PORT", "DONDOC_CLOCK"):
        monkeypatch.delenv(name, raising=False)


def test_without_any_setting_it_is_a_demonstration_on_loopback():
    settings = load_settings(env_file=None)
    assert settings.host == "127.0.0.1"
    assert settings.clock is Clock.SIMULATED
    assert settings.url.startswith("sqlite:///")
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.prefect_url == "http://127.0.0.1:4200/api"


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / ".env"
    file.write_text("DONDOC_PORT=8100\nDONDOC_SMTP_HOST=mail.example\n", encoding="utf-8")
    monkeypatch.setenv("DONDOC_PORT", "8200")
    settings = load_settings(file)
    assert (settings.port, settings.smtp_host) == (8200, "mail.example")


@pytest.mark.parametrize("where", ["environment", "file"])
def test_a_misspelt_name_is_refused_with_the_right_one(where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / ".env"
    file.write_text("DONDOC_SMPT_HOST=mail.example\n" if where == "file" else "", encoding="utf-8")
    if where == "environment":
        monkeypatch.setenv("DONDOC_SMPT_HOST", "mail.example")
    with pytest.raises(Invalid, match="DONDOC_SMPT_HOST") as refusal:
        load_settings(file)
    assert "DONDOC_SMTP_HOST" in refusal.value.hint.en


def test_another_programs_variables_in_the_file_are_left_alone(tmp_path: Path):
    file = tmp_path / ".env"
    file.write_text("COMPOSE_PROJECT_NAME=x\n", encoding="utf-8")
    assert load_settings(file).port == 8000


def test_every_value_out_of_range_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DONDOC_PORT", "70000")
    monkeypatch.setenv("DONDOC_TIME_ZONE", "Asia/Nowhere")
    with pytest.raises(Invalid) as refusal:
        load_settings(env_file=None)
    assert "DONDOC_PORT" in refusal.value.text.en
    assert "Asia/Nowhere" in refusal.value.text.vi


def test_a_relative_data_folder_counts_from_where_the_command_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DONDOC_DATA", "elsewhere")
    settings = load_settings(env_file=None)
    assert settings.data == tmp_path / "elsewhere"
    assert settings.database_path.parent == settings.prefect_folder.parent == settings.data


SECRETS = ("secret_key", "oidc_client_secret", "metrics_token", "prefect_api_auth", "smtp_password")
WITH_A_PASSWORD = ("database_url", "prefect_database_url")  # of the database, inside


def test_no_secret_prints(monkeypatch: pytest.MonkeyPatch):
    for name in SECRETS:
        monkeypatch.setenv(f"DONDOC_{name.upper()}", "mật-khẩu")
    for name in WITH_A_PASSWORD:
        monkeypatch.setenv(f"DONDOC_{name.upper()}", "postgresql+psycopg://dondoc:mật-khẩu@db/dondoc")
    settings = load_settings(env_file=None)
    assert "mật-khẩu" not in repr(settings) and "mật-khẩu" not in str(settings)
    assert {name for name, field in Settings.model_fields.items() if field.annotation is SecretStr} == set(SECRETS)
    assert all(getattr(settings, name).get_secret_value() == "mật-khẩu" for name in SECRETS)


def test_no_secret_has_a_value_of_ours():
    fields = Settings.model_fields
    assert {fields[name].default.get_secret_value() for name in SECRETS} | {fields[name].default for name in WITH_A_PASSWORD} == {""}


def test_a_value_that_is_refused_is_not_said_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DONDOC_SMTP_PASSWORD", "mật-khẩu")
    monkeypatch.setenv("DONDOC_SMTP_PORT", "mật-khẩu")
    with pytest.raises(Invalid) as refusal:
        load_settings(env_file=None)
    assert "mật-khẩu" not in str(refusal.value) + refusal.value.text.vi and "DONDOC_SMTP_PORT" in refusal.value.text.en
