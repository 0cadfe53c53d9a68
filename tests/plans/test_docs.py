"""The documentation of plan packs names every key, no other, and its example is a sound pack."""

import re
from pathlib import Path

import pytest

from plans.reader import check_pack
from plans.shape import FileShape, Shape, TextShape
from plans.walk import keys, nested

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "plan-packs.md").read_text(encoding="utf-8")


def shapes(shape=FileShape, heading="Any file", found=None):
    """Every shape of a pack with the heading under which it is documented: the key it stands under."""
    found = {} if found is None else found
    if shape not in found:
        found[shape] = heading
        for key in keys(shape):
            inner = nested(shape, key)
            if inner:
                shapes(inner, "Texts" if inner is TextShape else f"`{key}`", found)
    return found


def documented(heading):
    """The keys in the table under ``heading``, each with whether it is marked as required."""
    section = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", GUIDE, re.M | re.S)
    assert section, f"no section {heading}"
    return {row[1]: bool(row[2]) for row in re.finditer(r"^\| `(\w+)`( \*)? \|", section[1], re.M)}


@pytest.mark.parametrize(("shape", "heading"), shapes().items(), ids=lambda value: getattr(value, "__name__", ""))
def test_every_key_is_documented_and_every_documented_key_exists(shape: type[Shape], heading):
    assert documented(heading) == {key: info.is_required() for key, info in keys(shape).items()}


def test_every_key_has_a_description_for_editors():
    for shape in shapes():
        for key, info in keys(shape).items():
            assert " — " in (info.description or ""), f"{shape.__name__}.{key}"


def test_the_example_is_a_sound_pack(tmp_path):
    example = re.search(r"```yaml\n(.*?)```", GUIDE, re.S)
    assert example
    (tmp_path / "plan.yaml").write_text(example[1], encoding="utf-8")
    plan, problems = check_pack(tmp_path)
    assert problems == []
    assert plan is not None


def test_the_vietnamese_page_names_keys_that_exist():
    page = (DOCS / "goi-ke-hoach.md").read_text(encoding="utf-8")
    known = {key for shape in shapes() for key in keys(shape)}
    assert {"lead", "for_each", "with", "due", "after", "approve", "sourced"} <= set(re.findall(r"`(\w+)`", page)) <= known | {"none"}
