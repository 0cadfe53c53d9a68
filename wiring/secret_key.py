"""The key that signs sessions and links: from the settings, else made once and kept beside the database."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from wiring.settings import Settings


def secret_key(settings: Settings) -> str:
    """The key in use. Without ``DONDOC_SECRET_KEY`` it is read from the data folder, or made there first.

    Two processes that start together get the same key: the file is written whole under another name, then linked into place.
    """
    chosen = settings.secret_key.get_secret_value()
    if chosen:
        return chosen
    path = settings.data / "secret-key"
    if not path.exists():
        make_key_file(path)
    return path.read_text(encoding="ascii").strip()


def make_key_file(path: Path) -> None:
    """Write a new key at ``path``, readable by its owner only; whoever comes second keeps the first one's key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
