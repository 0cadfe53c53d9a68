"""What a step reports without its pack saying so."""

from __future__ import annotations

from dataclasses import replace

from engine.compiled import CompiledWorkflow, compile_workflow
from engine.definition import Figure, Text
from engine.reporting import STANDARD, Sum
from tests.factories import festival


def compiled(**changes: dict[str, object]) -> CompiledWorkflow:
    """The festival with ``changes`` to steps by code (with _ for -)."""
    plan = festival()
    task, workflow = plan.workflows()[0]
    steps = tuple(replace(s, **changes.get(s.code.replace("-", "_"), {})) for s in workflow.steps)  # type: ignore[arg-type]
    return compile_workflow(plan, task, replace(workflow, steps=steps))


def codes(workflow: CompiledWorkflow, step: str) -> list[str]:
    return [f.code for f in workflow.steps[step].figures]


def test_a_step_that_joins_reports_consolidates_what_adds_up() -> None:
    note = Figure("ghi_chu", Text("Ghi chú"), type="text")
    so = Figure("so", Text("Số đơn vị"), min=0, max=9, required=True, sum=True)
    workflow = compiled(bao_cao={"figures": (so, note)})
    assert workflow.sums["tong-hop"] == (Sum("so", "bao-cao", "so"),)
    assert codes(workflow, "tong-hop") == ["so", "kho_khan", "de_xuat"]
    total = workflow.steps["tong-hop"].figures[0]
    assert (total.required, total.min, total.max, total.sum) == (False, None, None, True)


def test_a_unit_that_goes_on_by_itself_consolidates_nothing() -> None:
    workflow = compiled(to_chuc={"figures": (Figure("so", Text("Số"), sum=True),)})
    assert workflow.sums["bao-cao"] == ()


def test_one_code_in_two_fan_outs_is_told_apart() -> None:
    from engine.definition import Predecessor

    figure = Figure("so", Text("Số đơn vị"), sum=True)
    after = (Predecessor("bao-cao"), Predecessor("to-chuc"))
    workflow = compiled(to_chuc={"figures": (figure,)}, bao_cao={"figures": (figure,)}, tong_hop={"after": after})
    assert {s.code for s in workflow.sums["tong-hop"]} == {"bao-cao.so", "to-chuc.so"}


def test_difficulties_and_proposals_belong_to_every_report() -> None:
    assert codes(compiled(), "bao-cao")[-2:] == [f.code for f in STANDARD]
    assert codes(compiled(bao_cao={"report": False}), "bao-cao") == ["so"]
    assert codes(compiled(), "ke-hoach") == []
    assert codes(compiled(ke_hoach={"report": True}), "ke-hoach") == ["kho_khan", "de_xuat"]


def test_what_the_pack_says_itself_goes_first() -> None:
    own = Figure("kho_khan", Text("Vướng mắc về kinh phí"), type="text", required=True)
    workflow = compiled(bao_cao={"figures": (own,)})
    assert workflow.steps["bao-cao"].figures[0] == own
    assert codes(workflow, "bao-cao") == ["kho_khan", "de_xuat"]
