"""What was typed is shown by what its field is called on its own page: every field of every template into which people type has a name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from jinja2 import nodes

from engine.definition import Text
from tests.architecture.sources import CHECKOUT
from web.action_forms import FORMS
from web.field_words import is_chosen, label_of, told
from web.kept import LEFT_OUT, is_secret
from web.render import environment

ASKED_ONLY = {"as_of"}  # of forms that only ask, and change nothing
OF_ACTIONS = {field.name for fields in FORMS.values() for field in fields}


def name_of(node: nodes.Expr) -> str:
    """The name that a template gives a field; what is only known when it is shown as a letter. "" if that is all of it."""
    if isinstance(node, nodes.Const):
        return str(node.value)
    parts = node.nodes if isinstance(node, nodes.Concat) else []
    known = [part.value if isinstance(part, nodes.Const) else "1" for part in parts]
    return "".join(known) if any(isinstance(part, nodes.Const) for part in parts) else ""


def typed_fields() -> Iterator[tuple[str, str, str]]:
    """(template, name, label) of every field that a macro makes for typing; the label is "" where it is not written there."""
    pages = environment()
    for path in sorted((CHECKOUT / "web/templates").rglob("*.html")):
        for call in pages.parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Getattr) and call.node.attr in ("input", "textarea", "day_input"):
                label = call.args[2]
                written = label.args[0] if isinstance(label, nodes.Call) and label.args else None
                yield path.name, name_of(call.args[1]), written.value if isinstance(written, nodes.Const) else ""


def test_every_field_for_typing_is_called_as_on_its_page():
    found = {(place, name, label) for place, name, label in typed_fields() if name and name not in ASKED_ONLY | LEFT_OUT}
    assert len(found) > 40
    plain = {it for it in found if not is_secret(it[1])}
    assert {name for _, name, _ in plain if label_of(name) is None} == set()
    told_else = {(place, name) for place, name, label in plain if label and not called_so(name, label)}
    assert told_else == {("step_history.html", "text")}  # a prompt


def called_so(name: str, label: str) -> bool:
    """Whether ``label`` says what ``name`` is called everywhere, at more length perhaps."""
    called = label_of(name)
    return called is not None and called.vi.casefold() in label.casefold()


@pytest.mark.parametrize(
    ("name", "called"),
    [("figures.so_buoi", "Số liệu"), ("evidence.kh.number", "Số văn bản"), ("reason.12", "Lý do riêng"), ("until.12", "Hạn mới")],
)
def test_a_field_is_known_by_the_shape_of_its_name(name: str, called: str):
    found = label_of(name)
    assert found is not None and found.vi == called


def test_what_is_called_the_same_is_told_apart_and_what_was_chosen_is_no_text():
    fields = [
        ("csrf", "x"),
        ("was.figures.a", "1"),
        ("figures.a", "7"),
        ("figures.b", ""),
        ("figures.c", "9"),
        ("note", "Xong"),
        ("unit", "huyen-01"),
    ]
    assert told(fields, "submit") == (
        (Text("Số liệu 1", "Figure 1"), "7"), (Text("Số liệu 3", "Figure 3"), "9"), (Text("Ghi chú", "Note"), "Xong"),
    )  # fmt: skip
    assert [name for name, _ in fields if is_chosen(name, "submit")] == ["unit"]
    assert told([("lead", "huyen-01"), ("reason", "Đổi")], "reassign") == ((Text("Lý do", "Reason"), "Đổi"),)
