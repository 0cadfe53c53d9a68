"""The deployments of ``prefect.yaml``, read for the embedded executor and registered with Prefect's server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from prefect import Flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.schedules import CronSchedule
from prefect.flows import load_flow_from_entrypoint
from prefect.utilities.callables import parameter_schema

from wiring.settings import CHECKOUT

FILE = CHECKOUT / "prefect.yaml"
WORKFLOW = "key-task-workflow"
AnyFlow = Flow[..., Any]


@dataclass(frozen=True, slots=True)
class Deployment:
    """One entry of prefect.yaml. ``lane`` is its work queue; ``crons`` are (expression, time zone)."""

    name: str
    entrypoint: str
    description: str
    tags: tuple[str, ...]
    crons: tuple[tuple[str, str], ...]
    lane: str

    def flow(self) -> AnyFlow:
        """The flow it runs. Imports Prefect's flow of ours on first use."""
        return load_flow_from_entrypoint(self.entrypoint, use_placeholder_flow=False)


def read_deployments(file: Path = FILE) -> tuple[Deployment, ...]:
    """Every deployment, in the order of the file."""
    entries: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))["deployments"]
    return tuple(_deployment(entry) for entry in entries)


def _deployment(entry: dict[str, Any]) -> Deployment:
    return Deployment(
        name=entry["name"],
        entrypoint=entry["entrypoint"],
        description=entry["description"],
        tags=tuple(entry.get("tags", ())),
        crons=tuple((schedule["cron"], schedule["timezone"]) for schedule in entry.get("schedules", ())),
        lane=entry["work_pool"]["work_queue_name"],
    )


@dataclass(frozen=True)
class Registered:
    """The deployments as one Prefect server knows them. Ids change when its database is wiped."""

    ids: dict[str, UUID]
    flows: dict[UUID, AnyFlow]
    lanes: dict[UUID, str]

    @property
    def workflow(self) -> UUID:
        """The deployment whose runs are our workflows."""
        return self.ids[WORKFLOW]

    @property
    def housekeeping(self) -> tuple[UUID, ...]:
        """The others."""
        return tuple(identity for name, identity in self.ids.items() if name != WORKFLOW)


def register(
    client: SyncPrefectClient, *, embedded: bool = True, read: Callable[[], tuple[Deployment, ...]] = read_deployments
) -> Registered:
    """Make every deployment known to the server; the same ones again are updated in place.

    Not ``embedded``: workers run the flows and `prefect deploy --all` has registered them for their pool; they are only looked up.
    """
    ids: dict[str, UUID] = {}
    flows: dict[UUID, AnyFlow] = {}
    lanes: dict[UUID, str] = {}
    for deployment in read():
        flow = deployment.flow()
        if embedded:
            identity = _create(client, deployment, flow)
        else:
            identity = client.read_deployment_by_name(f"{flow.name}/{deployment.name}").id
        ids[deployment.name], flows[identity], lanes[identity] = identity, flow, deployment.lane
    return Registered(ids, flows, lanes)


def _create(client: SyncPrefectClient, deployment: Deployment, flow: AnyFlow) -> UUID:
    return client.create_deployment(
        flow_id=client.create_flow(flow),
        name=deployment.name,
        description=deployment.description,
        tags=list(deployment.tags),
        entrypoint=deployment.entrypoint,
        path=".",
        schedules=[DeploymentScheduleCreate(schedule=CronSchedule(cron=cron, timezone=zone)) for cron, zone in deployment.crons],
        parameter_openapi_schema=parameter_schema(flow).model_dump_for_openapi(),
    )
