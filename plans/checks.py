"""What is wrong with the shape of one file: every problem at once, each at its line, with what would be right."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from engine.definition import Text
from plans.shape import FileShape, Marked, Shape
from plans.tree import Path, Tree
from plans.walk import keys, mappings, shape_at

NOT_MARKED = ("code", "basis", "sourced", "defaults")

_TYPES = {
    "list_type": Text(
        "Cần một danh sách: mỗi mục một dòng bắt đầu bằng “- ”.", "A list is needed: one line an item, each beginning with “- ”."
    ),
    "model_type": Text("Cần một nhóm “khóa: giá trị”.", "A group of “key: value” is needed."),
    "bool_type": Text("Cần true hoặc false.", "true or false is needed."),
    "bool_parsing": Text("Cần true hoặc false.", "true or false is needed."),
    "float_type": Text("Cần một số.", "A number is needed."),
    "float_parsing": Text("Cần một số.", "A number is needed."),
    "too_long": Text("Chia ra hoặc rút ngắn danh sách.", "Split or shorten the list."),
    "string_type": Text("Cần văn bản; nếu là số, đặt trong dấu nháy.", "A text is needed; put a number in quotes."),
}


def check_shape(tree: Tree) -> list[tuple[Path, Any]]:
    """Report to ``tree`` what does not fit; give each place that pydantic refused with its error type ("missing" …)."""
    _one_of(tree)
    _marks(tree)
    errors = shape_errors(tree.data)
    missing = {_path(e) for e in errors if e["type"] == "missing"}
    meant: set[Path] = set()
    for error in sorted(errors, key=lambda e: e["type"] != "extra_forbidden"):
        path = _path(error)
        if error["type"] == "extra_forbidden":
            meant |= _unknown_key(tree, path, missing)
        elif path not in meant and not _spoken_of(tree, path):
            _report(tree, path, error)
    return [(_path(e), e["type"]) for e in errors]


def shape_errors(data: Any) -> list[ErrorDetails]:
    """What pydantic has against ``data`` as a file of a pack."""
    try:
        FileShape.model_validate({} if data is None else data)
    except ValidationError as error:
        return error.errors(include_url=False)
    return []


def nearest(word: str, known: list[str]) -> str | None:
    """The word of ``known`` that ``word`` most likely stands for."""
    close = get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    return close[0] if close else None


def _path(error: ErrorDetails) -> Path:
    return tuple(error["loc"])


def _spoken_of(tree: Tree, path: Path) -> bool:
    return any(path[: len(broken)] == broken for broken in tree.broken)


def _unknown_key(tree: Tree, path: Path, missing: set[Path]) -> set[Path]:
    """Report an unknown key; give the missing key that it was meant to be, so that it is not reported too."""
    shape = shape_at(path[:-1]) or FileShape
    key, known = str(path[-1]), list(keys(shape))
    likely = nearest(key, [k for k in known if (*path[:-1], k) in missing]) or nearest(key, known)
    listed = ", ".join(known)
    hint = (
        Text(f"Có phải là “{likely}”?", f"Did you mean “{likely}”?")
        if likely
        else Text(f"Các khóa đúng: {listed}.", f"Valid keys: {listed}.")
    )
    tree.report(tree.line(path), "unknown-key", Text(f"Không có khóa “{key}” ở đây.", f"There is no key “{key}” here."), hint)
    return {(*path[:-1], likely)} if likely else set()


def _report(tree: Tree, path: Path, error: ErrorDetails) -> None:
    context = error.get("ctx", {})
    written = next((path[:n] for n in range(len(path), 0, -1) if path[:n] in tree.lines), path)
    key = next((str(p) for p in reversed(written) if isinstance(p, str)), "")
    if error["type"] == "missing":
        message, hint = (
            Text(f"Thiếu khóa “{path[-1]}”.", f"The key “{path[-1]}” is missing."),
            Text(f"Thêm {path[-1]}: …", f"Add {path[-1]}: …"),
        )
        tree.report(tree.line(path), "missing-key", message, hint)
    elif key == "lead" and isinstance(error["input"], list):
        message = Text("Hai đơn vị chủ trì.", "Two lead units.")
        hint = Text("Giữ một; đơn vị khác ghi vào with (phối hợp).", "Keep one; put the others under with (coordinating).")
        tree.report(tree.line(path), "two-leads", message, hint)
    elif error["type"] == "pack":
        message = Text(f"{key}: {context['vi']}", f"{key}: {context['en']}")
        tree.report(tree.line(path), str(context["code"]), message, Text(context["hint_vi"], context["hint_en"]))
    elif error["type"] in ("enum", "literal_error"):
        _choice(tree, path, key, error, str(context["expected"]))
    else:
        hint = _TYPES.get(error["type"], Text("Xem tài liệu về gói kế hoạch.", "See the documentation of plan packs."))
        message = Text(f"{key or 'Tệp'}: giá trị không đúng kiểu.", f"{key or 'The file'}: the value is of the wrong kind.")
        if error["type"] == "too_long":
            message = Text(f"{key}: hơn {context['max_length']} mục.", f"{key}: more than {context['max_length']} entries.")
        tree.report(tree.line(path), "too-long" if error["type"] == "too_long" else "wrong-kind", message, hint)


def _choice(tree: Tree, path: Path, key: str, error: ErrorDetails, expected: str) -> None:
    words = [word.strip("' ") for word in expected.replace(" or ", ", ").split(",")]
    likely, listed = nearest(str(error["input"]), words), ", ".join(words)
    hint = Text(f"Có phải là “{likely}”? Các giá trị đúng: {listed}.", f"Did you mean “{likely}”? Valid values: {listed}.")
    hint = hint if likely else Text(f"Các giá trị đúng: {listed}.", f"Valid values: {listed}.")
    message = Text(f"{key}: không có giá trị “{error['input']}”.", f"{key}: there is no value “{error['input']}”.")
    tree.report(tree.line(path), "unknown-value", message, hint)


def _one_of(tree: Tree) -> None:
    for path, shape, data in mappings(tree.data):
        given = [key for key in shape.one_of if key in data]
        listed = " | ".join(shape.one_of)
        if len(given) > 1:
            message = Text(f"Không dùng cùng lúc {' và '.join(given)}.", f"Not both {' and '.join(given)}.")
            hint = (
                Text("Mỗi bước chỉ có một đơn vị chủ trì.", "A step has one lead unit.")
                if "for_each" in given
                else Text("Giữ một.", "Keep one.")
            )
            code = "two-leads" if "for_each" in given else "one-of"
            tree.report(max(tree.line((*path, key)) for key in given), code, message, hint)
        elif shape.one_of and not given and not _misspelt(data, shape):
            tree.report(
                tree.line(path), "missing-key", Text(f"Thiếu {listed}.", f"One of {listed} is missing."), Text("Thêm một.", "Add one.")
            )


def _misspelt(data: dict[str, Any], shape: type[Shape]) -> bool:
    return any(nearest(str(key), list(keys(shape))) in shape.one_of for key in data if key not in keys(shape))


def _marks(tree: Tree) -> None:
    """Names in ``sourced`` and ``defaults`` that are no key of the mapping they stand in."""
    for path, shape, data in mappings(tree.data):
        if issubclass(shape, Marked):
            known = [key for key in keys(shape) if key not in NOT_MARKED]
            for at, name in _listed(data):
                if name not in known:
                    likely = nearest(name, known)
                    hint = (
                        Text(f"Có phải là “{likely}”?", f"Did you mean “{likely}”?") if likely else Text(", ".join(known), ", ".join(known))
                    )
                    message = Text(f"Không có khóa “{name}” để đánh dấu nguồn.", f"There is no key “{name}” to mark.")
                    tree.report(tree.line((*path, *at)), "unknown-mark", message, hint)


def _listed(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    for key in ("sourced", "defaults"):
        names = data.get(key)
        for i, name in enumerate(names if isinstance(names, list) else []):
            if isinstance(name, str):
                yield (key, i), name
