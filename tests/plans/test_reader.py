"""Reading a pack: what is accepted, what stays out, and that nothing a folder holds can hurt the reader."""

import os
import random
import time
from datetime import date

import pytest

from engine.definition import ApprovalLink, Join, JoinKind, Predecessor, Shift, Text
from plans.reader import check_pack, read_pack, schema
from tests.plans.packs import FILES, changed, write_pack

NV1 = "key-tasks/nv1.yaml"
REPORT = "            after: [ke-hoach]\n            due: 30/09\n"


def codes(folder):
    return [p.code for p in check_pack(folder)[1]]


def report_step(tmp_path, keys):
    """The step bao-cao with ``keys`` in place of its own."""
    lines = "".join(f"            {line}\n" for line in keys.splitlines())
    plan = read_pack(write_pack(tmp_path, changed(NV1, REPORT, lines)))
    return plan.key_tasks[0].workflows[0].step("bao-cao")


def test_a_sound_pack_has_no_problems_and_takes_over_what_it_leaves_out(tmp_path):
    plan, problems = check_pack(write_pack(tmp_path))
    assert plan is not None
    assert problems == []
    workflow = plan.key_tasks[0].workflows[0]
    assert (workflow.title, workflow.lead) == (Text("Nhiệm vụ một"), "co-quan")
    assert plan.tracked_from == plan.issued_on == date(2023, 3, 1)
    assert plan.unit("loc-ninh").name_on(date(2020, 1, 1)).short.vi == "Lộc Ninh"
    assert plan.unit("ban").names[0].short.vi == "Ban Chỉ đạo"


def test_short_forms_mean_their_long_ones(tmp_path):
    step = report_step(
        tmp_path,
        """due: 30/09
after: [{step: ke-hoach, soft: true}]
join: 90 %
approve: [{by: ban, within: 5wd}, {any: [ban, ubnd]}]
evidence: [{title: Báo cáo quý}]""",
    )
    assert step.title == Text("Báo cáo")
    assert step.after == (Predecessor("ke-hoach", soft=True),)
    assert step.approve == (ApprovalLink(("ban",), JoinKind.ALL, 5), ApprovalLink(("ban", "ubnd"), JoinKind.ANY, 3))
    assert step.evidence[0].code == "bao-cao-quy"
    assert step.join == Join(JoinKind.PERCENT, 90)


@pytest.mark.parametrize(("written", "meant"), [("", None), ("approve: none\n", ()), ("approve: []\n", ())])
def test_no_approval_differs_from_the_usual_confirmation(tmp_path, written, meant):
    assert report_step(tmp_path, f"{written}due: 30/09").approve == meant


@pytest.mark.parametrize(
    ("keys", "shift"),
    [("due: 30/09", Shift.NEXT), ("due: 30/09\nshift: previous", Shift.PREVIOUS), ("due: year-end-month/14", Shift.PREVIOUS)],
)
def test_the_shift_follows_the_kind_of_date_unless_given(tmp_path, keys, shift):
    assert report_step(tmp_path, keys).shift is shift


@pytest.mark.parametrize(
    ("keys", "ours"),
    [
        ("due: 30/09", ()),
        ("due: 30/09\ndefaults: [due]", ("due",)),
        ("due: 30/09\nbasis: default", ("title", "for_each", "due")),
        ("due: 30/09\nbasis: default\nwith: [ban]\nsourced: [due, title]", ("for_each", "coordinating")),
    ],
)
def test_what_is_ours_is_named_on_the_step(tmp_path, keys, ours):
    assert report_step(tmp_path, keys).defaults == ours


def test_the_basis_of_a_file_holds_for_its_steps(tmp_path):
    plan = read_pack(write_pack(tmp_path, {NV1: "basis: default\n" + FILES[NV1]}))
    assert plan.key_tasks[0].workflows[0].step("ke-hoach").defaults == ("title", "lead", "due")


def test_text_is_composed_and_no_break_spaces_are_ordinary(tmp_path):
    decomposed = "Ba\u0301o\u00a0ca\u0301o"
    plan = read_pack(write_pack(tmp_path, changed(NV1, "title: Báo cáo", f"title: {decomposed}")))
    assert plan.key_tasks[0].workflows[0].step("bao-cao").title.vi == "Báo cáo"


def test_hidden_files_links_and_other_kinds_are_left_out(tmp_path):
    folder = write_pack(tmp_path / "pack", {".nhap.yaml": "plan: {}", ".git/x.yaml": "[", "ghi-chu.txt": "{{{"})
    outside = tmp_path / "outside.yaml"
    outside.write_text("plan: {}")
    (folder / "link.yaml").symlink_to(outside)
    assert codes(folder) == []


def test_key_tasks_follow_the_numbers_in_their_file_names(tmp_path):
    more = {f"key-tasks/nv{n}.yaml": FILES[NV1].replace("NV1", f"NV{n}") for n in (10, 2)}
    plan = read_pack(write_pack(tmp_path, more))
    assert [task.code for task in plan.key_tasks] == ["NV1", "NV2", "NV10"]


def test_a_file_of_fifty_megabytes_is_refused_without_being_read(tmp_path):
    folder = write_pack(tmp_path)
    with (folder / "big.yaml").open("wb") as file:
        file.truncate(50_000_000)
    begun = time.process_time()
    plan, problems = check_pack(folder)
    assert plan is None
    assert [(p.file, p.line, p.code) for p in problems] == [("big.yaml", 1, "too-large")]
    assert "50.0 MB" in problems[0].message.vi
    assert time.process_time() - begun < 2


def test_aliases_that_would_explode_are_refused_each_at_its_line(tmp_path):
    bomb = "\n".join(["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9))])
    plan, problems = check_pack(write_pack(tmp_path, {"bomb.yaml": bomb}))
    assert plan is None
    assert {p.line for p in problems if p.code == "alias"} == set(range(1, 10))
    assert len(problems) < 200


@pytest.mark.parametrize("text", ["[" * 100_000, "{" * 100_000, "- " * 100_000, "a: {b: " * 5_000, "x" * 1_900_000, "[1, " * 400_000])
def test_no_text_takes_long_or_overflows(tmp_path, text):
    begun = time.process_time()
    assert check_pack(write_pack(tmp_path, {"deep.yaml": text}))[0] is None
    assert time.process_time() - begun < 20


def test_a_list_longer_than_any_plans_is_one_problem(tmp_path):
    units = "units:\n" + "".join(f"  - {{code: xa-{n}, name: Xã {n}}}\n" for n in range(1001))
    assert [(p.file, p.line, p.code) for p in check_pack(write_pack(tmp_path, {"communes.yaml": units}))[1]] == [
        ("communes.yaml", 1, "too-long")
    ]


def test_thousands_of_problems_are_cut_short_and_counted(tmp_path):
    steps = "".join("          - {code: k, ttle: x, lead: a b, due: D}\n" for _ in range(299))
    many = {f"key-tasks/nv{n}.yaml": FILES[NV1].split("          - code")[0].replace("NV1", f"NV{n}") + steps for n in (2, 3)}
    problems = check_pack(write_pack(tmp_path, many))[1]
    assert len(problems) == 1001
    assert problems[-1].code == "more"
    assert "And 794 more" in problems[-1].message.en


def test_too_many_files_are_not_read(tmp_path):
    folder = write_pack(tmp_path)
    for n in range(301):
        (folder / f"{n}.yaml").touch()
    assert codes(folder) == ["too-many-files"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_named(tmp_path):
    folder = write_pack(tmp_path)
    (folder / "units.yaml").chmod(0)
    assert codes(folder) == ["unreadable"]


def test_no_folder_and_an_empty_one(tmp_path):
    assert codes(tmp_path / "none") == ["no-folder"]
    assert codes(tmp_path) == ["no-files"]


def test_a_byte_order_mark_does_no_harm(tmp_path):
    assert codes(write_pack(tmp_path, {"plan.yaml": "\ufeff" + FILES["plan.yaml"]})) == []


JUNK = ["", "null", "[]", "{}", "[a, b]", "{a: 1}", "3", "true", "'x'", "T-5", "99/99", "!!set {a}", "&a b", "*a", "[[", "- a", "{by: x}"]


def spoilt(text, chance):
    """``text`` with one line removed, doubled, shifted, or given another value."""
    lines = text.splitlines()
    at = chance.randrange(len(lines))
    kind = chance.randrange(4)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(at, lines[at])
    elif kind == 2:
        lines[at] = " " * chance.randrange(1, 4) + lines[at]
    else:
        lines[at] = lines[at].split(":")[0] + ": " + chance.choice(JUNK)
    return "\n".join(lines)


def test_whatever_is_spoilt_the_reader_answers_with_problems(tmp_path):
    for seed in range(300):
        chance = random.Random(seed)
        changes = {name: spoilt(text, chance) for name, text in FILES.items() if chance.random() < 0.6}
        plan, problems = check_pack(write_pack(tmp_path, changes))
        assert plan is not None or any(p.severity == "error" for p in problems), seed
        assert not any("stand-in" in p.message.vi + p.hint.vi for p in problems), seed


def test_the_schema_describes_every_kind_of_file():
    published = schema()
    assert set(published["properties"]) == {
        *("basis", "plan", "units", "groups", "unit_changes", "calendar", "key_tasks", "plan_workflows"),
    }
    step = published["$defs"]["StepShape"]
    assert {"with", "for_each", "due"} <= set(step["properties"])
    assert step["additionalProperties"] is False
    assert set(step["required"]) == {"code", "title", "due"}
