"""Every folder under broken/ is a pack with planted faults; expected.yaml beside it lists them all, each with file and line.

The lists are exact: a fault that is missed fails, and so does a problem that merely follows from another.
"""

from pathlib import Path

import pytest
import yaml

from engine.errors import PackError
from plans.reader import check_pack, read_pack
from plans.report import report
from wiring.calendar import build_calendar

BROKEN = sorted(path for path in (Path(__file__).parent / "broken").iterdir() if path.is_dir())


def test_there_are_packs_enough():
    assert len(BROKEN) >= 20


@pytest.mark.parametrize("folder", BROKEN, ids=lambda folder: folder.name)
def test_every_planted_fault_is_found_at_its_line_and_nothing_else(folder):
    expected = [
        (fault["file"], fault["line"], fault["code"], fault.get("severity", "error"))
        for fault in yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf-8"))
    ]
    plan, problems = check_pack(folder / "pack", build_calendar)
    assert sorted((p.file, p.line, p.code, p.severity) for p in problems) == sorted(expected)
    assert (plan is None) == any(severity == "error" for *_, severity in expected)


@pytest.mark.parametrize("folder", BROKEN, ids=lambda folder: folder.name)
def test_every_problem_speaks_both_languages(folder):
    _, problems = check_pack(folder / "pack", build_calendar)
    for problem in problems:
        assert problem.message.vi.endswith((".", "?"))
        assert problem.message.en.endswith((".", "?"))
        assert bool(problem.hint.vi) == bool(problem.hint.en)
        assert "stand-in" not in problem.message.vi + problem.hint.vi


def test_a_pack_with_errors_is_not_read_but_all_its_problems_are_told():
    folder = next(path for path in BROKEN if path.name == "many-at-once")
    with pytest.raises(PackError) as caught:
        read_pack(folder / "pack")
    lines = report(caught.value.problems, "en").splitlines()
    assert "plan.yaml:11: error: There is no key “autority” here. Did you mean “authority”? [unknown-key]" in lines
    assert lines[-1] == "12 error(s), 0 warning(s)"
    assert report(caught.value.problems).splitlines()[-1] == "12 lỗi, 0 cảnh báo"
