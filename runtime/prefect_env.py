"""What Prefect reads from the environment, for its server and for our clients of it.

Prefect decides much when it is first imported, so these go into a child's environment before it starts. Nothing may leave the
machine: telemetry is off on both sides, and the newer interface, which asks an outside analytics host, is not the default.
"""

from __future__ import annotations

from wiring.settings import Settings


def client_variables(settings: Settings) -> dict[str, str]:
    """For a process that runs flows or talks to the server. Its folder is ours, so that a developer's own profile plays no part."""
    variables = _shared(settings) | {
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
        # A wake repeats with the same arguments and must do its work again: nothing of a run is kept as its result.
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    }
    if secret := settings.prefect_api_auth.get_secret_value():
        variables["PREFECT_API_AUTH_STRING"] = secret
    return variables


def server_variables(settings: Settings) -> dict[str, str]:
    """For Prefect's server. It listens on loopback; people reach it through our sign-in."""
    database = settings.prefect_database_url or f"sqlite+aiosqlite:///{settings.prefect_folder / 'prefect.db'}"
    variables = _shared(settings) | {
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": database,
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_UI_API_URL": settings.prefect_url,
    }
    if secret := settings.prefect_api_auth.get_secret_value():
        variables["PREFECT_SERVER_API_AUTH_STRING"] = secret
    return variables


def _shared(settings: Settings) -> dict[str, str]:
    return {
        "PREFECT_API_URL": settings.prefect_url,
        "PREFECT_HOME": str(settings.prefect_folder),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
