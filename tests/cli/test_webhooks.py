"""Webhooks on the command line: what they can hear of stands in groups, and is chosen by the same names as on the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from notifications.webhook_kinds import EVENT_GROUPS, EVENTS
from tests.cli.test_calendar import data, told

__all__ = ["data"]


def test_every_event_is_listed_in_its_group() -> None:
    rows = json.loads(CliRunner().invoke(app, ["webhook", "events", "--json"]).output)
    assert [(row["group"], row["kind"]) for row in rows] == [(group.code, kind) for group in EVENT_GROUPS for kind in group.events]
    printed = CliRunner().invoke(app, ["webhook", "events"]).output
    assert all(f"{group.code}: {group.title.vi}" in printed for group in EVENT_GROUPS)


def test_groups_and_single_events_are_chosen_and_chosen_anew(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_WEBHOOK_HTTP", "true")
    monkeypatch.setenv("DONDOC_WEBHOOK_NETWORKS", "127.0.0.0/8")
    told(data, "webhook", "add", "http://127.0.0.1:9/", "--name", "Trục", "--group", "figures", "--event", "step.overdue")
    assert told(data, "webhook", "list")[0]["events"] == ["step.consolidated", "step.overdue", "step.sources-corrected"]
    assert told(data, "webhook", "choose", "1", "--event", "step.approved") == {"id": 1, "events": ["step.approved"]}
    assert told(data, "webhook", "choose", "1", "--all")["events"] == sorted(EVENTS)
