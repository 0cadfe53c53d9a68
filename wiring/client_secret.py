"""By what the office's identity provider knows that it is this installation that asks."""

from __future__ import annotations

from engine.definition import Text
from engine.errors import Invalid
from wiring.settings import Settings


def client_secret(settings: Settings) -> str:
    """The secret in use: from the settings, else from its file; "" for a provider that wants none.

    Raises `Invalid`, with what to do, for a file that cannot be read.
    """
    path = settings.oidc_client_secret_file
    if path is None or settings.oidc_client_secret.get_secret_value():
        return settings.oidc_client_secret.get_secret_value()
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise Invalid(
            Text(f"Không đọc được tệp khóa {path}.", f"The file of the secret, {path}, cannot be read."),
            code="client-secret",
            hint=Text(
                "Tệp phải thuộc về người dùng chạy dịch vụ (chmod 600).", "It must belong to the user that runs the service (chmod 600)."
            ),
            field="DONDOC_OIDC_CLIENT_SECRET_FILE",
        ) from problem
