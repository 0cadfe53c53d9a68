"""What every test shares: how tests that need a heavy neighbour are gathered, and when the browser ones are skipped.

A mark also names an xdist group, so that one worker starts one PostgreSQL, one Prefect server and one browser.
"""

from __future__ import annotations

import shutil

import hypothesis
import pytest

# A shared machine may stall any example: time is measured by benchmarks, not by properties.
hypothesis.settings.register_profile("dondoc", deadline=None)
hypothesis.settings.load_profile("dondoc")

HEAVY = ("prefect", "postgres", "browser")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    chromium = any(shutil.which(name) for name in BROWSERS)
    for item in items:
        for mark in HEAVY:
            if item.get_closest_marker(mark):
                item.add_marker(pytest.mark.xdist_group(mark))
                break
        if item.get_closest_marker("browser") and not chromium:
            item.add_marker(pytest.mark.skip(reason="no chromium on PATH; .ci/run installs it"))
