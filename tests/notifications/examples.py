"""Contexts to render in tests: everything given, the least given, and confidential."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from notifications.contexts import Item, MessageContext
from notifications.policy import POLICY, RUNG_URGENCY
from notifications.render import Site

SITE = Site("https://dondoc.example.vn", "dondoc@example.vn")
DAY = date(2024, 7, 25)
AUDIENCES = {rule.kind: rule.audience for rules in POLICY.values() for rule in rules} | dict.fromkeys(RUNG_URGENCY, "lead")


def item(kind: str = "assigned", **given: Any) -> Item:
    """An item with everything that an item may hold."""
    full: dict[str, Any] = {
        "notice_id": 7,
        "kind": kind,
        "audience": AUDIENCES.get(kind, "lead"),
        "step_ids": (5,),
        "path": "/steps/5",
        "place": "NV4 · 2024, bước 3",
        "unit": "Lộc Ninh",
        "capacity": "UBND huyện Lộc Ninh",
        "title": "Danh sách chuẩn bị, hồ sơ khen thưởng",
        "due_on": date(2024, 7, 22),
        "days": -3,
        "rung": "D+3" if kind in RUNG_URGENCY else "",
        "note": "Thiếu phụ lục 2",
        "by": "Cán bộ theo dõi",
        "until": date(2024, 8, 5),
        "was": date(2024, 7, 19) if kind.endswith("-shifted") else None,
        "needed": ("Danh sách", "Tờ trình"),
        "lead": "loc-ninh",
        "due_version": 2,
    }
    return Item(**{**full, **given})


def bare(kind: str) -> Item:
    """An item with nothing that may be missing."""
    return item(kind, due_on=None, days=None, rung="", note="", by="", until=None, needed=())


def confidential(kind: str) -> Item:
    """An item as it is made for a confidential workflow."""
    return replace(item(kind), title="", note="", by="", needed=())


def context(*items: Item, language: str = "vi", name: str = "Cán bộ đầu mối") -> MessageContext:
    """A message of ``items``."""
    return MessageContext(name, language, DAY, items or (item(),))
