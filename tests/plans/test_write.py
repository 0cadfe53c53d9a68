"""A definition written as a pack reads back as the same definition: the shipped plan, and any plan made of random parts."""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.confidential import told_again, untold
from engine.dates import parse_rule
from engine.definition import (
    ApprovalLink,
    Evidence,
    Figure,
    Join,
    JoinKind,
    KeyTaskDefinition,
    PlanDefinition,
    Predecessor,
    Shift,
    StepDefinition,
    Text,
    Window,
)
from engine.rungs import At, Rung, rung
from plans.build import Parts, definition
from plans.checks import check_shape
from plans.files import SourceFile, read_files, text_file
from plans.reader import check_pack, read_pack
from plans.salvage import salvage
from plans.tree import parse
from plans.write import pack_files, pack_zip
from tests.plans.packs import changed, write_pack
from tests.plans.test_codec import LADDERS
from tests.plans.test_plan_222 import PACK
from wiring.calendar import build_calendar

WORDS = st.text("aâđư Báo'\"#:-{}[]&*!|>%@`,?~0123456789\\", min_size=1, max_size=30).map(str.strip).filter(bool)
TEXTS = st.builds(Text, WORDS, st.just("") | WORDS)
UNITS = ("mttq", "so-noi-vu", "van-phong-ubnd-tinh")
LINKS = st.builds(ApprovalLink, st.just(("ban-chi-dao",)) | st.just(UNITS[:2]), st.just(JoinKind.ALL), st.integers(1, 30))
JOINS = st.sampled_from((Join(), Join(JoinKind.ANY), Join(JoinKind.COUNT, 5), Join(JoinKind.PERCENT, 90)))
RUNGS = st.sampled_from((rung(At("D", -3)), rung(At("D", 30, False), "committee"), rung(At("A", 1), repeat_days=7)))
SHIPPED = read_pack(PACK)
OURS = ("title", "due", "shift", "join", "coordinating", "after", "evidence")


def written(plan: PlanDefinition, folder: Path) -> Path:
    """``plan`` as a pack in ``folder``."""
    for name, text in pack_files(plan).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_the_shipped_plan_comes_back_equal_and_without_a_problem(tmp_path):
    plan = read_pack(PACK)
    folder = written(plan, tmp_path)
    again, problems = check_pack(folder, build_calendar)
    assert again == plan
    assert [p for p in problems if p.severity == "error"] == []


def test_writing_is_steady(tmp_path):
    plan = read_pack(PACK)
    assert pack_files(read_pack(written(plan, tmp_path))) == pack_files(plan)
    assert pack_zip(plan) == pack_zip(plan)


def test_the_archive_holds_the_files():
    plan = read_pack(PACK)
    with zipfile.ZipFile(io.BytesIO(pack_zip(plan))) as archive:
        assert {name: archive.read(name).decode() for name in archive.namelist()} == pack_files(plan)


@pytest.mark.parametrize("ladder", LADDERS)
def test_a_ladder_comes_back_and_none_is_not_the_usual_one(tmp_path, ladder):
    due = "            due: 30/09\n"
    plan = read_pack(write_pack(tmp_path / "a", changed("key-tasks/nv1.yaml", due, due + ladder)))
    assert read_pack(written(plan, tmp_path / "b")) == plan


def test_what_is_ours_stays_marked_also_where_it_equals_what_goes_without_saying(tmp_path):
    more = "            due: 30/09\n            join: all\n            defaults: [due, join, after]\n"
    plan = read_pack(write_pack(tmp_path / "a", changed("key-tasks/nv1.yaml", "            due: 30/09\n", more)))
    assert set(plan.key_tasks[0].workflows[0].steps[1].defaults) == {"due", "join", "after"}
    assert read_pack(written(plan, tmp_path / "b")) == plan


@st.composite
def steps(draw: st.DrawFn, n: int) -> StepDefinition:
    """The n-th step of a workflow, with any values."""
    several = draw(st.booleans())
    due = parse_rule(draw(st.sampled_from(("none", "T", "T-60", "T+10wd", "+7wd", "31/01", "30/06/2024", "31/01+1y", "issue+30wd"))))
    before = tuple(Predecessor(f"b{i}", draw(st.booleans())) for i in range(n) if draw(st.booleans()))
    evidence = tuple(Evidence(f"e{i}", draw(TEXTS), draw(st.booleans()), draw(st.booleans())) for i in range(draw(st.integers(0, 2))))
    figures = draw(
        st.sampled_from(
            ((), (Figure("f", Text("Số"), "count", 0.0, 9.5, True, True), Figure("g", Text("C"), "choice", choices=("a", "b"))))
        )
    )
    made = StepDefinition(
        code=f"b{n}", title=draw(TEXTS), due=due, lead=None if several else UNITS[0], for_each="cap-huyen" if several else None,
        coordinating=draw(st.sampled_from(((), UNITS[1:]))), ask=draw(st.just(Text("")) | TEXTS), shift=draw(st.sampled_from(Shift)),
        after=before, join=draw(JOINS), not_before=draw(st.none() | st.just(parse_rule("T-15"))),
        report=draw(st.sampled_from((None, True, False))),
        window=draw(st.none() | st.just(Window(parse_rule("T-9"), parse_rule("T"), parse_rule("T-24")))),
        approve=draw(st.none() | st.lists(LINKS, max_size=2).map(tuple)), evidence=evidence, figures=figures,
        ladder=draw(st.none() | st.lists(RUNGS, max_size=2).map(tuple)),
    )  # fmt: skip
    order = ("title", "coordinating", "due", "shift", "after", "join", "evidence")
    ours = draw(st.sets(st.sampled_from(OURS)))
    return replace(made, defaults=tuple(name for name in order if name in ours))


@st.composite
def key_tasks(draw: st.DrawFn) -> KeyTaskDefinition:
    """A key task of the shipped plan whose one workflow has any steps."""
    task = SHIPPED.key_tasks[3]
    made = tuple(draw(steps(n)) for n in range(draw(st.integers(1, 4))))
    workflow = replace(task.workflows[0], title=draw(TEXTS), steps=made, confidential=draw(st.booleans()))
    return KeyTaskDefinition("NV4", draw(TEXTS), draw(WORDS), task.lead, (workflow,))


def as_read(files: Iterable[SourceFile]) -> PlanDefinition:
    """What ``files`` say, whether or not it coheres. Raises AssertionError naming what has no right shape."""
    parts, agency = Parts(), "cong-an-tinh"
    for source in files:
        tree = parse(source)
        check_shape(tree)
        file = salvage(tree)
        assert tree.problems == [] and file.shape is not None
        parts.plan = file.shape.plan or parts.plan
        parts.add(source.name, file.shape, agency)
    assert parts.plan is not None
    return definition(parts, parts.plan)


@settings(max_examples=60)
@given(title=TEXTS, task=key_tasks(), ladder=st.none() | st.lists(RUNGS, max_size=2).map(tuple))
def test_any_plan_comes_back_equal(title: Text, task: KeyTaskDefinition, ladder: tuple[Rung, ...] | None):
    plan = replace(SHIPPED, title=title, key_tasks=(task,), ladder=ladder)
    assert as_read(text_file(name, text) for name, text in pack_files(plan).items()) == plan


CHANGES = """unit_changes:
  - on: 01/07/2023
    document: Nghị quyết 1/NQ
    new_units: [{code: khu-vuc, parent: ubnd, name: Khu vực, short: KV}]
    parts:
      - {merge: [loc-ninh, bu-dop], into: [{unit: khu-vuc}, {unit: co-quan, steps: [NV1/hang-nam/bao-cao]}]}
      - {rename: ban, name: Ban Chỉ đạo mới, type: ban, official_code: '07'}
"""


def test_changes_of_units_come_back(tmp_path):
    plan = as_read(read_files(write_pack(tmp_path / "a", {"changes.yaml": CHANGES})))
    assert len(plan.unit_changes[0].parts) == 2
    assert as_read(read_files(written(plan, tmp_path / "b"))) == plan


def test_a_pack_of_confidential_work_holds_no_title_and_sent_back_keeps_them(tmp_path: Path):
    tasks = tuple(replace(k, workflows=tuple(replace(w, confidential=True) for w in k.workflows)) for k in SHIPPED.key_tasks)
    secret = replace(SHIPPED, key_tasks=tasks)
    titles = [step.title.vi for task in tasks for w in task.workflows for step in w.steps]
    titles += [e.title.vi for task in tasks for w in task.workflows for step in w.steps for e in step.evidence]
    folder = written(untold(secret), tmp_path)
    said = "".join(path.read_text(encoding="utf-8") for path in folder.glob("key-tasks/*.yaml"))
    assert len(titles) > 60 and not [title for title in titles if f'"{title}"' in said or f": {title}\n" in said]
    assert said.count("Nội dung mật") > len(titles)
    again = read_pack(folder)
    assert told_again(again, secret) == secret
    (first, *others), (flow, *flows) = again.key_tasks, again.key_tasks[0].workflows
    changed_step = replace(flow.steps[0], due=parse_rule("20/01"), title=Text("Một tên khác"))
    sent = replace(again, key_tasks=(replace(first, workflows=(replace(flow, steps=(changed_step, *flow.steps[1:])), *flows)), *others))
    kept = told_again(sent, secret).key_tasks[0].workflows[0].steps
    assert (kept[0].due.text, kept[0].title.vi) == ("20/01", "Một tên khác") and kept[1] == secret.key_tasks[0].workflows[0].steps[1]
