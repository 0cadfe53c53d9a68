"""The page docs/transitions.md, generated from the transition table: ``python -m cli.transition_docs``."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from engine.decide import RELATION_TEXT
from engine.statuses import STATUS_TEXT, WorkStatus
from engine.transitions import TABLE, Transition

HEAD = """# What can be done to a step

Generated from `engine/transitions.py`: change the table there, then run `make docs`. Buttons, refusals and the API's answers come from
the same rows. An action that the table has no row for is refused, and the refusal says when it would be possible.

## Work statuses

| Status | Tiếng Việt | English |
|---|---|---|
"""


def page() -> str:
    """The statuses, the diagram and every row, as Markdown."""
    statuses = "".join(f"| `{s.value}` | {STATUS_TEXT[s].vi} | {STATUS_TEXT[s].en} |\n" for s in WorkStatus)
    diagram = "\n## Diagram\n\n```mermaid\nstateDiagram-v2\n    direction LR\n" + "".join(arrows()) + "```\n"
    head = "\n## Actions\n\n| Action | Button | From | To | Who | Must be given | What happens next |\n|---|---|---|---|---|---|---|\n"
    return HEAD + statuses + diagram + head + "".join(row(r) for r in TABLE)


def arrows() -> Iterator[str]:
    """One line per pair of statuses with the actions that lead from one to the other."""
    found: dict[tuple[str, str], list[str]] = {}
    for r in TABLE:
        for source in sorted(r.sources):
            for target in sorted(r.to - {source}):
                found.setdefault((_id(source), _id(target)), []).append(r.action.value)
    for (before, after), actions in found.items():
        yield f"    {before} --> {after}: {', '.join(dict.fromkeys(actions))}\n"


def row(transition: Transition) -> str:
    """A line of the table."""
    sources = ", ".join(f"`{s.value}`" for s in WorkStatus if s in transition.sources)
    to = ", ".join(f"`{s.value}`" for s in WorkStatus if s in transition.to) or "unchanged"
    who = ", ".join(RELATION_TEXT[r].en for r in sorted(transition.who))
    needs = ", ".join(f"`{n}`" for n in transition.needs) or "–"
    return f"| `{transition.action.value}` | {transition.label.vi} | {sources} | {to} | {who} | {needs} | {transition.then.en} |\n"


def _id(status: WorkStatus) -> str:
    return status.value.replace("-", "_")


if __name__ == "__main__":
    sys.stdout.write(page())
