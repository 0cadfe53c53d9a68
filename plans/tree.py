"""YAML text as plain lists, dicts and scalars, with the line of each, built from parser events.

Building from events, not with a YAML loader, keeps every danger of YAML out by construction: no tag makes an object, an alias
is refused where it stands (so none can explode), nesting ends at a limit, a key written twice is seen, and `no` stays a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from engine.definition import Text
from engine.errors import PackProblem
from plans.files import SourceFile

MAX_DEPTH = 20
MAX_PROBLEMS = 100
TAB_WIDTHS = (2, 4, 8)

Path = tuple[str | int, ...]


@dataclass(slots=True)
class Tree:
    """What a file holds. ``lines`` gives the line of every value by its path (of a key's value: the line of the key)."""

    file: str
    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[PackProblem] = field(default_factory=list)
    complete: bool = True
    text: str = ""
    broken: set[Path] = field(default_factory=set)  # values that a problem here already speaks of

    def line(self, path: Path) -> int:
        """The line of ``path``, or of the nearest thing around it that stands in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def may_hold(self, key: str) -> bool:
        """Whether the top-level ``key`` may stand in what could not be read of the file."""
        return not self.complete and (not self.text or re.search(rf"(?m)^['\"]?{key}\b", self.text) is not None)

    def report(self, line: int, code: str, message: Text, hint: Text) -> None:
        """Add a problem at ``line``."""
        self.problems.append(PackProblem(self.file, line, message, hint, code=code))


class _Stop(Exception):
    """The rest of the file cannot be made sense of; the problem is already reported."""


def parse(source: SourceFile) -> Tree:
    """The tree of ``source``, with every problem of its YAML; ``complete`` is False if some of it could not be read."""
    if not source.readable:
        return Tree(source.name, problems=list(source.problems), complete=False, text=source.text)
    if not source.problems:
        return _parse(source, source.text)
    tries = [_parse(source, _without_tabs(source.text, width)) for width in TAB_WIDTHS]
    best = next((tree for tree in tries if tree.complete), tries[0])
    best.problems = [p for p in best.problems if p.code != "syntax"]  # the indentation was a guess
    return best


def _without_tabs(text: str, width: int) -> str:
    return re.sub(r"(?m)^[ \t]+", lambda indent: indent[0].replace("\t", " " * width), text)


def _parse(source: SourceFile, text: str) -> Tree:
    tree = Tree(source.name, problems=list(source.problems), text=text)
    try:
        _Builder(tree, _events(text)).document()
    except _Stop:
        tree.complete = False
    except yaml.YAMLError as error:
        tree.complete = False
        _syntax(tree, text, error)
    return tree


def _events(text: str) -> Iterator[yaml.Event]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    events: Iterator[yaml.Event] = yaml.parse(text, Loader=loader)
    return events


def _syntax(tree: Tree, text: str, error: yaml.YAMLError) -> None:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    position = getattr(error, "position", None)
    line = mark.line + 1 if mark else text.count("\n", 0, position) + 1 if position is not None else 1
    hint = Text(
        "Kiểm tra thụt lề, dấu hai chấm và dấu nháy ở dòng này và dòng trước.",
        "Check indentation, colons and quotes on this line and the one before.",
    )
    tree.report(line, "syntax", Text(f"Sai cú pháp YAML ({what}).", f"This is not valid YAML ({what})."), hint)


class _Builder:
    def __init__(self, tree: Tree, events: Iterator[yaml.Event]) -> None:
        self.tree = tree
        self.events = events

    def document(self) -> None:
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    message = Text("Tệp có hơn một tài liệu YAML (---).", "The file holds more than one YAML document (---).")
                    self._stop(event, "documents", message, Text("Bỏ dòng ---.", "Remove the line ---."))
            elif not isinstance(event, (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentEndEvent)):
                self.tree.data = self._value(event, (), _line(event))

    def _value(self, event: yaml.Event, path: Path, line: int) -> Any:
        self.tree.lines[path] = line
        if self._refused(event):
            self.tree.broken.add(path)
        if len(path) > MAX_DEPTH:
            message = Text(f"Lồng nhau quá {MAX_DEPTH} tầng.", f"Nested more than {MAX_DEPTH} deep.")
            self._stop(event, "too-deep", message, Text("Kiểm tra thụt lề và ngoặc.", "Check indentation and brackets."))
        if isinstance(event, yaml.ScalarEvent):
            return scalar(event.value) if event.implicit[0] else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path) if isinstance(event, yaml.MappingStartEvent) else None

    def _sequence(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items)), _line(event)))
        return items

    def _mapping(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key, line = self._key(event, found, path), _line(event)
            value = next(self.events)
            if key is None:
                self._skip(value)
            else:
                found[key] = self._value(value, (*path, key), line)
        return found

    def _key(self, event: yaml.Event, found: dict[str, Any], path: Path) -> str | None:
        """The key that ``event`` writes; None if its value is to be passed over. The first of two equal keys holds."""
        if not isinstance(event, yaml.ScalarEvent):
            message = Text("Khóa phải là một từ.", "A key must be a word.")
            self._stop(event, "key", message, Text("Đặt giá trị có ngoặc trong dấu nháy.", "Put a value with brackets in quotes."))
        self._refused(event)
        key = str(event.value)
        if key not in found:
            return key
        first = self.tree.lines[(*path, key)]
        message = Text(f"Khóa “{key}” đã có ở dòng {first}.", f"The key “{key}” already stands on line {first}.")
        self.tree.report(_line(event), "duplicate-key", message, Text("Chỉ giữ một.", "Keep one of them."))
        return None

    def _skip(self, event: yaml.Event) -> None:
        depth = 0
        while True:
            self._refused(event)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth <= 0:
                return
            event = next(self.events)

    def _refused(self, event: yaml.Event) -> bool:
        """Report an anchor, an alias or a tag; the value itself is read on, an alias as nothing."""
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor is not None:
            mark = "*" if isinstance(event, yaml.AliasEvent) else "&"
            message = Text(
                f"Không dùng neo và tham chiếu YAML ({mark}{anchor}).", f"YAML anchors and aliases are not used ({mark}{anchor})."
            )
            hint = Text(
                "Viết đầy đủ giá trị; văn bản có & hoặc * đặt trong dấu nháy.", "Write the value out; put a text with & or * in quotes."
            )
            self.tree.report(_line(event), "alias", message, hint)
        if tag is not None and tag != "!":
            message = Text(f"Không dùng thẻ YAML ({tag}).", f"YAML tags are not used ({tag}).")
            self.tree.report(_line(event), "tag", message, Text("Bỏ thẻ.", "Remove the tag."))
        if len(self.tree.problems) > MAX_PROBLEMS:
            raise _Stop
        return anchor is not None or tag is not None

    def _stop(self, event: yaml.Event, code: str, message: Text, hint: Text) -> NoReturn:
        self.tree.report(_line(event), code, message, hint)
        raise _Stop


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def scalar(text: str) -> str | int | float | bool | None:
    """What an unquoted word means: nothing, true, false, a number, or the word itself (dates stay words, and so does ``no``)."""
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", text):
        return int(text)
    if re.fullmatch(r"-?[0-9]{1,15}\.[0-9]{1,15}", text):
        return float(text)
    return text
