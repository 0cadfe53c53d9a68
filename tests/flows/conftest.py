"""One Prefect server for all tests here, stopped after the last of them; mark tests that ask for ``prefect`` with its name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.client.orchestration import SyncPrefectClient

from models.database import Database
from tests.flows.played_flow import PlayedFlow
from tests.prefect_server import client_of, running_prefect, settings_in
from tests.services.played import Played
from wiring.settings import Settings


@pytest.fixture(scope="package")
def prefect_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The settings of a running server."""
    settings = settings_in(tmp_path_factory.mktemp("prefect"))
    with running_prefect(settings):
        yield settings


@pytest.fixture
def prefect(prefect_settings: Settings) -> Iterator[SyncPrefectClient]:
    """A client of the server, open in the test's thread."""
    with client_of(prefect_settings) as client:
        yield client


@pytest.fixture
def played(sqlite: Database, prefect: SyncPrefectClient, prefect_settings: Settings, tmp_path: Path) -> Iterator[PlayedFlow]:
    """The festival plan, published and opened, and its flow run driven by hand."""
    settings = prefect_settings.model_copy(update={"data": tmp_path})
    with PlayedFlow.over(Played(sqlite), prefect, settings) as flow:
        yield flow
        flow.tidy()
