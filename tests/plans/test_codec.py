"""A plan stored as JSON comes back as it was."""

import json

import pytest

from plans.codec import from_json, to_json
from plans.reader import read_pack
from tests.plans.packs import changed, write_pack
from tests.plans.test_plan_222 import PACK


def test_a_whole_plan_comes_back_equal():
    plan = read_pack(PACK)
    assert from_json(json.loads(json.dumps(to_json(plan)))) == plan


@pytest.mark.parametrize("approve", ["", "            approve: none\n", "            approve: [{by: ban}]\n"])
def test_the_usual_confirmation_and_none_stay_apart(tmp_path, approve):
    due = "            due: 30/09\n"
    plan = read_pack(write_pack(tmp_path, changed("key-tasks/nv1.yaml", due, due + approve)))
    assert from_json(to_json(plan)) == plan


LADDERS = (
    "",
    "            ladder: none\n",
    "            ladder: [{at: D-5wd}, {at: D+30d, tell: committee, propose: false, repeat: 14d}, {at: A+1wd}]\n",
)


@pytest.mark.parametrize("ladder", LADDERS)
def test_a_ladder_comes_back_and_none_is_not_the_usual_one(tmp_path, ladder):
    due = "            due: 30/09\n"
    plan = read_pack(write_pack(tmp_path, changed("key-tasks/nv1.yaml", due, due + ladder)))
    assert from_json(json.loads(json.dumps(to_json(plan)))) == plan


def test_a_plan_stored_before_there_were_ladders_has_the_usual_one():
    plan = read_pack(PACK)
    assert from_json(without(to_json(plan), "ladder")) == plan


def without(data, key):
    if isinstance(data, dict):
        return {name: without(value, key) for name, value in data.items() if name != key}
    return [without(each, key) for each in data] if isinstance(data, list) else data


def test_another_format_is_refused():
    with pytest.raises(ValueError, match="format 2"):
        from_json({"format": 2})
