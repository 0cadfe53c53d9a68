"""prefect.yaml is the only list of deployments: Prefect's own tools take it, and so does the embedded executor."""

from pathlib import Path

import yaml
from prefect import Flow
from prefect.cli.deploy._models import PrefectYamlModel

from runtime.conversation import AT_START
from runtime.deployments import FILE, WORKFLOW, read_deployments

FLOWS = Path(FILE).parent / "flows"


def test_prefect_deploy_takes_the_file_as_it_is():
    given = yaml.safe_load(FILE.read_text(encoding="utf-8"))

    model = PrefectYamlModel.model_validate(given)

    assert [each.name for each in model.deployments] == [each.name for each in read_deployments()]
    assert all(each.work_pool and each.work_pool.name == "dondoc" for each in model.deployments), "or `prefect deploy --all` would ask"


def test_every_deployment_has_its_flow_and_every_flow_its_deployment():
    flows = [each.flow() for each in read_deployments()]
    files = {path.stem for path in FLOWS.glob("*.py") if "@flow" in path.read_text(encoding="utf-8")}

    assert all(isinstance(flow, Flow) for flow in flows)
    assert {each.entrypoint.split(".")[1] for each in read_deployments()} == files
    assert [flow.name for flow in flows] == [each.name for each in read_deployments()]


def test_schedules_are_in_the_local_zone():
    zones = {zone for each in read_deployments() for _, zone in each.crons}
    crons = {each.name: [cron for cron, _ in each.crons] for each in read_deployments()}

    assert zones == {"Asia/Ho_Chi_Minh"}
    assert crons == {
        "key-task-workflow": [],
        "sweep-deadlines": ["*/10 * * * *"],
        "open-cycles": ["5 0 * * *"],
        "deliver-messages": ["*/10 * * * *"],
        "daily-digest": ["30 7 * * *"],
        "anchor-journal": ["30 0 * * *"],
        "backup": ["0 2 * * *"],
    }


def test_all_but_workflows_are_marked_as_housekeeping():
    assert {each.name for each in read_deployments() if "system" not in each.tags} == {WORKFLOW}


def test_what_is_asked_for_at_the_start_exists():
    assert set(AT_START) <= {each.name for each in read_deployments()}
