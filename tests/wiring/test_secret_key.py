"""The signing key is made once, is the same for every process, and nobody else can read it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pydantic import SecretStr

from wiring.secret_key import make_key_file, secret_key
from wiring.settings import Settings


def settings_in(folder: Path, key: str = "") -> Settings:
    return Settings(_env_file=None, data=folder, secret_key=SecretStr(key))


def test_the_key_that_was_set_is_used_and_nothing_is_written(tmp_path: Path):
    assert secret_key(settings_in(tmp_path, "chosen")) == "chosen"
    assert list(tmp_path.iterdir()) == []


def test_without_one_it_is_made_once_and_kept(tmp_path: Path):
    first = secret_key(settings_in(tmp_path / "data"))
    assert len(first) >= 48
    assert secret_key(settings_in(tmp_path / "data")) == first


def test_only_its_owner_can_read_it(tmp_path: Path):
    secret_key(settings_in(tmp_path))
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


def test_whoever_makes_it_second_keeps_the_first_ones(tmp_path: Path):
    path = tmp_path / "secret-key"
    make_key_file(path)
    first = path.read_text(encoding="ascii")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(make_key_file, [path] * 8))
    assert path.read_text(encoding="ascii") == first
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key"]
