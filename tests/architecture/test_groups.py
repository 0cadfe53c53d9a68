"""Tests that share something heavy run in one worker, so that it is made once."""

import os

import pytest


@pytest.mark.xdist_group("grouped")
def test_the_workers_are_told_which_group_a_test_belongs_to(request: pytest.FixtureRequest):
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("no workers: nothing is shared out")
    assert request.node.nodeid.endswith("@grouped"), "pytest-xdist no longer groups tests: see requirements-dev.in"
