"""One running product for all journeys."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.journeys.stack import Stack


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The demonstration, up and waiting; stopped at the end, leaving no process."""
    found = Stack(Path(tmp_path_factory.mktemp("journey")) / "data")
    found.start()
    try:
        yield found
    finally:
        left = found.stop()
    assert left == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A journey that fails tells what the product said meanwhile, which goes with its folder, and where the flow runs stood."""
    report = yield
    stack = getattr(item, "funcargs", {}).get("stack")
    if report.failed and isinstance(stack, Stack):
        report.sections += stack.told()
    return report
