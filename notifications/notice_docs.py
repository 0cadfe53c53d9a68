"""The page docs/notices.md, generated from the policy, the ladders and the messages: ``python -m notifications.notice_docs``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import date

from engine.ladder import APPROVAL_LADDER, DUE_LADDER
from engine.rungs import Rung
from engine.statuses import WorkStatus
from notifications.choices import BRIEF, GROUPS
from notifications.contexts import Item, MessageContext
from notifications.policy import DIGEST, POLICY, RUNG_URGENCY
from notifications.relevance import STILL, family
from notifications.render import LANGUAGES, Site, kinds, render
from notifications.webhook_kinds import EVENT_GROUPS
from notifications.words import HEADLINES, REASONS, rung_text

HEAD = """# Notices, messages, deliveries

Generated from `notifications/policy.py`, `notifications/choices.py`, `notifications/relevance.py`, `notifications/webhook_kinds.py`,
`engine/ladder.py` and `notifications/messages/`: change those, then run `make docs`.

An action writes **notices** in its own transaction: who should know what, naming nobody. When mail may leave they are expanded to
**messages**, one for each person, by membership and role at that moment. Each attempt to send a message is a **delivery**.

- *immediate*: in a mail of its own, on working days between 07:00 and 18:00 (settings `DONDOC_QUIET_FROM`, `DONDOC_QUIET_TO`).
- *digest*: gathered into one mail a person and day, from 07:30 on working days, the worst first; deadlines are looked at right before.
- *urgent*: at any time; only a sender can ask for it, when chasing.

A notice whose reason is gone before it leaves is cancelled; of several of one family for a step and person only the newest leaves. Both
are recorded with the reason. If nobody in a unit that has to act can be reached by mail, the standing agency hears instead. An absent
person's **deputy** hears beside them, in their name; a deputy's own deputy does not. Whoever did something is not told of it. Within
seconds, and whatever the hour, a notice stands in the **inbox** of everybody who hears it, also of those who get no mail; a newer one
about the same counts the older as read. A confidential workflow shows its number alone: no title, no evidence, nothing that somebody
wrote.
"""
DELIVERY = """
## What becomes of a message

```mermaid
stateDiagram-v2
    direction LR
    [*] --> pending
    [*] --> skipped: no address
    pending --> sending: claimed with a lease
    pending --> cancelled: reason gone, or gathered into a later day
    sending --> sent: the server took it
    sending --> refused: 5xx, or not now for days
    sending --> pending: 4xx or a break before the body left, later
    sending --> ambiguous: acknowledgement lost, or lease run out
    sending --> cancelled: reason gone
    ambiguous --> pending: sent once more with the same Message-ID
```

The Message-ID is a hash of the message's key and never changes. With `DONDOC_RESEND_AMBIGUOUS=false` an ambiguous message is held until
somebody decides. With no server to be reached nothing is claimed and no attempt counts.
"""


def page() -> str:
    """Policy, ladders, what must still hold, messages and reasons, as Markdown."""
    parts = (HEAD, _policy(), _choices(), _ladders(), _relevance(), _messages(), DELIVERY, _reasons(), _events())
    return "".join("".join(part) for part in parts)


def _table(title: str, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    heads = list(heads)
    yield f"\n## {title}\n\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}\n"
    yield from (f"| {' | '.join(row)} |\n" for row in rows)


def _policy() -> Iterator[str]:
    told = [(f"`{fact}`", f"`{r.kind}`", r.audience, r.urgency) for fact, rules in POLICY.items() for r in rules]
    yield from _table("Who hears of what", ("Fact", "Notice", "Who hears", "How"), told)
    silent = ", ".join(f"`{fact}`" for fact, rules in POLICY.items() if not rules)
    yield f"\nNobody is mailed about: {silent}.\n"


def _choices() -> Iterator[str]:
    of = {BRIEF: "the morning brief"}
    rows = ((g.title.en, ", ".join(f"`{kind}`" for kind in g.kinds) or of.get(g, "every other"), ", ".join(g.allowed)) for g in GROUPS)
    yield from _table("What people may choose", ("About", "Notices", "Ways, the office's own first"), rows)
    yield "\nChosen on the page *Preferences*, with the language and with hours that lie within the office's. *none*: in the inbox alone.\n"


def _ladders() -> Iterator[str]:
    for title, ladder in (("The ladder of reminders", DUE_LADDER), ("The ladder of whoever confirms", APPROVAL_LADDER)):
        yield from _table(title, ("Rung", "When", "Notice", "Who hears", "Then"), (_rung(rung) for rung in ladder))
    yield "\nA plan pack may bring ladders of its own: for the plan, a key task, a workflow or a step (`ladder` in plan-packs.md).\n"
    yield f"\nEvery rung goes into the day's gathered mail ({', '.join(f'`{kind}`' for kind in RUNG_URGENCY)}: {DIGEST}).\n"


def _rung(rung: Rung) -> tuple[str, ...]:
    again = f"every {rung.repeat_days} days" if rung.repeat_days else ""
    return f"`{rung.code}`", rung_text(rung.code, "en"), f"`{rung.kind}`", rung.audience, "proposed for release" if rung.proposed else again


def _relevance() -> Iterator[str]:
    rows = ((f"`{kind}`", family(kind) or "–", _statuses(still)) for kind, still in STILL.items())
    yield from _table("While it makes sense", ("Notice", "Family", "The step stands in"), rows)


def _statuses(still: frozenset[WorkStatus]) -> str:
    return "any" if still == frozenset(WorkStatus) else ", ".join(f"`{s.value}`" for s in WorkStatus if s in still)


def _messages() -> Iterator[str]:
    rows = ((f"`{kind}`", *(_subject(kind, language) for language in LANGUAGES)) for kind in kinds())
    yield from _table("Messages", ("Kind", "Subject", "In English"), rows)
    lines = ((f"`{kind}`", text.vi, text.en) for kind, text in HEADLINES.items())
    yield from _table("Lines of the day's mail that are not about a date", ("Notice", "Tiếng Việt", "English"), lines)


def _subject(kind: str, language: str) -> str:
    place, title = ("NV4 · 2024, step 3", "Readiness list") if language == "en" else ("NV4 · 2024, bước 3", "Danh sách chuẩn bị")
    items = [
        Item(1, each, "lead", (1,), "/steps/1", place, "Lộc Ninh", "UBND huyện Lộc Ninh", title, due_on=date(2024, 7, 22), days=days)
        for each, days in ((("overdue", -3), ("due-soon", 2)) if kind == "digest" else ((kind, -3),))
    ]
    return render(kind, MessageContext("–", language, date(2024, 7, 25), tuple(items)), Site("")).subject


def _reasons() -> Iterator[str]:
    yield from _table(
        "Why something did not leave", ("Code", "Tiếng Việt", "English"), ((f"`{c}`", t.vi, t.en) for c, t in REASONS.items())
    )
    yield "\n`status:…` names the status that the step has by now; other reasons are a mail server's own words.\n"


def _events() -> Iterator[str]:
    rows = ((f"`{g.code}`", f"`{kind}`", text.vi, text.en) for g in EVENT_GROUPS for kind, text in g.events.items())
    yield from _table("What other programs can be told of", ("Group", "Event", "Tiếng Việt", "English"), rows)
    yield "\n"
    yield from (f"- `{g.code}`: {g.title.vi} / {g.title.en}. {g.about.en}\n" for g in EVENT_GROUPS)
    yield "\nSee [webhooks](webhooks.md).\n"


if __name__ == "__main__":
    sys.stdout.write(page())
