"""Prefect's server is for this machine alone, asks for its credential, and tells nobody outside."""

from pathlib import Path

from runtime.prefect_env import client_variables
from runtime.prefect_server import prefect_server
from wiring.settings import Settings

QUIET = {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}
OURS = {"PREFECT_SERVER_UI_V2_ENABLED": "false", "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false"}
SECRET = "dondoc:một bí mật"


def test_it_listens_on_loopback_under_its_credential_and_calls_nobody(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data=tmp_path, host="10.20.30.40", prefect_port=4321, prefect_api_auth=SECRET)
    server, client = prefect_server(settings), client_variables(settings)
    command = list(server.command)
    assert command[command.index("--host") :] == ["--host", "127.0.0.1", "--port", "4321"]
    assert client["PREFECT_API_URL"] == server.environment["PREFECT_API_URL"] == "http://127.0.0.1:4321/api"
    assert server.environment["PREFECT_SERVER_API_AUTH_STRING"] == client["PREFECT_API_AUTH_STRING"] == SECRET
    assert QUIET.items() <= client.items() and (QUIET | OURS).items() <= server.environment.items()
    assert not [word for word in command if SECRET in word], "everybody on the machine reads what programs are started with"
