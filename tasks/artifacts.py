"""Keeps Prefect's artifacts up to date: one version a day and key, changed in place while the day lasts.

A new version at each sweep would fill Prefect's database with fifty thousand copies a year.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from prefect.client.schemas.actions import ArtifactCreate, ArtifactUpdate
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey
from prefect.client.schemas.objects import Artifact
from prefect.client.schemas.sorting import ArtifactSort

from engine.instants import local_day
from tasks.this_run import client


def show_table(key: str, rows: Sequence[dict[str, str | int]], description: str, *, at: datetime) -> None:
    """Show ``rows`` as the table ``key``; ``description`` stands on its card. ``at`` is real time: a new day, a new version."""
    _show(key, "table", json.dumps(list(rows), ensure_ascii=False), description, at)


def show_markdown(key: str, text: str, description: str, *, at: datetime) -> None:
    """Show ``text`` as the page ``key``."""
    _show(key, "markdown", text, description, at)


def _show(key: str, kind: Literal["table", "markdown"], data: str, description: str, at: datetime) -> None:
    latest = _latest(key)
    if latest is None or latest.created is None or local_day(latest.created) != local_day(at):
        client().create_artifact(ArtifactCreate(key=key, type=kind, data=data, description=description))
    elif (latest.data, latest.description) != (data, description):
        client().update_artifact(latest.id, ArtifactUpdate(data=data, description=description))


def _latest(key: str) -> Artifact | None:
    chosen = ArtifactFilter(key=ArtifactFilterKey(any_=[key]))
    found = client().read_artifacts(artifact_filter=chosen, sort=ArtifactSort.CREATED_DESC, limit=1)
    return found[0] if found else None
